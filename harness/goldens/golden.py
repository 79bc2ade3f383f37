"""A golden: a page and what its labels say of every piece of its text.

Labels stand apart from the page (see docs/labelling.md). `resolve` lays them over the page; what comes out is a list of
segments in page order, each with one verdict and one kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from harness.goldens.facts import Fact
from harness.goldens.html_labels import LaidLabels, lay_labels
from harness.goldens.labelling import Labelling
from harness.goldens.labels import Label
from harness.goldens.vocabulary import LabelVerdict
from harness.pages import visible
from harness.pages.page import Page
from harness.pages.words import list_numbers, without_list_numbers, words

GOLDEN_FILE_FORMAT = 2

_LINES = re.compile(r"(\d+)(?:-(\d+))?")
_CHARACTERS = re.compile(r"(\d+)\[(\d+):(\d+)\]")


@dataclass(frozen=True)
class Notation:
    """One of several notations of one thing, such as a formula as MathML, TeX or rendered text; one of them is enough."""

    thing: tuple[int, int]
    """What it is a notation of: the row of the rule, and a number."""
    number: int
    """Which notation it is, from 0."""


@dataclass(frozen=True)
class Segment:
    """A piece of a page's text within one line and with one verdict."""

    text: str
    """The text. Segments of one line follow each other without a space between them."""
    verdict: LabelVerdict
    """Whether an output must have the text, may have it, or must not."""
    kind: str
    """A kind of text, of vocabulary.TEXT_KINDS."""
    line: int
    """The page's line: of a text dump from 1, of an HTML page as a browser would break it at blocks, from 0."""
    preformatted: bool = False
    """Whether its spaces and those before it in its line count: in `pre`, and in text of the kind `code` in a dump."""
    cell: tuple[int, int] | None = None
    """The table cell that it stands in, as the numbers of its row and of the cell; None outside of tables."""
    notation: Notation | None = None
    """Which notation it is, where the page has several; the first one is `keep` and the others are `maybe`."""


class TextRows(NamedTuple):
    """The segments of a page whose main content is known as a text, each a whole line. The lists run parallel."""

    texts: list[str]
    """As `Segment.text`."""
    verdicts: list[LabelVerdict]
    """As `Segment.verdict`."""
    kinds: list[str]
    """As `Segment.kind`."""
    lines: list[int]
    """As `Segment.line`."""


@dataclass(frozen=True)
class Snippets:
    """Short texts to look for in an output."""

    required: tuple[str, ...]
    """Texts that the output must have."""
    forbidden: tuple[str, ...]
    """Texts that it must not have."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What they say, as facts."""
        required = (Fact("present", (text,), cut_words=True) for text in self.required)
        return (*required, *(Fact("absent", (text,), cut_words=True) for text in self.forbidden))


