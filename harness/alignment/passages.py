"""Passages: text that an output shares with its page, and that is too long or too exact to be there by chance.

A passage is a run of at least four words that both have, where the page is read whole, without its `drop` words, or with
its `keep` words only; or a shorter run that is both a whole line of the output and a whole segment of the page. A segment
is what has one verdict within one line. Characters of scripts without spaces count as a part of a word, since any two
texts of such a script share runs of four.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from harness.alignment.common_runs import Ints, RunIndex, Runs, runs_of_pairs, stretches
from harness.goldens.vocabulary import Verdict
from harness.pages.words import weight

Bools = NDArray[np.bool_]

PASSAGE = 4
"""Words from which on a run is a passage wherever it stands."""
WORD_WEIGHT = weight("word")
"""What a word weighs that is written between spaces."""
_ENOUGH = PASSAGE * WORD_WEIGHT
_MAX_PLACES = 16  # equal segments that a short line is compared with

DROP, MAYBE, KEEP = range(3)
_CODES = {"drop": DROP, "maybe": MAYBE, "keep": KEEP}


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

    def __getitem__(self, chosen: Bools | Ints) -> Passages:
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

    def __init__(self, words: Sequence[str], verdicts: Sequence[Verdict], lines: Sequence[int]) -> None:
        """The sequences run parallel: each word, its verdict, and its line, which never falls."""
        self.codes: dict[str, int] = {}
        self.words = np.array([self.codes.setdefault(word, len(self.codes)) for word in words], np.int64)
        weight_of = np.array([weight(word) for word in self.codes], np.int64)
        self.weights = weight_of[self.words]
        self.weights_before = np.concatenate([[0], np.cumsum(self.weights)])
        self._lines = lines
        self.verdicts = np.array([_CODES[verdict] for verdict in verdicts], np.int64)
        size = len(self.words)
        changes = np.diff(np.asarray(lines, np.int64)) | np.diff(self.verdicts) if size else np.zeros(0, np.int64)
        borders = np.flatnonzero(np.concatenate([[True], changes != 0, [True]])) if size else np.zeros(1, np.int64)
        self.segment_starts = borders[:-1]
        self.segments = np.repeat(np.arange(len(borders) - 1), np.diff(borders))
        self.starts_segment = np.zeros(size + 1, bool)
        self.starts_segment[borders] = True
        self.keep = np.flatnonzero(self.verdicts == KEEP)
        self.keep_weights_before = np.concatenate([[0], np.cumsum(self.weights[self.keep])])
        self.ranks = np.cumsum(self.verdicts == KEEP) - 1

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The page read whole, without its `drop` words, and with its `keep` words only; each different one once."""
        kept = [np.flatnonzero(self.verdicts >= least) for least in (DROP, MAYBE, KEEP)]
        sizes = [len(places) for places in kept]
        return tuple(Reading(self, places) for k, places in enumerate(kept) if len(places) and sizes.index(len(places)) == k)

    @cached_property
    def short_segments(self) -> dict[tuple[int, ...], list[list[int]]]:
        """The positions of each segment that is too short for a passage of its own, by its words; and of all that a line has
        of one verdict, where text of other verdicts parts it."""
        ends = np.append(self.segment_starts[1:], len(self.words))
        of_line: dict[tuple[int, int], list[list[int]]] = {}
        for start, end in zip(self.segment_starts.tolist(), ends.tolist()):
            of_line.setdefault((self._lines[start], int(self.verdicts[start])), []).append(list(range(start, end)))
        found: dict[tuple[int, ...], list[list[int]]] = {}
        for segments in of_line.values():
            whole = [list(chain.from_iterable(segments))] if len(segments) > 1 else []
            for places in (*segments, *whole):
                if len(places) < _ENOUGH and self.weights[places].sum() < _ENOUGH:
                    equal = found.setdefault(tuple(self.words[places].tolist()), [])
                    if len(equal) < _MAX_PLACES:
                        equal.append(places)
        return found

    def fills_segment(self, starts: Ints, lengths: Ints) -> Bools:
        """Whether stretches begin where a segment begins and end where one ends."""
        filled: Bools = self.starts_segment[starts] & self.starts_segment[starts + lengths]
        return filled


