"""The words of a page and of an output, side by side with where they stand.

A word ends where the verdict changes, though no space may stand there: `water1`, where the `1` is a footnote's number that
is not part of the main content, is `water` and `1`. An output may join what stands on both sides. Words that the page
joins somewhere are cut in the same places wherever they occur, on the page and in outputs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, combinations, pairwise

from harness.alignment.gaps import HOLE, Gaps
from harness.alignment.passages import PageText
from harness.goldens.golden import Golden, Notation, Segment
from harness.goldens.vocabulary import Verdict
from harness.pages.words import Word, displayed, find_words, list_numbers, visible, visible_pieces


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

    after: tuple[str, ...]
    """What stands between each `keep` word and the next one, line breaks included and all other text left out; empty for
    words that are not `keep`."""

    preformatted: tuple[bool, ...]
    """Whether the spaces around each word count."""

    cells: tuple[tuple[int, int] | None, ...]
    """The row and the cell of a table that each word stands in, by their numbers."""

    joins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that outputs may have in one, with the words of the page that they join."""

    notations: tuple[Notation | None, ...] = ()
    """The notation that each word belongs to; empty where the page has one notation of everything."""

    golden: Golden | None = None
    """The golden, where the page has several notations of something (see harness.alignment.notations)."""

    @cached_property
    def keep(self) -> tuple[int, ...]:
        """Positions of the words that must come out."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict == "keep")

    @cached_property
    def keep_or_maybe(self) -> tuple[int, ...]:
        """Positions of the words that must or may come out."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict != "drop")

    @cached_property
    def numbers(self) -> frozenset[tuple[str, str]]:
        """Numbers that look like those of list items, each with the word behind it."""
        pairs = zip(pairwise(self.words), self.shown)
        return frozenset(pair for pair, shown in pairs if pair[0].isdecimal() and list_numbers(shown))

    @cached_property
    def text(self) -> PageText:
        """The words as the search for passages reads them."""
        return PageText(self.words, self.verdicts, self.lines)


@dataclass(frozen=True)
class OutputWords:
    """The words of an extractor's output. The tuples run parallel, as in PageWords."""

    words: tuple[str, ...]
    """The words."""

    lines: tuple[int, ...]
    """The line of the output that each word stands in."""

    after: tuple[str, ...]
    """What stands between each word and the next, with a line break for each line that ends there; so, too, at the end."""

    output: str
    """The text that the words are of."""

    joins: Mapping[str, tuple[str, ...]]
    """Words that are cut, with their parts (see PageWords)."""

    left_out: frozenset[int]
    """Which words of the text are no words here: the numbers of list items."""

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The words with the punctuation and spaces around them. Only what is shown needs them."""
        shown = (part for line, found in _lines_of(self.output, self.joins) if found for part in displayed(line, found))
        return tuple(part for i, part in enumerate(shown) if i not in self.left_out)


def page_words(golden: Golden) -> PageWords:
    """The words of a golden's page with their labels; of a word across two kinds of one verdict, the first counts."""
    lines = list(golden.lines())
    joins = {joined: parts for line in lines for joined, parts in _joins(line)}
    rows: list[tuple[str, str, Verdict, str, int, bool, tuple[int, int] | None]] = []
    notations: list[Notation | None] = []
    gaps = Gaps()
    known: dict[str, str] = {}
    for line in lines:
        pieces, ends = _pieces_of(line)
        text = "".join(pieces)
        found = list(_cut_words(text, _cuts(line, ends), joins))
        kept = []
        owner = 0
        for (word, start, end), display in zip(found, displayed(text, found)):
            while start >= ends[owner]:
                owner += 1
            word = known.setdefault(word, word)  # one string for all places of a word: pages stay in memory by the hundred
            segment = line[owner]
            if segment.verdict == "keep":
                kept.append((start, end))
            display = word if display == word else display
            notations.append(segment.notation)
            rows.append((word, display, segment.verdict, segment.kind, line[0].line, segment.preformatted, segment.cell))
        if any(segment.verdict == "keep" for segment in line):
            only_kept = (p if s.verdict == "keep" else HOLE * len(p) for p, s in zip(pieces, line))
            gaps.line("".join(only_kept), kept, line[0].line)
    if not rows:
        return PageWords((), (), (), (), (), (), (), (), joins)
    words, shown, verdicts, kinds, numbers, preformatted, cells = zip(*rows)
    following = iter(gaps.after)
    after = tuple(known.setdefault(gap, gap) for gap in (next(following) if v == "keep" else "" for v in verdicts))
    page = PageWords(words, shown, verdicts, kinds, numbers, after, preformatted, cells, joins)
    return replace(page, notations=tuple(notations), golden=golden) if any(notations) else page


