"""What labels say of the blocks of a page, and the changes that a labeller can make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from harness.common.errors import CannotTell, Impossible
from harness.goldens.edited import with_label
from harness.goldens.golden import Golden
from harness.goldens.html_labels import lay_labels
from harness.goldens.joined import shared_selectors
from harness.goldens.labellers import Meaning
from harness.goldens.labels import Label, Quote
from harness.goldens.selectors import selector
from harness.goldens.vocabulary import TEXT_KINDS, VERDICTS, LabelVerdict
from harness.pages import visible
from harness.pages.visible import TextPiece
from harness.workbench.layout import Layout


@dataclass(frozen=True)
class Said:
    """What labels say of a block."""

    verdict: LabelVerdict
    """The verdict of most of its characters."""
    kind: str
    """The kind of most of its characters."""
    is_mixed: bool
    """Whether they say different things of parts of it."""


@dataclass(frozen=True)
class Candidate:
    """A selector for the chosen elements."""

    place: str
    """The selector, or lines of a text dump."""
    matches: int
    """How many elements of the page it names."""
    others: int
    """How many of these were not chosen."""


def said_of(golden: Golden, layout: Layout) -> list[Said]:
    """What the labels of a golden say of each block of its page."""
    counts: list[Counter[Meaning]] = [Counter() for _ in layout.blocks]
    if layout.tree is None:
        for segment in golden.segments:
            counts[layout.block_of[segment.line]][segment.verdict, segment.kind] += _size(segment.text)
    else:
        for piece in lay_labels(layout.tree, golden.labels).pieces:
            block = -1 if piece.is_beside else layout.block_of.get(piece.node, -1)
            if block >= 0:
                counts[block][meaning_of(golden, piece)] += _size(piece.text)
    said = []
    for count in counts:
        present = [(meaning, number) for meaning, number in count.most_common() if number]
        (verdict, kind), _ = present[0] if present else (("drop", "other"), 0)
        said.append(Said(verdict, kind, len(present) > 1))
    return said


def meaning_of(golden: Golden, piece: TextPiece) -> Meaning:
    """What the labels of a golden say of a piece of its page."""
    if piece.rule is None:
        return "drop", "other" if piece.source == "text" else piece.source
    label = golden.labels[piece.rule]
    return label.verdict, label.kind


def known_verdict(verdict: str, kind: str) -> LabelVerdict:
    """The verdict of a label that somebody asks for. Raises Impossible for a verdict or a kind of text that there is not."""
    for known in VERDICTS:
        if known == verdict and kind in TEXT_KINDS:
            return known
    raise Impossible(f"there is no label {verdict!r}, {kind!r}")


def looks_of(layout: Layout, said: Sequence[Said], more: Mapping[int, str]) -> dict[int, tuple[LabelVerdict, str, str]]:
    """How blocks are marked: verdict, kind and classes, `outer` for those with blocks in them. more: further classes."""
    looks = {}
    for number, one in enumerate(said):
        first, last = layout.spans[layout.blocks[number].element]
        looks[number] = one.verdict, one.kind, f"{'outer ' if last > first else ''}{more.get(number, '')}"
    return looks


def candidates(layout: Layout, elements: Sequence[int], *, alone: bool = False) -> list[Candidate]:
    """Selectors for elements by their numbers, the one that names these only first, then those that name others like them.

    alone: of one block, only its own text is meant, without the blocks in it. Raises Impossible for a number that no element
    has.
    """
    chosen = _elements(layout, elements)
    if alone and layout.tree is not None:
        nodes, texts = _own(layout, chosen[0])
        return [Candidate(", ".join([*(selector(layout.tree, node) for node in nodes), *map(repr, texts)]), 1, 0)]
    if layout.tree is None:
        lines = sorted(line for line, block in layout.block_of.items() if layout.blocks[block].element in set(elements))
        return [Candidate(f"{lines[0]}-{lines[-1]}" if len(lines) > 1 else str(lines[0]), len(lines), 0)]
    nodes = [node for node in (layout.elements[number].node for number in chosen) if node is not None]
    found = [Candidate(", ".join(selector(layout.tree, node) for node in nodes), len(nodes), 0)]
    mine = {node.mem_id for node in nodes}
    for place in dict.fromkeys(shared_selectors(layout.tree, nodes[0]) if len(nodes) < 50 else ()):
        reached = {node.mem_id for node in visible.select(layout.tree, place)}
        if mine <= reached and len(reached) > len(mine):
            found.append(Candidate(place, len(reached), len(reached - mine)))
    return found


def label_for(
    layout: Layout,
    elements: Sequence[int],
    verdict: str,
    kind: str,
    place: str = "",
    text: str = "",
    *,
    alone: bool = False,
) -> tuple[Label, str]:
    """A label for elements, and the text that it names.

    place: a selector to name them by, in place of the shortest that names these only. text: what in them is meant, if not
    all of it. alone: see `candidates`. Raises Impossible for what no label can say, CannotTell for a text that does not
    stand there once.
    """
    named = known_verdict(verdict, kind)
    chosen = _elements(layout, elements)
    first, last = layout.spans[chosen[0]][0], layout.spans[chosen[-1]][1]
    comment = text or " ".join(block.text for block in layout.blocks[first : min(last, first + 3) + 1])
    if layout.tree is None:
        return Label(named, (candidates(layout, elements)[0].place,), kind), comment
    nodes = [node for node in (layout.elements[number].node for number in chosen) if node is not None]
    if alone and not text:
        inner, texts = _own(layout, chosen[0])
        comment = layout.blocks[first].text
        if not texts:
            return Label(named, tuple(selector(layout.tree, node) for node in inner), kind), comment
        quoted = [*texts, *(" ".join(node.text().split()) for node in inner)]
        return _quoted(layout, named, (selector(layout.tree, nodes[0]),), kind, quoted), comment
    if place:
        reached = {node.mem_id for node in visible.select(layout.tree, place)}
        if not {node.mem_id for node in nodes} <= reached:
            raise Impossible(f"{place!r} does not name what is chosen")
        places: tuple[str, ...] = (place,)
    else:
        places = tuple(selector(layout.tree, node) for node in nodes)
    if not text:
        return Label(named, places, kind), comment
    return _quoted(layout, named, places, kind, [text]), comment


def labelled(written: str, golden: Golden, label: Label, comment: str) -> str:
    """The text of a golden file with a label more. Raises CannotTell if the label does not fit the page."""
    if golden.page.media == "text/html":
        for _, reason in lay_labels(golden.page.tree(), [label]).wrong:
            raise CannotTell(reason)
    return with_label(written, golden, label, comment)


def _own(layout: Layout, number: int) -> tuple[list[LexborNode], list[str]]:
    """The text of a block without the blocks in it: inline elements that hold some, and texts that stand in none."""
    block = next(block.number for block in layout.blocks if block.element == number)
    root = layout.elements[number].node
    nodes: list[LexborNode] = []
    texts: list[str] = []
    stack = [*reversed(list(root.iter(include_text=True)))] if root is not None else []
    while stack:
        node = stack.pop()
        if node.is_text_node:
            if layout.block_of.get(node.mem_id) == block and (text := " ".join((node.text_content or "").split())):
                texts.append(text)
            continue
        inner = [
            leaf for leaf in node.traverse(include_text=True) if leaf.is_text_node and (leaf.text_content or "").strip()
        ]
        owners = {layout.block_of.get(leaf.mem_id) for leaf in inner}
        if owners == {block}:
            nodes.append(node)
        elif block in owners:
            stack += reversed(list(node.iter(include_text=True)))
    return nodes, texts


def _quoted(layout: Layout, verdict: LabelVerdict, places: tuple[str, ...], kind: str, texts: Sequence[str]) -> Label:
    """A label for texts in elements. Raises CannotTell if one does not stand there once."""
    assert layout.tree is not None
    label = Label(verdict, places, kind, quotes=tuple(Quote(" ".join(text.split())) for text in texts))
    for _, reason in lay_labels(layout.tree, [label]).wrong:
        raise CannotTell(reason)
    return label


def _elements(layout: Layout, numbers: Sequence[int]) -> list[int]:
    """The numbers in page order, without those inside of others. Raises Impossible for none, and for one that is unknown."""
    if not numbers or not all(0 <= number < len(layout.elements) for number in numbers):
        raise Impossible("no such element")
    given = set(numbers)
    outer = []
    for number in sorted(given):
        above = layout.elements[number].parent
        while above >= 0 and above not in given:
            above = layout.elements[above].parent
        if above < 0:
            outer.append(number)
    return outer


def _size(text: str) -> int:
    return sum(not char.isspace() for char in text)
