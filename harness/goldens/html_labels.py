"""Lays labels over an HTML page: which label each piece of its text falls under.

A label names whole elements, or text in them: quotations, a range of characters, an attribute, a property of JSON-LD. All
are laid over the pieces that harness.pages.visible reads, so that labels and metrics see one and the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.labels import Label, Quote
from harness.pages import visible
from harness.pages.visible import TextPiece


@dataclass(frozen=True)
class Stretch:
    """Characters of a piece that a label names by more than an element."""

    label: int
    """The index of the label."""
    piece: int
    """The index of the piece."""
    start: int
    """The first character."""
    end: int
    """The character behind the last one."""


@dataclass(frozen=True)
class LaidLabels:
    """A page with labels laid over it."""

    pieces: tuple[TextPiece, ...]
    """The text of the page in page order, cut where the label changes; `rule` is the index of the label."""
    wrong: tuple[tuple[Label, str], ...]
    """Labels with mistakes, and what they are."""
    elements: tuple[tuple[LexborNode, ...], ...]
    """The elements that each label names as a whole."""
    places: tuple[frozenset[tuple[int, int, int]], ...]
    """What each label names, so that labels with the same text can be told: elements, or stretches of pieces."""
    in_text: Mapping[int, Sequence[tuple[int, int, int]]]
    """Labels that name less than elements, by the text nodes that they reach into: first character, end, index of the
    label."""

    def parts(self, text_node: LexborNode, rule: int | None) -> Iterator[tuple[str, int | None]]:
        """The text of a node, cut where the label changes. rule: that of the element around it."""
        text = text_node.text_content or ""
        yield from _parts(text, self.in_text.get(text_node.mem_id, ()), rule)


def lay_labels(tree: LexborHTMLParser, labels: Sequence[Label]) -> LaidLabels:
    """Lay labels over a page; later ones win."""
    wrong: list[tuple[Label, str]] = []
    named = [_named(tree, label, wrong) for label in labels]
    elements = [() if label.is_narrow else nodes for label, nodes in zip(labels, named)]
    pieces = list(visible.pieces(tree, elements))
    stretches: list[list[Stretch]] = []
    for index, (label, nodes) in enumerate(zip(labels, named)):
        stretches.append([])
        if not (label.is_narrow and nodes):
            continue
        try:
            stretches[-1] += _stretches(index, label, nodes, pieces)
        except ValueError as error:
            wrong.append((label, str(error)))
    places = (
        frozenset((s.piece, s.start, s.end) for s in found) or frozenset((node.mem_id, -1, -1) for node in nodes)
        for found, nodes in zip(stretches, elements)
    )
    of_piece: dict[int, list[tuple[int, int, int]]] = {}
    in_text: dict[int, list[tuple[int, int, int]]] = {}
    for stretch in (stretch for found in stretches for stretch in found):
        of_piece.setdefault(stretch.piece, []).append((stretch.start, stretch.end, stretch.label))
        piece = pieces[stretch.piece]
        if not piece.is_beside:
            start, end = max(0, piece.start + stretch.start), piece.start + stretch.end
            in_text.setdefault(piece.node, []).append((start, end, stretch.label))
    cut = (part for index, piece in enumerate(pieces) for part in _cut(piece, of_piece.get(index, ())))
    return LaidLabels(tuple(cut), tuple(wrong), tuple(elements), tuple(places), in_text)


def _named(tree: LexborHTMLParser, label: Label, wrong: list[tuple[Label, str]]) -> tuple[LexborNode, ...]:
    nodes: list[LexborNode] = []
    for place in label.places:
        try:
            found = visible.select(tree, place)
        except visible.SelectorError as error:
            wrong.append((label, str(error)))
            continue
        if not found:
            wrong.append((label, f"selector matches nothing: {place!r}"))
        nodes += found
    return tuple(nodes)


def _stretches(index: int, label: Label, nodes: Sequence[LexborNode], pieces: Sequence[TextPiece]) -> Iterator[Stretch]:
    """What a narrow label names. Raises ValueError with the reason if that is nothing, or not one place."""
    scope = list(_scope(label, nodes, pieces))
    if not scope:
        where = f"the attribute {label.attribute!r}" if label.attribute else f"the property {label.linked_property!r}"
        raise ValueError(f"no text there in {where if label.attribute or label.linked_property else 'the elements'}")
    if not label.quotes and label.characters is None:
        yield from (Stretch(index, place, 0, len(pieces[place].text)) for place in scope)
        return
    text = _ScopeText(scope, pieces)
    for quote in label.quotes:
        yield from text.stretches(index, *text.find(quote))
    if label.characters is not None:
        start, end = label.characters
        if not start < end <= len(text.text):
            raise ValueError(f"characters {start}:{end} are not in the text there, which has {len(text.text)}")
        yield from text.stretches(index, start, end)


def _scope(label: Label, nodes: Sequence[LexborNode], pieces: Sequence[TextPiece]) -> Iterator[int]:
    """The indices of the pieces that a label names, or in which it names something."""
    if label.attribute or label.linked_property:
        inside = {node.mem_id for node in nodes}
    else:
        inside = {inner.mem_id for node in nodes for inner in node.traverse(include_text=True)}
    for index, piece in enumerate(pieces):
        if piece.node not in inside:
            continue
        if label.attribute:
            if piece.source != "json-ld" and piece.name == label.attribute:
                yield index
        elif label.linked_property:
            if piece.source == "json-ld" and f".{piece.name}".endswith(f".{label.linked_property}"):
                yield index
        elif not piece.is_beside:
            yield index


class _ScopeText:
    """The text of pieces, every run of white space and every break of a line as one space."""

    def __init__(self, scope: Sequence[int], pieces: Sequence[TextPiece]) -> None:
        characters: list[str] = []
        self._places: list[tuple[int, int]] = []  # piece and character, for each character of the text
        line = pieces[scope[0]].line
        for index in scope:
            piece = pieces[index]
            written = piece.text if piece.line == line else "\n" + piece.text
            line = piece.line
            for place, character in enumerate(written, len(piece.text) - len(written)):
                if not character.isspace():
                    characters.append(character)
                elif characters and characters[-1] != " ":
                    characters.append(" ")
                else:
                    continue
                self._places.append((index, max(place, 0)))
        self.text = "".join(characters).rstrip()

    def find(self, quote: Quote) -> tuple[int, int]:
        """Where the one place of a quotation begins and ends. Raises ValueError if there is none, or several."""
        exact, prefix, suffix = (" ".join(part.split()) for part in (quote.exact, quote.prefix, quote.suffix))
        found = []
        start = self.text.find(exact)
        while start >= 0:
            end = start + len(exact)
            if self.text[:start].rstrip().endswith(prefix) and self.text[end:].lstrip().startswith(suffix):
                found.append(start)
            start = self.text.find(exact, start + 1)
        if not found:
            around = " with this `prefix` and `suffix`" if prefix or suffix else ""
            raise ValueError(f"text not found there{around}: {exact!r}; copy it from the page")
        if len(found) > 1:
            raise ValueError(
                f"text occurs there {len(found)} times: {exact!r}; give the words before it as `prefix` or those behind it "
                "as `suffix`, or a narrower selector"
            )
        return found[0], found[0] + len(exact)

    def stretches(self, label: int, start: int, end: int) -> Iterator[Stretch]:
        """The stretches of pieces that characters of the text are."""
        of_piece: dict[int, tuple[int, int]] = {}
        for index, place in self._places[start:end]:
            of_piece[index] = (of_piece.get(index, (place, 0))[0], place + 1)
        yield from (Stretch(label, index, first, last) for index, (first, last) in of_piece.items())


def _cut(piece: TextPiece, inside: Sequence[tuple[int, int, int]]) -> Iterator[TextPiece]:
    """A piece, cut where labels begin and end in it."""
    start = piece.start
    for text, rule in _parts(piece.text, inside, piece.rule):
        yield piece._replace(text=text, rule=rule, start=start)
        start += len(text)


def _parts(text: str, inside: Sequence[tuple[int, int, int]], rule: int | None) -> Iterator[tuple[str, int | None]]:
    """A text, cut where labels begin and end in it; the last of the labels of a part counts."""
    borders = sorted({0, len(text), *(border for start, end, _ in inside for border in (start, end))})
    for first, last in pairwise(borders):
        rules = [label for start, end, label in inside if start <= first < end]
        yield text[first:last], max(rules if rule is None else [*rules, rule], default=None)