class Reading:
    """Some words of a page, read as one text."""

    def __init__(self, page: PageText, places: Ints) -> None:
        """places: positions on the page."""
        self._page = page
        self._places = places
        self.index = RunIndex(page.words[places])
        self._weights = np.concatenate([[0], np.cumsum(page.weights[places])])

    def passages(self, output: Ints) -> Passages:
        """All runs that an output shares with this reading, cut at the borders of segments."""
        runs = self.index.runs(output, PASSAGE)
        runs = runs[self._weights[runs.a + runs.lengths] - self._weights[runs.a] >= _ENOUGH]
        place = self._places[stretches(runs.a, runs.lengths)]
        run = np.repeat(np.arange(len(runs.lengths)), runs.lengths)
        segment = self._page.segments[place]
        first = np.flatnonzero(np.concatenate([[True], (np.diff(run) | np.diff(segment)) != 0])) if len(run) else run
        lengths = np.diff(np.append(first, len(run)))
        return Passages(place[first], stretches(runs.b, runs.lengths)[first], lengths, runs.lengths[run[first]])


class OutputText:
    """The words of an output as arrays."""

    def __init__(self, page: PageText, words: Sequence[str], lines: Sequence[int]) -> None:
        """The sequences run parallel: each word, and its line, which never falls."""
        codes = page.codes
        self.words = np.array([codes.get(word, -1) for word in words], np.int64)
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
    return Passages.joined([*(reading.passages(output.words) for reading in page.readings), _short_passages(page, output)])


def _short_passages(page: PageText, output: OutputText) -> Passages:
    """Short segments that are a line of the output. Those of `drop` and `maybe` text that have two or more words may stand
    within a line, too: all that they can do is to explain words that are in no other passage."""
    rows: list[tuple[int, int, int, int]] = []
    for start, length, is_line in _short_matches(page, output):
        for places in page.short_segments[tuple(output.words[start : start + length].tolist())]:
            if is_line or (length > 1 and page.verdicts[places[0]] != KEEP):
                for _, group in groupby(enumerate(places), key=lambda item: item[1] - item[0]):
                    (k, place), *rest = group
                    rows.append((place, start + k, 1 + len(rest), length))
    found = np.array(rows, np.int64).reshape(-1, 4)
    return Passages(found[:, 0], found[:, 1], found[:, 2], found[:, 3])


def _short_matches(page: PageText, output: OutputText) -> Iterator[tuple[int, int, bool]]:
    """(start, length, whether it is a line) of the stretches of the output that are a short segment of the page."""
    segments = page.short_segments
    if not segments:
        return
    words = output.words.tolist()
    borders = output.line_borders.tolist()
    for start, end in pairwise(borders):
        if end - start < _ENOUGH and tuple(words[start:end]) in segments:
            yield start, end - start, True
    if len(words) < 2 or not page.readings:
        return
    whole = page.readings[0].index
    sizes = sorted({len(segment) for segment in segments if len(segment) > 1})
    begins = np.zeros(len(page.words), bool)
    begins[[places[0] for segment, equal in segments.items() if len(segment) > 1 for places in equal]] = True
    heads = np.zeros(len(page.words) + 1, bool)  # by the number of the pair; the last for pairs that the page has not
    heads[whole.pairs[begins[:-1]]] = True
    for start in np.flatnonzero(heads[whole.places_of_pairs(output.words)]).tolist():
        for size in sizes:
            end = start + size
            if end > len(words):
                break
            is_line = output.starts_line[start] and output.starts_line[end]
            if not is_line and tuple(words[start:end]) in segments:
                yield start, size, False


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