@dataclass(frozen=True)
class Golden:
    """A page and what is known of its main content. What is not known is not measured."""

    id: str
    """`SET/NAME`."""
    page: Page
    """The page as it was stored."""
    kind: str
    """A kind of page, of vocabulary.PAGE_KINDS."""
    site: str
    """What pages of one site share: intervals and tests take a site as one observation."""
    labelled: tuple[Segment, ...] | None = None
    """The page's text with its labels; None where there are none."""
    labels: tuple[Label, ...] = ()
    """The rules that gave the labels."""
    text: str | None = None
    """The main content as a dataset gives it, where it gives text."""
    markdown: str | None = None
    """The same with its structure."""
    published: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The main content as a benchmark's own evaluation reads it, by the benchmark's group of metrics; nothing where that is
    `main_content`."""
    snippets: Snippets | None = None
    """Texts that must and must not come out."""
    own_facts: tuple[Fact, ...] = ()
    """Facts that are written for the page."""
    labeller: str = ""
    """Who labelled it, where the page has labels of several people."""
    labelling: Labelling | None = None
    """Who labelled it, when and how, where the file says so; no score depends on it."""
    flags: tuple[str, ...] = ()
    """Known defects, of vocabulary.FLAGS; those that the page's bytes tell are in `page.flags`."""

    @property
    def set(self) -> str:
        """The set that the golden belongs to."""
        return self.id.rpartition("/")[0]

    @property
    def lang(self) -> str:
        """The page's language as a BCP 47 tag, `und` where unknown."""
        return self.page.lang or "und"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What outputs must fulfil: the page's own facts, and what snippets say."""
        return (*self.own_facts, *(self.snippets.facts if self.snippets else ()))

    @property
    def has_main_content(self) -> bool:
        """Whether all of the main content is known, by labels or as a text; also where the page is known to have none."""
        return self.labelled is not None or self.text is not None

    @cached_property
    def main_content(self) -> str:
        """The main content: as the dataset gives it, else the `keep` segments, line by line, without indentation.

        As an output it therefore scores less than 1 in `code` where the page has preformatted text; `kept_text` scores 1.
        """
        return self.text if self.text is not None else "\n".join(line.strip() for line in self._kept_lines())

    @property
    def kept_text(self) -> str:
        """The `keep` segments, line by line, lines of preformatted text with their indentation. Where other text is cut out
        of a word, a space takes its place.
        """
        return "\n".join(self._kept_lines())

    def _kept_lines(self) -> Iterator[str]:
        for line in self.lines():
            if any(segment.verdict == "keep" for segment in line):
                yield _kept_in(line).rstrip() if line[0].preformatted else _kept_in(line).strip()

    def main_content_for(self, benchmark: str) -> str:
        """The main content as the metrics of a group compare it with outputs."""
        return self.published.get(benchmark, self.main_content) if self.published else self.main_content

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The labelled text. Where only the main content is known, it is `keep`, and all text of the page stands behind
        it as `drop` of the kind `other`: what leaked from the page and what an extractor invented can then be told
        apart, but not from which kind of block a leak came. The number of a list item that the text of the page does not
        have is left out. Text that is not rendered stands last, under its own kinds.
        """
        if self.labelled is not None:
            return self.labelled
        return tuple(map(Segment, *self.text_rows))

    @property
    def text_rows(self) -> TextRows:
        """The segments where only the main content is known."""
        if self.text is None:
            return TextRows([], [], [], [])
        lines = _without_list_numbers(self.text.splitlines(), self.page)
        kept = [number for number, line in enumerate(lines) if line.strip()]
        keep: list[LabelVerdict] = ["keep"]
        rest = self.unlabelled_rows
        return TextRows(
            [*map(lines.__getitem__, kept), *rest.texts],
            keep * len(kept) + rest.verdicts,
            ["body"] * len(kept) + rest.kinds,
            kept + [len(lines) + number for number in rest.lines],
        )

    @property
    def unlabelled_rows(self) -> TextRows:
        """All text of the page, as it stands behind a main content that is known as a text."""
        texts, sources, numbers = self.page.rows
        drop: list[LabelVerdict] = ["drop"]
        kinds = ["other" if source == "text" else source for source in sources]
        return TextRows([*texts], drop * len(texts), kinds, [*numbers])

    def lines(self) -> Iterator[list[Segment]]:
        """The segments of each line of the page. The alternative text of an image in a line does not part its words."""
        in_order = sorted(self.segments, key=lambda segment: segment.line)
        return (list(line) for _, line in groupby(in_order, key=lambda segment: segment.line))


def _kept_in(line: list[Segment]) -> str:
    parts: list[str] = []
    for is_kept, group in groupby(line, key=lambda segment: segment.verdict == "keep"):
        text = "".join(segment.text for segment in group)
        if is_kept and parts and parts[-1][-1:].isalnum() and text[:1].isalnum():
            parts.append(" ")
        parts += [text] if is_kept else []
    return "".join(parts)


def _without_list_numbers(lines: list[str], page: Page) -> list[str]:
    """Lines without the numbers that the text of a page does not have before the same word."""
    heads = {k: tuple(words(line)[:2]) for k, line in enumerate(lines) if list_numbers(line)}
    if not heads:
        return lines
    firsts = {head[0] for head in heads.values() if head}
    rendered = page.row_words.words_before(page.rows.sources.count("text"))
    said = {(word, rendered[k]) for k, word in enumerate(rendered[:-1], 1) if word in firsts}
    return [without_list_numbers(line) if k in heads and heads[k] not in said else line for k, line in enumerate(lines)]


def undecided_golden(golden: Golden) -> Golden:
    """The golden with all text of its page as `maybe`, so that outputs can be laid beside a page without labels."""
    segments, _ = resolve(golden.page, ())
    return replace(golden, labelled=tuple(replace(segment, verdict="maybe") for segment in segments))


def resolve(page: Page, labels: Sequence[Label]) -> tuple[tuple[Segment, ...], list[tuple[Label, str]]]:
    """Lay labels over a page: its segments in page order, and what is wrong with a label and why."""
    if page.media == "text/html":
        return _resolve_html(page, labels)
    return _resolve_text(page, labels)


def _resolve_html(page: Page, labels: Sequence[Label]) -> tuple[tuple[Segment, ...], list[tuple[Label, str]]]:
    laid = lay_labels(page.tree(), labels)
    wrong = [*laid.wrong]
    clashes = _clashes(labels, lambda a, b: bool(laid.places[a]) and laid.places[a] == laid.places[b])
    wrong += _contradictions(labels, clashes)
    notations = _notations(labels, laid)
    wrong += _unpaired(labels, laid)
    segments = []
    effective: set[int] = set()
    for piece in laid.pieces:
        if piece.rule is not None:
            if not piece.text.isspace():
                effective.add(piece.rule)
            label = labels[piece.rule]
            verdict, kind = label.verdict, label.kind
            notation = None if label.notation is None else notations.get(piece.node)
        else:
            notation = None
            verdict, kind = "drop", "other" if piece.source == "text" else piece.source
        segments.append(Segment(piece.text, verdict, kind, piece.line, piece.preformatted, piece.cell, notation))
    wrong += _without_effect(
        labels, effective | {i for i, places in enumerate(laid.places) if not places} | {a for a, _ in clashes}
    )
    return tuple(segments), wrong


def _notations(labels: Sequence[Label], laid: LaidLabels) -> dict[int, Notation]:
    """The notation that each text node belongs to, of those that do."""
    found: dict[int, Notation] = {}
    for label, nodes in zip(labels, laid.elements):
        for number, node in enumerate(nodes) if label.notation is not None else ():
            notation = Notation((label.row, number), label.notation or 0)
            found.update((inner.mem_id, notation) for inner in node.traverse(include_text=True) if inner.is_text_node)
    return found


def _unpaired(labels: Sequence[Label], laid: LaidLabels) -> Iterator[tuple[Label, str]]:
    """Rules whose notations are not equally many."""
    rules: dict[int, list[int]] = {}
    for index, label in enumerate(labels):
        if label.notation is not None:
            rules.setdefault(label.row, []).append(index)
    for indices in rules.values():
        numbers = [len(laid.elements[index]) for index in indices]
        if all(numbers) and len(set(numbers)) > 1:
            places = ", ".join(f"{number} of {labels[index].places[0]!r}" for number, index in zip(numbers, indices))
            yield labels[indices[0]], f"the notations of `one_of` must be equally many, in the same order: here are {places}"


def _resolve_text(page: Page, labels: Sequence[Label]) -> tuple[tuple[Segment, ...], list[tuple[Label, str]]]:
    lines = page.content.removesuffix("\n").split("\n")
    rules: list[list[int | None]] = [[None] * len(line) for line in lines]
    wrong: list[tuple[Label, str]] = []
    spans: list[list[_Span]] = []
    for index, label in enumerate(labels):
        spans.append([])
        if label.is_narrow:
            keys = ", ".join(f"`{key}`" for key in label.narrowed())
            wrong.append((label, f"{keys} is for HTML pages; in a text page write lines, or characters as 7[0:14]"))
            continue
        if label.notation is not None:
            wrong.append((label, "`one_of` is for HTML pages; label one notation `keep` and the others `maybe`"))
            continue
        for place in label.places:
            try:
                span = _span(place, lines)
            except ValueError as error:
                wrong.append((label, str(error)))
                continue
            spans[-1].append(span)
            for number in range(span.first[0], span.last[0] + 1):
                start = span.first[1] if number == span.first[0] else 0
                end = span.last[1] if number == span.last[0] else len(lines[number])
                rules[number][start:end] = [index] * (end - start)
    clashes = _clashes(labels, lambda a, b: any(x.clashes(y) for x in spans[a] for y in spans[b]))
    wrong += _contradictions(labels, clashes)
    segments = []
    effective: set[int] = set()
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        for rule, group in groupby(range(len(line)), key=rules[number].__getitem__):
            characters = list(group)
            text = line[characters[0] : characters[-1] + 1]
            if rule is None:
                segments.append(Segment(text, "drop", "other", number + 1))
                continue
            if not text.isspace():
                effective.add(rule)
            kind = labels[rule].kind
            segments.append(Segment(text, labels[rule].verdict, kind, number + 1, preformatted=kind == "code"))
    wrong += _without_effect(labels, effective | {i for i, found in enumerate(spans) if not found} | {a for a, _ in clashes})
    return tuple(segments), wrong


@dataclass(frozen=True)
class _Span:
    """Where a place begins and ends: (line from 0, character), the end excluded."""

    first: tuple[int, int]
    last: tuple[int, int]

    def clashes(self, other: _Span) -> bool:
        """Whether both name the same text, or overlap without one being inside the other."""
        if max(self.first, other.first) >= min(self.last, other.last):
            return False
        inside = self.first <= other.first and other.last <= self.last
        around = other.first <= self.first and self.last <= other.last
        return inside == around


def _span(place: str, lines: list[str]) -> _Span:
    """Where a place is. Raises ValueError with the reason if it is nowhere."""
    if match := _CHARACTERS.fullmatch(place):
        number, start, end = map(int, match.groups())
        _require_line(number, lines)
        length = len(lines[number - 1])
        if not start < end <= length:
            raise ValueError(f"characters {start}:{end} are not in line {number}, which has {length}")
        return _Span((number - 1, start), (number - 1, end))
    if match := _LINES.fullmatch(place):
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first:
            raise ValueError(f"range {place} ends before it begins")
        _require_line(first, lines)
        _require_line(last, lines)
        if not any(line.strip() for line in lines[first - 1 : last]):
            raise ValueError(f"line {place} is blank" if first == last else f"lines {place} are all blank")
        return _Span((first - 1, 0), (last - 1, len(lines[last - 1])))
    raise ValueError(f"not a place in a text page: {place!r}; write 7, 7-18 or 7[0:14]")


def _require_line(number: int, lines: list[str]) -> None:
    if not 1 <= number <= len(lines):
        raise ValueError(f"line {number} is out of range: the page has lines 1 to {len(lines)}")


def _clashes(labels: Sequence[Label], clash: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """All pairs of labels, the earlier one first, that contradict each other."""
    pairs = ((a, b) for b in range(len(labels)) for a in range(b))
    return [(a, b) for a, b in pairs if labels[a].verdict != labels[b].verdict and clash(a, b)]


def places_named_again(page: Page, labels: Sequence[Label], new: Sequence[Label]) -> dict[int, tuple[str, ...]]:
    """Of labels that name the same text as a new one, by their index: the places that no new one names."""
    if page.media == "text/html":
        laid = lay_labels(visible.parse(page.content), [*labels, *new]).places
        again = {places for places in laid[len(labels) :] if places}
        return {index: () for index, places in enumerate(laid[: len(labels)]) if places in again}
    lines = page.content.removesuffix("\n").split("\n")
    taken = {_span(place, lines) for label in new for place in label.places}
    left = {i: tuple(p for p in label.places if _span(p, lines) not in taken) for i, label in enumerate(labels)}
    return {index: places for index, places in left.items() if places != labels[index].places}


def _contradictions(labels: Sequence[Label], clashes: Sequence[tuple[int, int]]) -> list[tuple[Label, str]]:
    return [
        (labels[b], f"contradicts the label of line {labels[a].row} ({labels[a]}): the same text, another verdict")
        for a, b in clashes
    ]


def _without_effect(labels: Sequence[Label], effective: set[int]) -> list[tuple[Label, str]]:
    return [
        (label, "has no effect: there is no text there, or later labels override all of it")
        for index, label in enumerate(labels)
        if index not in effective
    ]
