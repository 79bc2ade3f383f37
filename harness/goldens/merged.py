"""Makes one golden file of two people's: what they dispute becomes `maybe`, with what each of them said in a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType

import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.common.errors import CannotTell
from harness.goldens.edited import replaced
from harness.goldens.golden import Golden
from harness.goldens.html_labels import LaidLabels, lay_labels
from harness.goldens.labellers import Meaning
from harness.goldens.labels import Label, Quote
from harness.goldens.selectors import selector
from harness.goldens.writer import flow_of
from harness.pages import visible

MeaningPair = tuple[Meaning, Meaning]

_UNNAMED: Meaning = ("drop", "other")
_CONTEXT = 40  # characters around a quotation that stands there more than once
_EXCERPT = 60
_LABELLER = re.compile(r"^label(?:ler|led):.*\n", re.MULTILINE)


@dataclass(frozen=True)
class Disputed:
    """Text of which two people say different things, as a label, and what they say."""

    label: Label
    """Names the text; its verdict is `maybe`, its kind that of the first person who does not drop it. Where only kinds
    differ, it is what the first person says."""
    pair: MeaningPair
    """What they say."""
    text: str
    """The beginning of the text."""

    @property
    def by_kind_only(self) -> bool:
        """Whether the two have the same verdict: no score depends on it, but what reports call the text does."""
        return self.pair[0][0] == self.pair[1][0]


def merged_text(
    written: str,
    first: Golden,
    second: Golden,
    names: tuple[str, str],
    decided: Mapping[int, Meaning] = MappingProxyType({}),
) -> str:
    """The text of a golden file: that of the first person, with rules behind its labels for what the second one disputes.

    Labels of which nothing is left are commented out.

    written: the first person's file. names: those of both. decided: what somebody has decided, in place of `maybe`, by the
    number of what `disputed` gives, from 0. Kinds that nobody decides stay the first person's. Raises CannotTell if there
    is no place for the rules.
    """
    root = yaml.compose(written, Loader=yaml.SafeLoader)
    found = [value for key, value in root.value if key.value == "labels"] if isinstance(root, yaml.MappingNode) else []
    if not found or found[0].flow_style or not found[0].value:
        raise CannotTell(f"{first.id}: write its labels as a list with a line for each, to which others can be added")
    items = found[0].value
    indent = " " * (items[0].start_mark.column - 2)
    new = []
    for number, item in enumerate(disputed(first, second)):
        if number in decided:
            verdict, kind = decided[number]
            new.append(replace(item, label=replace(item.label, verdict=verdict, kind=kind)))
        elif not item.by_kind_only:
            new.append(item)
    rows = [
        f"{indent}- {flow_of(item.label)}  # {names[0]}: {' '.join(item.pair[0])}; {names[1]}: {' '.join(item.pair[1])}: "
        f"{_excerpt(item.text)}\n"
        for item in new
    ]
    lines = written.splitlines(keepends=True)
    end = items[-1].end_mark.line + (1 if items[-1].end_mark.column else 0)
    ends = {item.start_mark.line + 1: item.end_mark.line + (1 if item.end_mark.column else 0) for item in items}
    for row, label in replaced(first, [item.label for item in new]).items():
        for number in range(row - 1, ends[row]):
            lines[number] = "# " + lines[number]
        lines[ends[row] - 1] += f"{indent}- {flow_of(label)}\n" if label else ""
    before = "".join(lines[:end])
    before += "" if before.endswith("\n") else "\n"
    return _LABELLER.sub("", before + "".join(rows) + "".join(lines[end:]))


def disputed(first: Golden, second: Golden) -> Iterator[Disputed]:
    """What two people dispute on a page, in as few labels as name it: verdicts in page order, then kinds in page order."""
    found = _in_html(first, second) if first.page.media == "text/html" else _in_text(first, second)
    in_order = sorted(found, key=lambda item: item.by_kind_only)
    for pair, group in groupby(in_order, key=lambda item: (item.pair, item.label.is_narrow)):
        run = list(group)
        if pair[1]:
            yield from run
            continue
        places = tuple(place for item in run for place in item.label.places)
        yield Disputed(_label(places, run[0].pair), run[0].pair, run[0].text)


def _label(places: tuple[str, ...], pair: MeaningPair, quote: Quote | None = None) -> Label:
    (verdict, kind), _ = pair
    if pair[0][0] != pair[1][0]:
        verdict, kind = "maybe", next(kind for verdict, kind in pair if verdict != "drop")
    return Label(verdict, places, kind, quotes=(quote,) if quote else ())


def _in_text(first: Golden, second: Golden) -> Iterator[Disputed]:
    for mine, theirs in zip(first.lines(), second.lines(), strict=True):
        text = "".join(segment.text for segment in mine)
        sides = ([(s.verdict, s.kind) for s in line for _ in s.text] for line in (mine, theirs))
        for start, end, pair in _stretches(text, list(zip(*sides))):
            whole = not (text[:start] + text[end:]).strip()
            place = str(mine[0].line) if whole else f"{mine[0].line}[{start}:{end}]"
            yield Disputed(_label((place,), pair), pair, text[start:end])


def _in_html(first: Golden, second: Golden) -> Iterator[Disputed]:
    tree = visible.parse(first.page.content)
    sides = [_characters(lay_labels(tree, golden.labels), golden.labels) for golden in (first, second)]
    said = {node: list(zip(mine, sides[1][node])) for node, mine in sides[0].items()}
    pairs: dict[int, set[MeaningPair]] = {}
    for leaf in tree.body.traverse(include_text=True) if tree.body is not None else ():
        meanings = said.get(leaf.mem_id) if leaf.is_text_node else None
        if meanings:
            own = {pair for character, pair in zip(leaf.text_content or "", meanings) if not character.isspace()}
            above: LexborNode | None = leaf
            while above is not None:
                pairs.setdefault(above.mem_id, set()).update(own)
                above = above.parent
    stack = [tree.body] if tree.body is not None else []
    while stack:
        node = stack.pop()
        here = pairs.get(node.mem_id, set())
        if not any(_differ(pair) for pair in here):
            continue
        if node.is_text_node:
            text, parent = node.text_content or "", node.parent
            for start, end, pair in _stretches(text, said[node.mem_id]):
                if parent is not None:
                    yield Disputed(_quoted(tree, parent, text, (start, end), pair), pair, text[start:end])
            continue
        if len(here) == 1:
            (pair,) = here
            yield Disputed(_label((selector(tree, node),), pair), pair, node.text())
            continue
        stack += reversed(list(node.iter(include_text=True)))


def _characters(laid: LaidLabels, labels: Sequence[Label]) -> Mapping[int, list[Meaning]]:
    """What labels say of each character of each text node."""
    said: dict[int, list[Meaning]] = {}
    for piece in laid.pieces:
        if piece.is_beside:
            continue
        meaning = _UNNAMED if piece.rule is None else (labels[piece.rule].verdict, labels[piece.rule].kind)
        characters = said.setdefault(piece.node, [])
        end = piece.start + len(piece.text)
        characters += [_UNNAMED] * (end - len(characters))
        characters[max(0, piece.start) : end] = [meaning] * (end - max(0, piece.start))
    return said


def _quoted(tree: LexborHTMLParser, parent: LexborNode, text: str, span: tuple[int, int], pair: MeaningPair) -> Label:
    """A label that names some text of an element by a quotation. Raises CannotTell if no quotation names it alone."""
    start, end = span
    exact = " ".join(text[start:end].split())
    place = (selector(tree, parent),)
    around = " ".join(text[max(0, start - _CONTEXT) : start].split()), " ".join(text[end : end + _CONTEXT].split())
    for quote in (Quote(exact), Quote(exact, *around)):
        label = _label(place, pair, quote)
        if not lay_labels(tree, [label]).wrong:
            return label
    raise CannotTell(f"no quotation names {exact!r} in {place[0]} alone: label it by hand")


def _stretches(text: str, pairs: Iterable[MeaningPair]) -> Iterator[tuple[int, int, MeaningPair]]:
    """Where disputed text begins and ends, and what is said of it, without spaces around it."""
    start = 0
    for pair, group in groupby(pairs):
        end = start + len(list(group))
        part = text[start:end]
        if _differ(pair) and part.strip():
            yield start + len(part) - len(part.lstrip()), start + len(part.rstrip()), pair
        start = end


def _differ(pair: MeaningPair) -> bool:
    return pair[0] != pair[1]


def _excerpt(text: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1].rstrip() + "…"
