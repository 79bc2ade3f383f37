"""A golden: a page and what its labels say of every piece of its text.

Labels stand apart from the page (see docs/labelling.md). `resolve` lays them over the page; what comes out is a list of
segments in page order, each with one verdict and one kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness import visible
from harness.kinds import Verdict
from harness.page import Page

FORMAT = 1

_LINES = re.compile(r"(\d+)(?:-(\d+))?")
_CHARACTERS = re.compile(r"(\d+)\[(\d+):(\d+)\]")


@dataclass(frozen=True)
class Label:
    """One rule of a golden: a verdict over one or several places of the page.

    `row` is the line of the YAML file it stands in, counted from 1.
    """

    verdict: Verdict
    places: tuple[str, ...]
    kind: str
    row: int = 0

    def __str__(self) -> str:
        return f"{self.verdict}: {', '.join(self.places)}"


@dataclass(frozen=True)
class Segment:
    """A piece of a page's text that stands in one line and has one verdict.

    `line` counts the page's lines: those of a text dump from 1, those of an HTML page as a browser would break them at
    blocks, from 0. Segments of one line follow each other without a space between them.
    """

    text: str
    verdict: Verdict
    kind: str
    line: int


@dataclass(frozen=True)
class Golden:
    """A page with its labels laid over it. `id` is `SET/NAME`; `kind` one of `harness.kinds.PAGE_KINDS`."""

    id: str
    page: Page
    kind: str
    site: str
    segments: tuple[Segment, ...]

    @property
    def set(self) -> str:
        """The set that the golden belongs to."""
        return self.id.rpartition("/")[0]

    @property
    def lang(self) -> str:
        """The page's language as a BCP 47 tag, `und` where unknown."""
        return self.page.lang or "und"


def from_text(id: str, page: Page, main_content: str, *, kind: str = "article", site: str = "") -> Golden:
    """A golden of a data set that gives the main content as text and no labels.

    The main content is `keep`; all text of the page stands behind it as `drop` of the kind `other`, so that what leaked
    from the page and what an extractor invented can be told apart, but not from which kind of block a leak came.
    """
    kept = [Segment(line, "keep", "body", number) for number, line in enumerate(main_content.splitlines())]
    rest = [Segment(line, "drop", "other", len(kept) + number) for number, line in enumerate(page.text.splitlines())]
    return Golden(id, page, kind, site or id, tuple(s for s in kept + rest if s.text.strip()))


def resolve(page: Page, labels: Sequence[Label]) -> tuple[tuple[Segment, ...], list[tuple[Label, str]]]:
    """Lay labels over a page: its segments in page order, and what is wrong with a label and why."""
    if page.media == "text/html":
        return _resolve_html(page, labels)
    return _resolve_text(page, labels)


def _resolve_html(page: Page, labels: Sequence[Label]) -> tuple[tuple[Segment, ...], list[tuple[Label, str]]]:
    tree = visible.parse(page.content)
    wrong: list[tuple[Label, str]] = []
    matches = []
    for label in labels:
        nodes = []
        for place in label.places:
            try:
                found = visible.select(tree, place)
            except visible.SelectorError as error:
                wrong.append((label, str(error)))
                continue
            if not found:
                wrong.append((label, f"selector matches nothing: {place!r}"))
            nodes += found
        matches.append(nodes)
    elements = [frozenset(node.mem_id for node in nodes) for nodes in matches]
    wrong += _contradictions(labels, lambda a, b: bool(elements[a]) and elements[a] == elements[b])
    segments = []
    effective: set[int] = set()
    for piece in visible.pieces(tree, matches):
        if piece.rule is not None:
            if not piece.text.isspace():
                effective.add(piece.rule)
            label = labels[piece.rule]
            segments.append(Segment(piece.text, label.verdict, label.kind, piece.line))
        else:
            segments.append(Segment(piece.text, "drop", "other" if piece.source == "text" else piece.source, piece.line))
    wrong += _without_effect(labels, effective | {i for i, nodes in enumerate(matches) if not nodes})
    return tuple(segments), wrong


def _resolve_text(page: Page, labels: Sequence[Label]) -> tuple[tuple[Segment, ...], list[tuple[Label, str]]]:
    lines = page.content.split("\n")
    rules: list[list[int | None]] = [[None] * len(line) for line in lines]
    wrong: list[tuple[Label, str]] = []
    extents: list[set[tuple[int, int]]] = []
    for index, label in enumerate(labels):
        extent: set[tuple[int, int]] = set()
        for place in label.places:
            try:
                spans = list(_spans(place, lines))
            except ValueError as error:
                wrong.append((label, str(error)))
                continue
            for number, start, end in spans:
                rules[number][start:end] = [index] * (end - start)
                extent.update((number, i) for i in range(start, end))
        extents.append(extent)

    def clash(a: int, b: int) -> bool:
        first, second = extents[a], extents[b]
        return first == second != set() or (bool(first & second) and not (first <= second or second <= first))

    wrong += _contradictions(labels, clash)
    segments = []
    effective: set[int] = set()
    for number, line in enumerate(lines):
        start = 0
        for end in range(1, len(line) + 1):
            if end == len(line) or rules[number][end] != rules[number][start]:
                text, rule = line[start:end], rules[number][start]
                start = end
                if line.isspace():
                    continue
                if rule is not None and not text.isspace():
                    effective.add(rule)
                label_or_none = None if rule is None else labels[rule]
                verdict: Verdict = label_or_none.verdict if label_or_none else "drop"
                segments.append(Segment(text, verdict, label_or_none.kind if label_or_none else "other", number + 1))
    wrong += _without_effect(labels, effective | {i for i, extent in enumerate(extents) if not extent})
    return tuple(segments), wrong


def _spans(place: str, lines: list[str]) -> Iterator[tuple[int, int, int]]:
    """(line from 0, start, end) of what a place names. Raises ValueError with the reason."""
    if match := _CHARACTERS.fullmatch(place):
        number, start, end = map(int, match.groups())
        _require_line(number, lines)
        length = len(lines[number - 1])
        if not start < end <= length:
            raise ValueError(f"characters {start}:{end} are not in line {number}, which has {length}")
        yield number - 1, start, end
    elif match := _LINES.fullmatch(place):
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError(f"range {place} ends before it begins")
        _require_line(first, lines)
        _require_line(last, lines)
        if not any(line.strip() for line in lines[first - 1 : last]):
            raise ValueError(f"line {place} is blank" if first == last else f"lines {place} are all blank")
        yield from ((number, 0, len(lines[number])) for number in range(first - 1, last))
    else:
        raise ValueError(f"not a place in a text page: {place!r}; write 7, 7-18 or 7[0:14]")


def _require_line(number: int, lines: list[str]) -> None:
    if not 1 <= number <= len(lines):
        raise ValueError(f"line {number} is out of range: the page has lines 1 to {len(lines)}")


def _contradictions(labels: Sequence[Label], clash: Callable[[int, int], bool]) -> list[tuple[Label, str]]:
    return [
        (labels[b], f"contradicts the label of line {labels[a].row} ({labels[a]}): the same text, another verdict")
        for b in range(len(labels))
        for a in range(b)
        if labels[a].verdict != labels[b].verdict and clash(a, b)
    ]


def _without_effect(labels: Sequence[Label], effective: set[int]) -> list[tuple[Label, str]]:
    return [
        (label, "has no effect: there is no text there, or later labels override all of it")
        for index, label in enumerate(labels)
        if index not in effective
    ]
