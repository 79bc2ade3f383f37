"""A labelled HTML page that operators can change.

The labels of a golden are laid over its page once, as a mark on every text node; where a golden has only the text of the
main content, a text of the page is marked where its words stand in that text. The golden of a changed page is read back
by the same parser and the same reader as any golden, from the page written with its marks, so that it says what the bytes
mean and not what an operator intended. Extractors get the page without the marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.fuzz.base import DoesNotApply, Donor, LayoutPage
from harness.fuzz.grams import grams
from harness.fuzz.html.tree import (
    KEEP,
    PLAIN,
    Element,
    Mark,
    Node,
    Style,
    Text,
    copy_tree,
    mark_of_value,
    read_tree,
    write,
    write_with_marks,
)
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import NO_MAIN_CONTENT
from harness.pages import visible
from harness.pages.page import Page
from harness.pages.words import words
from harness.worker.elements import BREAKS_LINE, UNSEEN

_BLOCK_GRAM = 4  # words in a row that tell a text of the main content from another
_ENOUGH = 0.6  # of a block's grams; the others run over links, footnotes and what a dataset left out


@dataclass(frozen=True, eq=False)
class DomPage(LayoutPage):
    """An HTML page as a tree of marked texts. Treat the tree as immutable; `tree_to_change` gives a copy."""

    origin: Golden
    """The golden that the page comes from."""

    tree: Element
    """The page."""

    donors: tuple[Donor, ...] = ()
    """What operators insert, in the order in which they take it."""

    hosts: tuple[Golden, ...] = ()
    """Pages that lend their surroundings."""

    style: Style = PLAIN
    """How the page is written."""

    inserted: tuple[str, ...] = ()
    """See LayoutPage."""

    @classmethod
    def of(cls, golden: Golden, donors: tuple[Donor, ...] = (), hosts: tuple[Golden, ...] = ()) -> DomPage:
        """The page of a golden. Raises DoesNotApply if it is no HTML page, or if nothing is known of its main content."""
        if golden.page.media != "text/html":
            raise DoesNotApply(f"{golden.id} is {golden.page.media}, not text/html")
        if not golden.has_main_content:
            raise DoesNotApply(f"{golden.id} has neither labels nor a text of its main content")
        if NO_MAIN_CONTENT in golden.flags:
            raise DoesNotApply(f"{golden.id} has no main content, which layouts keep")
        if any(label.verdict == "keep" and (label.attribute or label.linked_property) for label in golden.labels):
            raise DoesNotApply(f"{golden.id} has main content in attributes or JSON-LD, which layouts do not keep")
        return cls(golden, marked_tree(golden), donors, hosts)

    @property
    def has_labels(self) -> bool:
        """Whether the golden has labels; without them only main content and inserted blocks are known."""
        return bool(self.origin.labels)

    def require_labels(self) -> None:
        """Raises DoesNotApply where only the text of the main content is known, to which nothing can be added."""
        if not self.has_labels:
            raise DoesNotApply("the golden has no labels, only a text of its main content")

    def tree_to_change(self) -> Element:
        """A copy of the tree."""
        return copy_tree(self.tree)

    def with_tree(self, tree: Element, *inserted: str) -> DomPage:
        """The page with another tree, and with the texts that were inserted as boilerplate on the way."""
        return replace(self, tree=tree, inserted=self.inserted + inserted)

    def donors_of(self, kind: str, count: int) -> tuple[Donor, ...]:
        """Donors of a kind: first those in the page's language, then the others, then the first ones again.

        Raises DoesNotApply if there is none.
        """
        subtag = _subtag(self.origin.lang)
        ranked = sorted((donor for donor in self.donors if donor.kind == kind), key=lambda d: _subtag(d.lang) != subtag)
        if not ranked:
            raise DoesNotApply(f"there is no donor of the kind {kind!r}: give the page some")
        return tuple(ranked[number % len(ranked)] for number in range(count))

    def html(self) -> str:
        """The page as extractors get it."""
        return write(self.tree, self.style)

    def golden(self, golden_id: str) -> Golden:
        """The page as it is now, with the golden that follows from its marks.

        With labels on the page the main content is read from the page. Without, it is the text that the dataset gives, and
        the page's own text stands behind it as boilerplate of the kind `other`, inserted blocks under their own kinds.
        """
        html, marked, attribute = write_with_marks(self.tree, self.style)
        tree = visible.parse(marked)
        nodes = tree.css(f"[{attribute}]")
        marks = [mark_of_value(node.attributes[attribute]) for node in nodes]
        pieces = visible.pieces(tree, [[node] for node in nodes])  # an inner element comes later, so its mark wins
        raw = html.encode("utf-8", errors="replace")
        page = Page(raw, "text/html", self.origin.page.url, self.origin.page.lang)
        text = None if self.has_labels else self.origin.main_content
        segments = _by_labels(pieces, marks) if text is None else _by_text(pieces, marks, text)
        return replace(
            self.origin,
            id=golden_id,
            page=page,
            labelled=tuple(segments),
            labels=(),
            text=text,
            markdown=None,
            snippets=None,
        )


def _subtag(lang: str) -> str:
    return lang.partition("-")[0].lower()


def _by_labels(pieces: Iterator[visible.TextPiece], marks: list[Mark | None]) -> Iterator[Segment]:
    for piece in pieces:
        mark = None if piece.rule is None else marks[piece.rule]
        if mark is None:
            mark = Mark("drop", "other" if piece.source == "text" else piece.source)
        yield Segment(piece.text, mark.verdict, mark.kind, piece.line, piece.preformatted, piece.cell)


def _by_text(pieces: Iterator[visible.TextPiece], marks: list[Mark | None], text: str) -> Iterator[Segment]:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.strip():
            yield Segment(line, "keep", "body", number)
    for piece in pieces:
        if piece.source in visible.RENDERED:
            mark = None if piece.rule is None else marks[piece.rule]
            kind = mark.kind if mark and mark.verdict == "drop" else "other"
            yield Segment(piece.text, "drop", kind, len(lines) + piece.line)


def marked_tree(golden: Golden) -> Element:
    """The page of a golden with a mark on every text that its labels name, or that stands in its main content."""
    tree = visible.parse(golden.page.content)
    if golden.labels:
        return read_tree(tree, golden.labels)
    document = read_tree(tree, ())
    _mark_main_content(document, golden.main_content)
    return document


def _mark_main_content(document: Element, text: str) -> None:
    """Mark the texts of each block whose words, taken by fours, stand in the text; a shorter block if it is a line."""
    sequence = words(text)
    known = set(grams(sequence, _BLOCK_GRAM))
    lines = {tuple(words(line)) for line in text.splitlines()} - {()}
    for texts in _blocks(document):
        block = words(" ".join(node.data for node in texts))
        own = list(grams(block, _BLOCK_GRAM))
        if tuple(block) in lines if not own else sum(gram in known for gram in own) >= _ENOUGH * len(own):
            for node in texts:
                node.mark = KEEP


def _blocks(document: Element) -> Iterator[list[Text]]:
    """The texts that a browser would show in one block, outside the blocks in it."""
    found: dict[int, list[Text]] = {}
    stack: list[tuple[Node, int]] = [(document, id(document))]
    while stack:
        node, block = stack.pop()
        if isinstance(node, Text):
            found.setdefault(block, []).append(node)
        elif isinstance(node, Element) and node.tag not in UNSEEN:
            block = id(node) if node.tag in BREAKS_LINE else block
            stack += [(child, block) for child in reversed(node.children)]
    yield from found.values()
