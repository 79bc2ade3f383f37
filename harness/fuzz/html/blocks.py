"""Boilerplate as blocks of HTML, built from donors: in markup whose names tell what it is, or tell nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from harness.fuzz.base import Donor
from harness.fuzz.donors import wording
from harness.fuzz.html.places import block_around
from harness.fuzz.html.tree import Element, Mark, Text

# The button of a consent dialog, by language.
_ACCEPT = {
    "en": "Accept all", "de": "Alle akzeptieren", "fr": "Tout accepter", "es": "Aceptar todo", "pt": "Aceitar tudo",
    "ru": "Принять все", "zh": "全部接受", "ja": "すべて許可", "ar": "قبول الكل",
}  # fmt: skip

_TEASER_CHARACTERS = 150


def text_of(block: Element) -> str:
    """The text of a block that was built here, line by line as a browser breaks it."""
    lines = ("".join(text.data for text in line) for _, line in groupby(block.texts(), key=block_around))
    return "\n".join(line for line in lines if line.strip())


def stories(donors: Sequence[Donor], class_: str = "", tag: str = "div") -> Element:
    """Whole articles below each other, each in an element `tag`. class_: what names the block; empty for telling nothing."""
    mark = Mark("drop", "related")
    block = Element("aside" if class_ else "div", {"class": class_ or "m4-x"})
    if class_:
        block.append(_element("h2", {"class": f"{class_}-title"}, _heading(donors, "related"), mark))
    for donor in donors:
        story = Element(tag, {"class": f"{class_.partition('-')[0]}-item" if class_ else "m4-y"})
        story.append(_element("h3", {}, donor.heading, mark))
        _add_paragraphs(story, donor, mark)
        block.append(story)
    return block


def dumped_stories(donors: Sequence[Donor]) -> Element:
    """Whole articles as some portals set them, under a heading that says what they are: each with its own heading twice,
    source and time glued, all prose in one element."""
    mark = Mark("drop", "related")
    block = Element("div", {"class": "m4-x"}, _element("h2", {"class": "m4-w"}, _heading(donors, "related"), mark))
    for number, donor in enumerate(donors):
        card = Element("div", {"class": "m4-y"})
        for tag in ("h3", "h4"):
            card.append(_element(tag, {}, donor.heading, mark))
        time = Element("div", {}, _element("span", {}, "time", mark), _element("span", {}, f"{18 + number} min", mark))
        card.append(time)
        card.append(_element("div", {"class": "m4-z"}, " ".join(donor.paragraphs), mark))
        block.append(card)
    return block


def teasers(donors: Sequence[Donor], neutral: bool) -> Element:
    """A list of articles, each with its heading and the start of its text in a link."""
    mark = Mark("drop", "related")
    block = Element("div" if neutral else "aside", {"class": "m4-t" if neutral else "related-teasers"})
    for number, donor in enumerate(donors):
        start = donor.paragraphs[0][:_TEASER_CHARACTERS]
        link = Element("a", {"href": f"/stories/{number}"})
        link.append(_element("strong", {}, donor.heading, mark))
        link.append(Text(" ", mark))
        link.append(_element("span", {}, start.rpartition(" ")[0] or start, mark))
        block.append(Element("div", {"class": "m4-u" if neutral else "teaser"}, link))
    return block


def comments(donors: Sequence[Donor], neutral: bool, details: bool) -> Element:
    """Comments of readers. details: folded, in `<details>`."""
    mark = Mark("drop", "comment")
    block = Element("div", {"class": "q7-x"}) if neutral else Element("section", {"id": "comments", "class": "comments"})
    if not neutral:
        block.append(_element("h2", {"class": "comments-title"}, _heading(donors, "comment"), mark))
    for donor in donors:
        comment = Element("div", {"class": "q7-y" if neutral else "comment"})
        comment.append(_element("div", {"class": "q7-z" if neutral else "comment-author"}, donor.heading, mark))
        _add_paragraphs(comment, donor, mark)
        block.append(comment)
    return _folded(block, donors, mark) if details else block


def consent(donor: Donor, paragraphs: int, neutral: bool, dialog: bool) -> Element:
    """The first paragraphs of a consent dialog and its button. dialog: a `dialog` element, which a browser shows."""
    mark = Mark("drop", "consent")
    attributes: dict[str, str | None] = {"class": "v2-x"}
    if not neutral:
        attributes = {"id": "cookie-consent", "class": "cookie-banner"}
    block = Element("dialog" if dialog else "div", {**attributes, "open": None} if dialog else attributes)
    block.append(_element("h2", {}, donor.heading, mark))
    for paragraph in donor.paragraphs[:paragraphs]:
        block.append(_element("p", {}, paragraph, mark))
    accept = _ACCEPT.get(donor.lang.partition("-")[0].lower(), _ACCEPT["en"])
    block.append(_element("button", {"type": "button"}, accept, mark))
    return block


def promotion(donor: Donor, neutral: bool) -> Element:
    """A box of a line or two between paragraphs; neutral: a paragraph like those around it, which says what it is."""
    mark = Mark("drop", donor.kind)
    text = " ".join(donor.paragraphs)
    if neutral:
        return _element("p", {}, line_of(donor), mark)
    block = Element("div", {"class": f"inline-{donor.kind}"}, _element("h4", {}, donor.heading, mark))
    block.append(_element("p", {}, text, mark))
    return block


def line_of(donor: Donor) -> str:
    """A promotion as one line, which begins with what it is: `Advertisement: …`."""
    return f"{_heading([donor], donor.kind)}: {' '.join(donor.paragraphs)}"


def legal_notice(donors: Sequence[Donor]) -> Element:
    """Paragraphs of legal text in a footer."""
    mark = Mark("drop", "legal")
    block = Element("footer", {"class": "site-footer"})
    for donor in donors:
        _add_paragraphs(block, donor, mark)
    return block


def menu(donors: Sequence[Donor], entries: int) -> Element:
    """A menu of links, five in a column."""
    mark = Mark("drop", "navigation")
    block = Element("nav", {"class": "mega-menu"})
    for number in range(entries):
        if number % 5 == 0:
            column = Element("ul", {"class": "menu-column"})
            block.append(column)
        link = _element("a", {"href": f"/topics/{number}"}, donors[number % len(donors)].heading, mark)
        column.append(Element("li", {}, link))
    return block


def _folded(block: Element, donors: Sequence[Donor], mark: Mark) -> Element:
    return Element("details", {}, _element("summary", {}, _heading(donors, "comment"), mark), block)


def _add_paragraphs(block: Element, donor: Donor, mark: Mark) -> None:
    for paragraph in donor.paragraphs:
        block.append(_element("p", {}, paragraph, mark))


def _element(tag: str, attributes: dict[str, str | None], text: str, mark: Mark) -> Element:
    return Element(tag, attributes, Text(text, mark))


def _heading(donors: Sequence[Donor], kind: str) -> str:
    return wording(donors[0].lang).headings[kind][0]
