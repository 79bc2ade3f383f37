"""The words of a page and of an output, side by side with where they stand.

A word ends where the verdict changes, though no space may stand there: `water1`, where the `1` is a footnote's number that
is not part of the main content, is `water` and `1`. Outside the main content it ends at each element, which a page often
parts by its style sheet only: `<b>5 Mar</b><i>Bus</i>` is `5`, `Mar` and `Bus`. An output may join what stands on both
sides. Words that the page joins somewhere are cut in the same places wherever they occur, on the page and in outputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import Any

import numpy as np

from harness.alignment.common_runs import Ints
from harness.alignment.origins import Origins
from harness.alignment.passages import PageText
from harness.goldens.golden import Golden, Notation, Segment
from harness.goldens.vocabulary import Verdict
from harness.pages.line_words import LineWords, words_of_lines
from harness.pages.words import LIST_NUMBER_ENDS, Word, cut_word, find_words, list_numbers, visible, visible_pieces

_MAX_JOINED = 8  # parts of a word that an output may have in one, but for the whole word


@dataclass(frozen=True)
class PageWords:
    """The words of a golden's page, in page order, each with the label it falls under. The tuples run parallel."""

    words: tuple[str, ...]
    """The words."""

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

    written: LineWords | None = None
    """The text that the words are of; None where there is none."""

    notations: tuple[Notation | None, ...] = ()
    """The notation that each word belongs to; empty where the page has one notation of everything."""

    golden: Golden | None = None
    """The golden, where the page has several notations of something (see harness.alignment.notations)."""

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The words with the punctuation and spaces around them; joined, they are the lines."""
        return tuple(self.written.all_shown()) if self.written else self.words

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
        pairs = ((k, pair) for k, pair in enumerate(pairwise(self.words)) if pair[0].isdecimal())
        return frozenset(pair for k, pair in pairs if self.written and list_numbers(self.written.shown(k)))

    @cached_property
    def text(self) -> PageText:
        """The words as the search for passages reads them."""
        return PageText(self.words, self.verdicts, self.lines)

    @cached_property
    def origins(self) -> Origins:
        """Where a leaked word comes from that is one of these."""
        return Origins.of(self.kinds, self.text)


@dataclass(frozen=True)
class OutputWords:
    """The words of an extractor's output. The tuples run parallel, as in PageWords."""

    words: tuple[str, ...]
    """The words."""

    lines: tuple[int, ...]
    """The line of the output that each word stands in."""

    after: tuple[str, ...]
    """What stands between each word and the next, with a line break for each line that ends there; so, too, at the end."""

    written: LineWords
    """The text that the words are of, with all its words."""

    left_out: frozenset[int]
    """Which words of the text are no words here: the numbers of list items."""

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The words with the punctuation and spaces around them. Only what is shown needs them."""
        return tuple(shown for k, shown in enumerate(self.written.all_shown()) if k not in self.left_out)


def page_words(golden: Golden) -> PageWords:
    """The words of a golden's page with their labels; of a word of the main content across two kinds, the first counts."""
    lines = list(golden.lines())
    joins = _agreed({join for line in lines for join in _joins(line)})
    segments = [segment for line in lines for segment in line]
    pieces = [visible_pieces([segment.text for segment in line]) for line in lines]
    if not segments:
        return PageWords((), (), (), (), (), (), (), joins)
    # Where each segment ends in the text, its line break included.
    lengths = np.array([len(piece) for line in pieces for piece in line], np.int64)
    last = np.cumsum([len(line) for line in lines]) - 1
    spans = lengths.copy()
    spans[last] += 1
    ends = np.cumsum(spans)
    verdicts = np.array([segment.verdict for segment in segments], object)
    changes = np.append((verdicts[:-1] != verdicts[1:]) | (verdicts[:-1] != "keep"), False)
    changes[last] = False
    written = _unjoined(words_of_lines(["".join(line) for line in pieces], ends[changes].tolist()), joins)
    owners = np.searchsorted(ends, written.starts, "right")
    known: dict[str, str] = {}  # one string for all places of a word: pages stay in memory by the hundred
    several = any(segment.notation for segment in segments)
    after = _between_kept(written, lines, pieces, ends - spans, owners)
    return PageWords(
        tuple(map(known.setdefault, written.words, written.words)),
        tuple(verdicts[owners].tolist()),
        _of(segments, "kind", owners),
        _of(segments, "line", owners),
        tuple(map(known.setdefault, after, after)),
        _of(segments, "preformatted", owners),
        _of(segments, "cell", owners),
        joins,
        written,
        notations=_of(segments, "notation", owners) if several else (),
        golden=golden if several else None,
    )


def _of(segments: Sequence[Segment], field: str, owners: Ints) -> tuple[Any, ...]:
    """What the segment of each word has in a field."""
    values = np.empty(len(segments), object)
    values[:] = list(map(attrgetter(field), segments))
    return tuple(values[owners].tolist())


def _between_kept(
    words: LineWords,
    lines: Sequence[Sequence[Segment]],
    pieces: Sequence[Sequence[str]],
    segment_starts: Ints,
    owners: Ints,
) -> list[str]:
    """What stands after each `keep` word up to the next one in the text that has only the `keep` segments, as PageWords has
    it. owners: the segment of each word."""
    parts: list[str] = []
    starts: list[int] = []  # of each segment in that text
    size = 0
    for segments, texts in zip(lines, pieces):
        kept = [segment.verdict == "keep" for segment in segments]
        if size and any(kept):
            parts.append("\n")
            size += 1
        for is_kept, text in zip(kept, texts):
            starts.append(size if is_kept else -1)
            if is_kept:
                parts.append(text)
                size += len(text)
    text = "".join(parts)
    start_of = np.array(starts, np.int64)[owners]
    kept_words = np.flatnonzero(start_of >= 0)
    begins = (start_of + words.starts - segment_starts[owners])[kept_words]
    ends = begins + (words.ends - words.starts)[kept_words]
    after = [""] * len(words.words)
    for k, end, following in zip(kept_words.tolist(), ends.tolist(), [*begins[1:].tolist(), size]):
        after[k] = text[end:following]
    return after