def output_words(page: PageWords, output: str) -> OutputWords:
    """The words of an output of a page, line by line; what the page has in parts, in these parts.

    The number of a list item is no word: a browser writes it, and markup says it without one. A number that the text of
    the page has before the same word, with a full stop or parenthesis, is one.
    """
    words: list[str] = []
    lines: list[int] = []
    gaps = Gaps()
    numbers: list[int] = []
    for number, (line, found) in enumerate(_lines_of(output, page.joins)):
        numbers += range(len(words), len(words) + len(list_numbers(line)))
        gaps.line(line, [(word.start, word.end) for word in found], number)
        words += [word.text for word in found]
        lines += [number] * len(found)
    after = gaps.after
    left_out = frozenset(i for i in numbers if i + 1 < len(words) and (words[i], words[i + 1]) not in page.numbers)
    if left_out:
        rest = [i for i in range(len(words)) if i not in left_out]
        words, lines, after = [words[i] for i in rest], [lines[i] for i in rest], _joined_gaps(after, left_out)
    return OutputWords(tuple(words), tuple(lines), tuple(after), output, page.joins, left_out)


def _joined_gaps(after: Sequence[str], left_out: frozenset[int]) -> list[str]:
    """What stands after each word that remains, without the full stops and parentheses of the numbers left out."""
    gaps: list[list[str]] = []
    for i, gap in enumerate(after):
        if i not in left_out:
            gaps.append([gap])
        elif gaps:
            gaps[-1].append(gap.lstrip(".)"))
    return ["".join(parts) for parts in gaps]


def _lines_of(output: str, joins: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, list[Word]]]:
    """The lines of an output, each with its words."""
    for line in visible(output).splitlines():
        yield line, list(_cut_words(line, (), joins)) if joins else find_words(line)


def _pieces_of(segments: Sequence[Segment]) -> tuple[list[str], list[int]]:
    """The texts of segments of one line, and where in all of it each ends."""
    pieces = visible_pieces([segment.text for segment in segments])
    return pieces, list(accumulate(map(len, pieces)))


def _cuts(segments: Sequence[Segment], ends: Sequence[int]) -> list[int]:
    """Where in the text of a line the verdict changes."""
    return [end for end, (before, behind) in zip(ends, pairwise(segments)) if before.verdict != behind.verdict]


def _cut_words(text: str, cuts: Sequence[int], joins: Mapping[str, tuple[str, ...]]) -> Iterator[Word]:
    """The words of a text, cut where the verdict changes, and where a word joins several."""
    for word in find_words(text):
        for part in _parts(text, word, cuts):
            yield from _unjoined(part, joins[part.text]) if part.text in joins else (part,)


def _parts(text: str, word: Word, cuts: Sequence[int]) -> list[Word]:
    """A word of a text, cut."""
    borders = _within(cuts, word.start, word.end)
    if len(borders) == 2:
        return [word]
    parts = ((start, part) for start, end in pairwise(borders) for part in find_words(text[start:end]))
    return [Word(part.text, start + part.start, start + part.end) for start, part in parts]


def _unjoined(word: Word, parts: Sequence[str]) -> Iterator[Word]:
    """The parts of a word; each has the place of the whole where letters are not compared as they stand, as in ligatures."""
    start = word.start
    for part in parts:
        as_written = word.end - word.start == len(word.text)
        yield Word(part, start, start + len(part)) if as_written else Word(part, word.start, word.end)
        start += len(part)


def _within(cuts: Sequence[int], start: int, end: int) -> list[int]:
    """The start of a word, the cuts in it, and its end."""
    return [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)], end] if cuts else [start, end]


def _joins(line: Sequence[Segment]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words that an output of a line may have in one though the verdict changes within them: as the line has them, without
    its `drop` text, or with its `keep` text only."""
    if len({segment.verdict for segment in line}) < 2:
        return
    for verdicts in (("keep", "maybe", "drop"), ("keep", "maybe"), ("keep",), ("maybe",)):
        places = [place for place, segment in enumerate(line) if segment.verdict in verdicts]
        pieces, ends = _pieces_of([line[place] for place in places])
        text = "".join(pieces)
        borders = [
            end
            for end, (before, behind) in zip(ends, pairwise(places))
            if behind > before + 1 or line[before].verdict != line[behind].verdict
        ]
        for word in find_words(text):
            parts = [part.text for part in _parts(text, word, borders)]
            for first, last in combinations(range(len(parts) + 1), 2):
                if last > first + 1:
                    yield "".join(parts[first:last]), tuple(parts[first:last])
