"""The words of a page and of an output, side by side with where they stand.

A word ends where the verdict changes, though no space may stand there: `water1`, where the `1` is a footnote's number that
is not part of the main content, is `water` and `1`. An output may join what stands on both sides. Words that the page
joins somewhere are cut in the same places wherever they occur, on the page and in outputs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, combinations, groupby, pairwise

from harness.alignment.passages import PageText
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import Verdict
from harness.pages.words import displayed, visible, word_spans


@dataclass(frozen=True)
class PageWords:
    """The words of a golden's page, in page order, each with the label it falls under. The tuples run parallel."""

    words: tuple[str, ...]
    """The words."""

    shown: tuple[str, ...]
    """The words with the punctuation and spaces around them; joined, they are the lines."""

    verdicts: tuple[Verdict, ...]
    """The verdict on each word."""

    kinds: tuple[str, ...]
    """The kind of text that each word stands in."""

    lines: tuple[int, ...]
    """The line of the page that each word stands in."""

    joins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that outputs may have in one, with the words of the page that they join."""

    @cached_property
    def keep(self) -> tuple[int, ...]:
        """Positions of the words that must come out."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict == "keep")

    @cached_property
    def keep_or_maybe(self) -> tuple[int, ...]:
        """Positions of the words that must or may come out."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict != "drop")

    @cached_property
    def text(self) -> PageText:
        """The words as the search for passages reads them."""
        return PageText(self.words, self.verdicts, self.lines)


@dataclass(frozen=True)
class OutputWords:
    """The words of an extractor's output. The tuples run parallel, as in PageWords."""

    words: tuple[str, ...]
    """The words."""

    shown: tuple[str, ...]
    """The words with the punctuation and spaces around them."""

    lines: tuple[int, ...]
    """The line of the output that each word stands in."""


def page_words(golden: Golden) -> PageWords:
    """The words of a golden's page with their labels; of a word across two kinds of one verdict, the first counts."""
    lines = [list(group) for _, group in groupby(golden.segments, key=lambda segment: segment.line)]
    joins = {joined: parts for line in lines for joined, parts in _joins(line)}
    rows: list[tuple[str, str, Verdict, str, int]] = []
    known: dict[str, str] = {}
    for line in lines:
        text, ends = _text_of(line)
        spans = list(_cut_spans(text, _cuts(line, ends), joins))
        owner = 0
        for (start, end), display in zip(spans, displayed(text, spans)):
            while start >= ends[owner]:
                owner += 1
            word = text[start:end]
            word = known.setdefault(word, word)  # one string for all places of a word: pages stay in memory by the hundred
            rows.append(
                (word, word if display == word else display, line[owner].verdict, line[owner].kind, line[owner].line)
            )
    if not rows:
        return PageWords((), (), (), (), (), joins)
    words, shown, verdicts, kinds, numbers = zip(*rows)
    return PageWords(words, shown, verdicts, kinds, numbers, joins)


def output_words(output: str, joins: Mapping[str, tuple[str, ...]]) -> OutputWords:
    """The words of an output, line by line. joins: words that the page has in parts, with the parts."""
    words: list[str] = []
    shown: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(visible(output).splitlines()):
        spans = list(_cut_spans(line, (), joins)) if joins else word_spans(line)
        words += [line[start:end] for start, end in spans]
        shown += displayed(line, spans) if spans else []
        lines += [number] * len(spans)
    return OutputWords(tuple(words), tuple(shown), tuple(lines))


def _text_of(segments: Sequence[Segment]) -> tuple[str, list[int]]:
    """Segments of one line as one text, and where in it each ends."""
    pieces = [visible(segment.text) for segment in segments]
    return "".join(pieces), list(accumulate(map(len, pieces)))


def _cuts(segments: Sequence[Segment], ends: Sequence[int]) -> list[int]:
    """Where in the text of a line the verdict changes."""
    return [end for end, (before, behind) in zip(ends, pairwise(segments)) if before.verdict != behind.verdict]


def _cut_spans(text: str, cuts: Sequence[int], joins: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """The spans of words of a text, cut where the verdict changes, and where a word joins several."""
    for span in word_spans(text):
        for start, end in pairwise(_within(cuts, span)):
            for part in joins.get(text[start:end], (text[start:end],)):
                yield start, start + len(part)
                start += len(part)


def _within(cuts: Sequence[int], span: tuple[int, int]) -> list[int]:
    """A span's start, the cuts in it, and its end."""
    start, end = span
    return [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)], end] if cuts else [start, end]


def _joins(line: Sequence[Segment]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words that an output of a line may have in one though the verdict changes within them: as the line has them, without
    its `drop` text, or with its `keep` text only."""
    if len({segment.verdict for segment in line}) < 2:
        return
    for verdicts in (("keep", "maybe", "drop"), ("keep", "maybe"), ("keep",), ("maybe",)):
        places = [place for place, segment in enumerate(line) if segment.verdict in verdicts]
        text, ends = _text_of([line[place] for place in places])
        borders = [
            end
            for end, (before, behind) in zip(ends, pairwise(places))
            if behind > before + 1 or line[before].verdict != line[behind].verdict
        ]
        for span in word_spans(text):
            parts = [text[start:end] for start, end in pairwise(_within(borders, span))]
            for first, last in combinations(range(len(parts) + 1), 2):
                if last > first + 1:
                    yield "".join(parts[first:last]), tuple(parts[first:last])
