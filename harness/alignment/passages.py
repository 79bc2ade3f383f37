"""Passages: text that an output shares with its page, and that is too long or too exact to be there by chance.

A passage is a run of at least four words that both have, where the page is read whole, without its `drop` words, or with
its `keep` words only. Any two texts of a language share runs of four to seven words, such as "at the end of the", so runs of
fewer than eight that have no whole segment count only among others: together they must be a third of the lines of the
output and of the segments of the page that they lie in.

A whole segment of the page, which is what has one verdict within one line, may be shorter: it is a passage if it fills,
alone or with other ones, what such runs leave of a line of the output. Characters of scripts without spaces count as a part
of a word, since any two texts of such a script share runs of four.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from harness.alignment.common_runs import Ints, RunIndex, Runs, runs_of_pairs, shares, stretches
from harness.alignment.short_segments import ShortSegments
from harness.pages.words import FIRST_UNSPACED, weight

Bools = NDArray[np.bool_]

PASSAGE = 4
"""Words from which on a run is a passage wherever it stands."""
WORD_WEIGHT = weight("word")
"""What a word weighs that is written between spaces."""
_ENOUGH = PASSAGE * WORD_WEIGHT
_LONG = 2 * _ENOUGH  # what a run weighs that is a passage whatever stands around it
_SHARE = 1 / 3  # of the lines and segments that shorter runs lie in; from 1/4 to 1/2 measured scores are nearly the same

DROP, MAYBE, KEEP = range(3)
VERDICT_NUMBERS = {"drop": DROP, "maybe": MAYBE, "keep": KEEP}


@dataclass(frozen=True)
class Passages:
    """Passages, each within one segment of the page. The arrays run parallel."""

    page: Ints
    """The page's word that each begins at."""

    output: Ints
    """The output's word that each begins at."""

    lengths: Ints
    """Words of each."""

    run_lengths: Ints
    """Words of the run that each was cut from, which may go on in other segments."""

    def __len__(self) -> int:
        return len(self.page)

    def __getitem__(self, chosen: Bools | Ints | slice) -> Passages:
        return Passages(self.page[chosen], self.output[chosen], self.lengths[chosen], self.run_lengths[chosen])

    @staticmethod
    def joined(parts: Sequence[Passages]) -> Passages:
        """All passages of several."""
        return Passages(
            np.concatenate([part.page for part in parts]),
            np.concatenate([part.output for part in parts]),
            np.concatenate([part.lengths for part in parts]),
            np.concatenate([part.run_lengths for part in parts]),
        )


