"""Guesses the kind of text that an element holds, by its tag, its role and the words of its class and id.

A guess saves typing in a draft. A person looks at each, and no score depends on one.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from harness.goldens.structure import is_for_layout
from harness.pages.visible import is_hidden
from harness.pages.words import words

_ROLES = {
    "navigation": "navigation",
    "banner": "masthead",
    "contentinfo": "footer",
    "complementary": "sidebar",
    "search": "form",
    "form": "form",
}
_TAGS = {"nav": "navigation", "header": "masthead", "footer": "footer", "aside": "sidebar", "form": "form"}
_PARTS_OF_STORIES = {"figcaption": "caption", "time": "byline", "address": "byline", "caption": "caption"}

# Words of classes and ids, in the languages of most pages; the first kind with a word counts. What is written as one word
# here may be two in a name.
_WORDS = {
    "consent": "cookie cookies consent gdpr cmp onetrust didomi cookiebar cookiebanner",
    "newsletter": "newsletter newsletters signup mailinglist",
    "paywall": "paywall regwall subscriberonly",
    "comment": "comment comments commentlist commentary disqus respond discussion reactions kommentar kommentare comentario "
    "comentarios commentaire commentaires commento commenti reactie reacties",
    "share": "share sharing shares social socials sharebar sharebuttons addthis addtoany sharedaddy follow followus teilen "
    "compartir partager condividi",
    "author": "authorbox authorbio aboutauthor bio biography authorinfo authordescription",
    "related": "related recommended recommendation recommendations relatedposts readalso readmore morefrom morestories "
    "alsoread trending popular mostread mostpopular outbrain taboola recirculation similar youmaylike teaser teasers "
    "nextarticle latestnews latestposts seealso moreon morenews verwandte aehnliche relacionados relacionadas similaires "
    "correlati gerelateerd",
    "promo": "ad ads advert adverts advertisement advertising adslot adunit sponsor sponsored sponsors promo promos "
    "promotion promoted banner cta dfp werbung anzeige publicidad publicite pubblicita",
    "tags": "tags tag tagcloud taglist topics keywords categories hashtags posttags schlagworte etiquetas",
    "navigation": "nav navbar navigation menu menus breadcrumb breadcrumbs pagination pager toc tableofcontents skiplink "
    "skiplinks skip subnav topnav mainnav sitenav megamenu postnavigation",
    "legal": "legal copyright disclaimer imprint impressum",
    "footer": "footer sitefooter colophon pagefooter bottombar",
    "masthead": "masthead logo branding sitename sitetitle siteheader pageheader topbar slogan tagline",
    "caption": "caption captions credit credits photocredit imagecredit wpcaption",
    "footnote": "footnote footnotes reflist references endnotes correction",
    "subtitle": "subtitle standfirst deck dek subhead subheading subheadline subline kicker strapline articlelead",
    "byline": "byline bylines author authors date time created updated dateline pubdate published publishdate timestamp "
    "postmeta entrymeta articlemeta articledate postdate datetime postedon readingtime autor auteur autore",
    "form": "search searchform searchbox login loginform contactform suche buscador recherche",
    "sidebar": "sidebar sidebars widget widgets rightcol rightcolumn rail rightrail aside",
    "interface": "button btn buttons toolbar rating ratings votes vote badge badges counter modal tooltip",
}
_KIND_OF_WORD = {word.lower(): kind for kind, listed in _WORDS.items() for word in listed.split()}
_BESIDE_FOOTER = frozenset("site page main global document wrapper wrap container inner outer bottom area region".split())
_ORDER = {kind: place for place, kind in enumerate(_WORDS)}
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD = re.compile(r"[^A-Za-z]+")

ABOUT_CONTENT = frozenset({"title", "subtitle", "byline", "dateline", "caption", "footnote"})
"""Kinds of text about the main content, which are `maybe` beside it."""

_SMALL = ABOUT_CONTENT | {"tags", "interface", "promo"}
_FIRST = frozenset({"masthead", "subtitle"})  # kinds that stand before the story
_SHORT_BYLINE = 12  # up to how many words on an author are a byline
_MAX_WORDS = 80  # in an element that holds a text about the content, tags or a control

_OPEN = frozenset({"masthead", "sidebar", *ABOUT_CONTENT})  # kinds that hold texts of other kinds
_LINK_LIST = 4  # from how many words on links are titles of other pages

_PHRASE = 10  # up to how many words outside of a paragraph are no prose

_OF_BLOCKS = {
    "pre": "code",
    "blockquote": "quote",
    "td": "table",
    "th": "table",
    "li": "list",
    "dt": "list",
    "dd": "list",
    "summary": "heading",
    "button": "interface",
    "select": "interface",
    "textarea": "form",
    "label": "form",
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), "heading"),
}


def region_kind(node: LexborNode, text_words: int, around: str | None, in_story: bool) -> str | None:
    """The kind of all text in an element, if the element itself tells it, and if that says more than the kind around it.

    text_words: how many words the element holds. in_story: whether running prose stands before it.
    """
    if is_hidden(node):
        return "hidden" if around is None else None
    if around is not None and around not in _OPEN and not (around == "comment" and node.tag == "form"):
        return None
    kind = _told(node)
    if (kind in _SMALL and text_words > _MAX_WORDS) or (kind in _FIRST and in_story):
        return None
    if kind == "author" and text_words <= _SHORT_BYLINE:
        kind = "byline"
    if around in ABOUT_CONTENT and kind not in ("share", "author", "caption"):
        return None
    return kind if kind != around else None


def _told(node: LexborNode) -> str | None:
    attributes = node.attributes
    tag = node.tag or ""
    if kind := _ROLES.get((attributes.get("role") or "").strip().lower()):
        return kind
    named = _kind_by_name(f"{attributes.get('id') or ''} {attributes.get('class') or ''}")
    own = _TAGS.get(tag) or _PARTS_OF_STORIES.get(tag)
    if own in ("masthead", "footer") and _is_in_story(node):
        own = None
    if tag in ("nav", "form", "figcaption", "time") or named is None:
        return own
    return named


def _kind_by_name(names: str) -> str | None:
    kinds = []
    for name in names.split():
        parts = [part.lower() for part in _NO_WORD.split(_CAMEL.sub("-", name)) if part]
        # The last words of a name say what it is: `comment-form`, `article-share`.
        for word in (*parts[-1:], "".join(parts[-2:]), *parts[:1], "".join(parts[:2])):
            kind = _KIND_OF_WORD.get(word)
            if kind == "footer" and not _BESIDE_FOOTER.issuperset(set(parts) - {word}) and word == "footer":
                break  # of a card or a comment
            if kind is not None:
                kinds.append(kind)
                break
    return min(kinds, key=_ORDER.__getitem__, default=None)


def _is_in_story(node: LexborNode) -> bool:
    above = node.parent
    while above is not None:
        if above.tag in ("article", "main", "blockquote"):
            return True
        above = above.parent
    return False


def block_kind(node: LexborNode, text: str, linked_words: int, links_here: bool) -> str:
    """The kind of a block's own text by the element it stands in.

    linked_words: how many of its words are links. links_here: whether a link in it leads to a place on the page.
    """
    size = len(words(text))
    if text.strip("() +").isdigit() and node.tag not in ("td", "th"):
        return "interface"
    if size and linked_words == size:
        return "related" if size >= _LINK_LIST and not links_here else "navigation"
    current: LexborNode | None = node
    is_in_cell = False
    while current is not None and current.tag not in ("body", "article", "main", "section"):
        kind = _OF_BLOCKS.get(current.tag or "")
        if kind is not None and kind != "table":
            return kind
        is_in_cell = is_in_cell or kind == "table"
        if current.tag == "table":
            if is_in_cell and not is_for_layout(current):
                return "table"
            is_in_cell = False
        current = current.parent
    return "body" if node.tag == "p" or size > _PHRASE else "other"
