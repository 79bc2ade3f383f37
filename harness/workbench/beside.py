"""Text of a page that no browser renders, as a labeller sees it: attributes, alternative texts, JSON-LD and templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.common.errors import Impossible
from harness.goldens.golden import Golden
from harness.goldens.html_labels import lay_labels
from harness.goldens.labels import Label
from harness.goldens.selectors import selector
from harness.goldens.vocabulary import LabelVerdict
from harness.pages.visible import TextPiece
from harness.workbench.labelling import known_verdict, meaning_of
from harness.workbench.layout import Layout

_SOURCES = ("alt", "attribute", "json-ld", "template")


@dataclass(frozen=True)
class BesideText:
    """Text of one attribute, of one property of JSON-LD in an element, or of one element in a template."""

    text: str
    """The text."""
    source: str
    """Where it stands: `alt`, `attribute`, `json-ld` or `template`."""
    name: str
    """The attribute; of JSON-LD the property, such as `author.name`; empty in a template."""
    verdict: LabelVerdict
    """What labels say of it."""
    kind: str
    """The kind of text that they call it."""


def beside_texts(golden: Golden, layout: Layout) -> list[BesideText]:
    """The texts in page order; none of a text dump."""
    if layout.tree is None:
        return []
    return [_text(golden, pieces) for pieces in _groups(golden, layout.tree)]


def beside_label(golden: Golden, layout: Layout, number: int, verdict: str) -> tuple[Label, str]:
    """A label for one of the texts, by its number, and the text. Its kind is `body`, or where it stands if it is dropped.

    Raises Impossible for what there is not.
    """
    groups = _groups(golden, layout.tree) if layout.tree is not None else []
    if layout.tree is None or not 0 <= number < len(groups):
        raise Impossible("there is no such text beside the page")
    pieces = groups[number]
    first = pieces[0]
    kind = first.source if verdict == "drop" else "body"
    named = known_verdict(verdict, kind)
    node = _nodes(layout.tree)[first.node]
    place = (selector(layout.tree, node.parent if node.is_text_node and node.parent is not None else node),)
    text = " ".join(piece.text for piece in pieces)
    if first.source == "json-ld":
        return Label(named, place, kind, linked_property=first.name), text
    return Label(named, place, kind, attribute=first.name if first.source != "template" else ""), text


def _groups(golden: Golden, tree: LexborHTMLParser) -> list[list[TextPiece]]:
    """The pieces of each text, in page order."""
    by_place: dict[tuple[int, str, str], list[TextPiece]] = {}
    for piece in lay_labels(tree, golden.labels).pieces:
        if piece.source in _SOURCES:
            by_place.setdefault((piece.node, piece.source, piece.name), []).append(piece)
    return list(by_place.values())


def _text(golden: Golden, pieces: list[TextPiece]) -> BesideText:
    first = pieces[0]
    return BesideText("\n".join(piece.text for piece in pieces), first.source, first.name, *meaning_of(golden, first))


def _nodes(tree: LexborHTMLParser) -> Mapping[int, LexborNode]:
    root = tree.root
    return {node.mem_id: node for node in root.traverse(include_text=True)} if root is not None else {}
