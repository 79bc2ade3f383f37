"""The closed vocabularies of the golden format: verdicts, kinds of text, kinds of page."""

from __future__ import annotations

from typing import Literal

LabelVerdict = Literal["keep", "maybe", "drop"]

VERDICTS: tuple[LabelVerdict, ...] = ("keep", "maybe", "drop")

TEXT_KINDS: dict[str, str] = {
    # what a reader came for
    "body": "running prose of the main content",
    "heading": "a section heading inside the main content",
    "list": "list entries that belong to the main content, such as ingredients or steps",
    "table": "a table of the main content",
    "code": "code, commands or console output of the main content",
    "quote": "a quotation set apart: block quote, pull quote, quoted earlier message",
    "post": "one message of a discussion that is the main content: forum post, question, answer",
    "item": "one entry of a listing or collection: its title and teaser",
    "spec": "attributes of a product or service: specifications, price, availability",
    # what stands around it and is disputed
    "title": "the title of the page's main content",
    "subtitle": "a standfirst or deck under the title",
    "byline": "author, source or publication time of the main content",
    "dateline": "place and agency that open a news text",
    "caption": "caption or credit of an image, video or table",
    "footnote": "notes and references that belong to the main content",
    "comment": "reader comments and reviews under the main content",
    # boilerplate
    "navigation": "menus, breadcrumbs, pagination, tables of contents, skip links, filters",
    "masthead": "site name, logo, slogan",
    "footer": "the site's footer, whatever is in it",
    "sidebar": "widgets beside the main content",
    "related": "other articles, products or threads, from a link to the full prose",
    "promo": "advertisements, own promotion, app downloads",
    "newsletter": "sign-up boxes for mail or notifications",
    "consent": "cookie and privacy dialogs",
    "paywall": "subscription and login barriers",
    "share": "share, like and follow buttons with their counters",
    "author": "a box about the author",
    "tags": "topic tags, categories, hashtags",
    "legal": "disclaimers, copyright, licence and terms notices",
    "form": "search, login, contact and comment forms",
    "interface": "labels of controls, counters, empty states, status messages",
    "hidden": "text that a browser does not show",
    "alt": "alternative text of images and icons",
    "metadata": "the document's title and description in its head",
    "attribute": "titles and labels that attributes of elements hold (title, aria-label)",
    "json-ld": "strings of the page's linked data (JSON-LD)",
    "template": "text in a template, which no browser shows before a script does",
    "noscript": "text for browsers that run no scripts",
    "shadow": "text in a declarative shadow root, which browsers show",
    "other": "what no rule names",
}

PAGE_KINDS: dict[str, str] = {
    "article": "one news story, blog post, essay or encyclopaedia entry",
    "forum": "a discussion thread",
    "qa": "a question with its answers",
    "product": "one thing for sale",
    "collection": "a category of things for sale",
    "listing": "an index of articles, jobs, events or threads",
    "documentation": "a manual, reference or tutorial page",
    "service": "a landing page that presents a service or organisation",
    "recipe": "instructions for a dish",
}

NO_MAIN_CONTENT = "no-main-content"
SUSPECT = "suspect"

FLAGS: dict[str, str] = {
    # what a golden says of its page
    NO_MAIN_CONTENT: "the page has no main content: an extractor is right to return nothing",
    # known defects of a dataset's page
    "empty-gold": "the main content is empty",
    "short-gold": "the main content is a fraction of what the page shows and may be cut",
    "snippets-contradict-gold": "a snippet that must come out is not in the main content, or one that must not is",
    "in-both-splits": "another page of the same site is in the other split",
    "copy-in-other-split": "the same bytes are in the other split",
    "llm-drafted": "the main content was drafted by a language model",
    "extractor-generated": "the main content is the output of an extractor: never rank by it",
    "label-in-input": "the page as published shows which text is labelled",
    "comments-in-gold": "reader comments are part of the main content",
    "spa": "scripts write the main content: the stored page may lack it",
    "gold-not-on-page": "more than a tenth of the words of the main content are not on the page",
    SUSPECT: "the golden is probably wrong, as `harness audit` found: a list of the harness or of its set names it",
    "facts-not-read": "the dataset says more of the page, in types of facts that are not read",
    "unlabelled": "nothing is known of the main content",
    # what the bytes of a page tell, of any golden
    "encoding-guessed": "nothing declares the page's encoding: a detector guessed it",
    "encoding-misdeclared": "another encoding is declared than the page's, UTF-8, which may mislead what reads the bytes",
    "characters-lost": "the page's text holds U+FFFD: bytes that its encoding gives no meaning",
}