def output_words(page: PageWords, output: str) -> OutputWords:
    """The words of an output of a page, line by line; what the page has in parts, in these parts.

    The number of a list item is no word: a browser writes it, and markup says it without one. A number that the text of
    the page has before the same word, with a full stop or parenthesis, is one.
    """
    rows = visible(output).splitlines()
    written = _unjoined(words_of_lines(rows), page.joins)
    words, lines = written.words, written.lines.tolist()
    ends = written.ends.tolist()
    after = [written.text[end:start] for end, start in zip(ends, [*written.starts[1:].tolist(), len(written.text)])]
    first_words = np.searchsorted(written.starts, written.line_starts).tolist()
    numbered = ((first, row) for first, row in zip(first_words, rows) if first < len(words) and words[first].isdecimal())
    numbers = (i for first, row in numbered for i in range(first, first + len(list_numbers(row))))
    left_out = frozenset(i for i in numbers if i + 1 < len(words) and (words[i], words[i + 1]) not in page.numbers)
    if left_out:
        rest = [i for i in range(len(words)) if i not in left_out]
        words, lines, after = [words[i] for i in rest], [lines[i] for i in rest], _joined_gaps(after, left_out)
    return OutputWords(tuple(words), tuple(lines), tuple(after), written, left_out)


def _joined_gaps(after: Sequence[str], left_out: frozenset[int]) -> list[str]:
    """What stands after each word that remains, without the full stops and parentheses of the numbers left out."""
    gaps: list[list[str]] = []
    for i, gap in enumerate(after):
        if i not in left_out:
            gaps.append([gap])
        elif gaps:
            gaps[-1].append(gap.lstrip(LIST_NUMBER_ENDS))
    return ["".join(parts) for parts in gaps]


def _unjoined(found: LineWords, joins: Mapping[str, tuple[str, ...]]) -> LineWords:
    """Words with their parts instead of those that join several."""
    if not joins or joins.keys().isdisjoint(found.words):
        return found
    rows = zip(found.words, found.starts.tolist(), found.ends.tolist())
    words = [part for row in rows for part in _split(Word(*row), joins.get(row[0], ()))]
    starts, ends = (np.array([word[k] for word in words], np.int64) for k in (1, 2))
    return replace(found, words=[word.text for word in words], starts=starts, ends=ends)


def _split(word: Word, parts: Sequence[str]) -> Iterator[Word]:
    """The parts of a word; each has the place of the whole where letters are not compared as they stand, as in ligatures."""
    if not parts:
        yield word
    start = word.start
    for part in parts:
        as_written = word.end - word.start == len(word.text)
        yield Word(part, start, start + len(part)) if as_written else Word(part, word.start, word.end)
        start += len(part)


def _joins(line: Sequence[Segment]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words that an output of a line may have in one though a word of the page ends within them: as the line has them,
    without its `drop` text, or with its `keep` or `maybe` text only."""
    if not any(_ends_words(before, behind) for before, behind in pairwise(line)):
        return
    for verdicts in (("keep", "maybe", "drop"), ("keep", "maybe"), ("keep",), ("maybe",)):
        places = [place for place, segment in enumerate(line) if segment.verdict in verdicts]
        pieces = visible_pieces([line[place].text for place in places])
        ends = accumulate(map(len, pieces))
        text = "".join(pieces)
        borders = [
            end
            for end, (before, behind) in zip(ends, pairwise(places))
            if behind > before + 1 or _ends_words(line[before], line[behind])
        ]
        for word in find_words(text):
            parts = [part.text for part in cut_word(text, word, borders)]
            if len(parts) > 1:
                yield "".join(parts), tuple(parts)
            for size in range(2, min(_MAX_JOINED + 1, len(parts))):
                for first in range(len(parts) - size + 1):
                    yield "".join(parts[first : first + size]), tuple(parts[first : first + size])


def _ends_words(segment: Segment, following: Segment) -> bool:
    """Whether words end between two segments of a line, though no space may stand there."""
    return segment.verdict != following.verdict or segment.verdict != "keep"


def _agreed(joins: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Joined words with their parts; where two joins of one word differ, it is cut in the places of both, and so are their
    parts wherever they stand."""
    joins = list(joins)
    cuts: dict[str, set[int]] = {joined: set() for joined, _ in joins}
    pieces = [
        (joined, part, end - len(part)) for joined, parts in joins for part, end in zip(parts, accumulate(map(len, parts)))
    ]
    before = -1
    while before < (before := sum(map(len, cuts.values()))):
        for joined, part, start in pieces:
            cuts[joined].add(start)
            cuts[joined] |= {start + cut for cut in cuts.get(part, ())}
            if inside := {cut - start for cut in cuts[joined] if start < cut < start + len(part)}:
                cuts.setdefault(part, set()).update(inside)
    return {
        joined: tuple(joined[start:end] for start, end in pairwise([*sorted(places | {0}), len(joined)]))
        for joined, places in cuts.items()
    }