class PageText:
    """The words of a page as arrays, and the runs in them."""

    def __init__(self, words: Sequence[str], verdicts: Ints, lines: Ints, parts: Ints) -> None:
        """The sequences run parallel: each word, its verdict as a number, its line, which never falls, and the number of the
        piece of text with a label of its own that it stands in."""
        codes: defaultdict[str, int] = defaultdict()
        codes.default_factory = codes.__len__
        self.words = np.fromiter(map(codes.__getitem__, words), np.int64, len(words))
        codes.default_factory = None  # which refers to the codes: only the search for garbage would free them
        self.codes: Mapping[str, int] = codes
        self.weights = np.full(len(words), WORD_WEIGHT, np.int64)
        if max(codes, default="") >= FIRST_UNSPACED:
            self.weights = np.fromiter(map(weight, codes), np.int64, len(codes))[self.words]
        self.weights_before = np.concatenate([[0], np.cumsum(self.weights)])
        self._lines = lines
        self.verdicts = verdicts
        size = len(self.words)
        changes = np.diff(lines) | np.diff(verdicts) if size else np.zeros(0, np.int64)
        borders = np.flatnonzero(np.concatenate([[True], changes != 0, [True]])) if size else np.zeros(1, np.int64)
        self.segment_starts = borders[:-1]
        self.segments = np.repeat(np.arange(len(borders) - 1), np.diff(borders))
        self.starts_segment = np.zeros(size + 1, bool)
        self.starts_segment[borders] = True
        self.starts_part = self.starts_segment.copy()  # of optional text, which may come out in part
        self.starts_part[1:size] |= (np.diff(parts) != 0) & (verdicts[1:] == MAYBE)
        self.keep = np.flatnonzero(self.verdicts == KEEP)
        self.keep_weights_before = np.concatenate([[0], np.cumsum(self.weights[self.keep])])
        self.ranks = np.cumsum(self.verdicts == KEEP) - 1

    @cached_property
    def keep_words(self) -> list[int]:
        """The `keep` words."""
        words: list[int] = self.words[self.keep].tolist()
        return words

    @cached_property
    def keep_weights(self) -> list[int]:
        """What each of them weighs."""
        weights: list[int] = self.weights[self.keep].tolist()
        return weights

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The page read whole, without its `drop` words, and with its `keep` words only; each different one once."""
        kept = [np.flatnonzero(self.verdicts >= least) for least in (DROP, MAYBE, KEEP)]
        sizes = [len(places) for places in kept]
        return tuple(Reading(self, places) for k, places in enumerate(kept) if len(places) and sizes.index(len(places)) == k)

    @cached_property
    def short_segments(self) -> ShortSegments:
        """The segments that are too short for a passage of their own, the short parts of optional ones, and all that a line
        has of one verdict, where text of other verdicts parts it. Segments of `drop` and `maybe` text are optional."""
        sizes = np.diff(self.segment_starts, append=len(self.words))
        starts, lengths = self._short(self.segment_starts, sizes)
        part_starts, part_lengths = self._short(*self._parts())
        parted = self._parted(sizes)
        heads = [*starts.tolist(), *(positions[0] for positions in parted)]
        optional = np.insert(self.verdicts[heads] != KEEP, len(starts), np.zeros(len(part_starts), bool))
        starts, lengths = np.append(starts, part_starts), np.append(lengths, part_lengths)
        return ShortSegments(self.words, self.verdicts, optional, starts, lengths, parted)

    def _short(self, starts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
        short = self.weights_before[starts + lengths] - self.weights_before[starts] < _ENOUGH
        return starts[short], lengths[short]

    def _parts(self) -> tuple[Ints, Ints]:
        """Where the parts of optional segments begin that are no whole ones, and their words."""
        borders = np.flatnonzero(self.starts_part)
        starts, lengths = borders[:-1], np.diff(borders)
        parts = ~self.fills_segment(starts, lengths)
        return starts[parts], lengths[parts]

    def _parted(self, sizes: Ints) -> list[list[int]]:
        """All positions of each line and verdict that have several segments, but are short together."""
        lines = self._lines[self.segment_starts]
        if np.diff(lines).all():
            return []
        keys = lines * len(VERDICT_NUMBERS) + self.verdicts[self.segment_starts]
        _, first, group, segments = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
        fit = (segments > 1) & (np.bincount(group, sizes, len(first)) < _ENOUGH)
        found = []
        for number in np.flatnonzero(fit)[np.argsort(first[fit])].tolist():
            chosen = group == number
            places = stretches(self.segment_starts[chosen], sizes[chosen])
            if self.weights[places].sum() < _ENOUGH:
                found.append(places.tolist())
        return found

    def fills_segment(self, starts: Ints, lengths: Ints) -> Bools:
        """Whether stretches begin where a segment begins and end where one ends."""
        filled: Bools = self.starts_segment[starts] & self.starts_segment[starts + lengths]
        return filled


class Reading:
    """Some words of a page, read as one text."""

    def __init__(self, page: PageText, places: Ints) -> None:
        """places: positions on the page."""
        self._places = places
        self.index = RunIndex(page.words[places])
        self._weights = np.concatenate([[0], np.cumsum(page.weights[places])])
        self._borders = np.flatnonzero(np.diff(page.segments[places], prepend=-1, append=-1))  # of segments, and the end
        self._part_borders = np.flatnonzero(np.diff(np.cumsum(page.starts_part)[places], prepend=-1, append=-1))

    def passages(self, output: OutputText) -> Passages:
        """All runs that an output shares with this reading and that are not there by chance, cut at the borders of
        segments."""
        runs = self.index.runs(output.words, PASSAGE)
        weights = self._weights[runs.a + runs.lengths] - self._weights[runs.a]
        runs, weights = runs[weights >= _ENOUGH], weights[weights >= _ENOUGH]
        if (weights < _LONG).any():
            certain = (weights >= _LONG) | (self._weight_of_whole_parts(runs) >= _ENOUGH)
            if not certain.all():
                of_segments = shares(runs.a, runs.lengths, self._borders)
                of_lines = shares(runs.b, runs.lengths, output.line_borders)
                runs = runs[certain | (np.minimum(of_segments, of_lines) >= _SHARE)]
        ends = runs.a + runs.lengths
        first = np.searchsorted(self._borders, runs.a, "right") - 1
        pieces = np.searchsorted(self._borders, ends) - first
        piece = stretches(first, pieces)
        starts = np.maximum(self._borders[piece], np.repeat(runs.a, pieces))
        lengths = np.minimum(self._borders[piece + 1], np.repeat(ends, pieces)) - starts
        in_output = starts + np.repeat(runs.b - runs.a, pieces)
        return Passages(self._places[starts], in_output, lengths, np.repeat(runs.lengths, pieces))

    def _weight_of_whole_parts(self, runs: Runs) -> Ints:
        """What the whole segments, and parts of optional ones, in each run weigh together; less than nothing where there is
        none."""
        first = self._part_borders[np.searchsorted(self._part_borders, runs.a)]
        end = self._part_borders[np.searchsorted(self._part_borders, runs.a + runs.lengths, "right") - 1]
        return np.asarray(self._weights[end] - self._weights[first])


class OutputText:
    """The words of an output as arrays."""

    def __init__(self, page: PageText, words: Sequence[str], lines: Ints) -> None:
        """The sequences run parallel: each word, and its line, which never falls."""
        codes = page.codes
        self.words = np.fromiter(map(codes.get, words, repeat(-1)), np.int64, len(words))
        size = len(self.words)
        changes = np.diff(np.asarray(lines, np.int64)) != 0 if size else np.zeros(0, bool)
        self.line_borders = np.flatnonzero(np.concatenate([[True], changes, [True]])) if size else np.zeros(1, np.int64)
        self.starts_line = np.zeros(size + 1, bool)
        self.starts_line[self.line_borders] = True

    def __len__(self) -> int:
        return len(self.words)

    def fills_line(self, starts: Ints, lengths: Ints) -> Bools:
        """Whether stretches begin where a line begins and end where one ends."""
        filled: Bools = self.starts_line[starts] & self.starts_line[starts + lengths]
        return filled


def passages_of(page: PageText, output: OutputText) -> Passages:
    """All passages, of all verdicts."""
    long = Passages.joined([Passages(*np.zeros((4, 0), np.int64)), *(reading.passages(output) for reading in page.readings)])
    return Passages.joined([long, *_short_passages(page, output, long)]) if len(output) else long


def _short_passages(page: PageText, output: OutputText, long: Passages) -> Iterator[Passages]:
    """Short segments that fill, alone or one after the other, what whole ends of other segments leave of a line of the
    output. Those of `drop` and `maybe` text that have two or more words may stand anywhere: all that they can do is to
    explain words that are in no other passage."""
    long = long[(long.lengths >= PASSAGE) | page.fills_segment(long.page, long.lengths)]
    covered = longest_over(long, long.lengths, len(output)) > 0
    begins, ends = output.starts_line.copy(), output.starts_line.copy()
    begins[(long.output + long.lengths)[page.starts_part[long.page + long.lengths]]] = True
    ends[long.output[page.starts_part[long.page]]] = True
    cut = np.concatenate([[True], covered[1:] != covered[:-1], [True]])
    borders = (np.flatnonzero(places) for places in (cut, cut | output.starts_line, output.starts_line))
    width = len(output) + 1
    spans = np.sort(np.concatenate([places[:-1] * width + places[1:] for places in borders]))
    starts, stops = np.divmod(spans[np.diff(spans, prepend=-1) != 0], width)
    fit = begins[starts] & ends[stops] & (~covered[starts] | (stops - starts < _ENOUGH))
    yield Passages(*page.short_segments.filling(output.words, starts[fit], stops[fit]))
    yield Passages(*page.short_segments.inside(output.words))


def keep_runs(page: PageText, passages: Passages, output_length: int) -> Runs:
    """The runs of `keep` words (rank among them, position in the output) that passages give, joined where they touch."""
    keep = passages[page.verdicts[passages.page] == KEEP]
    ranks = stretches(page.ranks[keep.page], keep.lengths)
    return runs_of_pairs(ranks, stretches(keep.output, keep.lengths), output_length)


def longest_over(passages: Passages | Runs, values: Ints, size: int) -> Ints:
    """For each position of the output the highest value of a passage over it, else 0. values: one for each passage."""
    starts = passages.output if isinstance(passages, Passages) else passages.b
    longest = np.zeros(size, np.int64)
    np.maximum.at(longest, stretches(starts, passages.lengths), np.repeat(values, passages.lengths))
    return longest
