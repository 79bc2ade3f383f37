"""Segments of a page that are too short to be told from a coincidence by their words alone, and where an output has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

import numpy as np
from numpy.typing import NDArray

from harness.alignment.common_runs import Ints, stretches

_MAX_PLACES = 16  # equal segments of each verdict that a place in an output is compared with
_MAX_ROWS = 200_000  # of all places together; beyond, each is compared with fewer segments, but with one of each verdict
_NUMBER, _RANK, _PLACE, _OFFSET, _LENGTH, _SIZE, _OPTIONAL = range(7)  # columns

Found = Sequence[tuple[int, int]]  # (where a segment begins in an output, its number)
Places = tuple[Ints, Ints, Ints, Ints]
"""For each place of segments that were found: position on the page, position in the output, words in a row, words of the
segment."""


class ShortSegments:
    """Short segments, by their words. Equal ones have one number."""

    def __init__(
        self, words: Sequence[int], segments: Sequence[Sequence[int]], verdicts: Ints, optional: NDArray[np.bool_]
    ) -> None:
        """words: those of the page, as numbers from 0. segments: the positions of each, which may have gaps. verdicts:
        of each. optional: which may stand anywhere in an output (see `inside`)."""
        self._numbers: dict[tuple[int, ...], int] = {}
        known = self._numbers
        texts = (
            tuple(words[where.start : where.stop] if isinstance(where, range) else [words[i] for i in where])
            for where in segments
        )
        numbers = np.array([known.setdefault(text, len(known)) for text in texts], np.int64)
        ranks = _ranks(numbers * (int(verdicts.max(initial=0)) + 1) + verdicts)
        rows = [
            (number, rank, place, offset, length, len(where), is_optional)
            for number, rank, where, is_optional in zip(numbers.tolist(), ranks.tolist(), segments, optional.tolist())
            if rank < _MAX_PLACES
            for offset, place, length in _rows(where)
        ]
        rows.sort()
        self._columns = np.ascontiguousarray(
            np.fromiter(chain.from_iterable(rows), np.int64, 7 * len(rows)).reshape(-1, 7).T
        )
        self._optional_columns = np.ascontiguousarray(self._columns[:, self._columns[_OPTIONAL] == 1])
        self._sizes: dict[int, list[int]] = {}
        for text in sorted(known, key=len, reverse=True):
            sizes = self._sizes.setdefault(text[0], [])
            if len(text) not in sizes:
                sizes.append(len(text))
        self._is_head = np.zeros(max(words, default=0) + 2, bool)  # the last one is for words that the page does not have
        self._is_head[list(self._sizes)] = True
        self._optional = set(numbers[optional].tolist())
        pairs = {text[:2] for text, number in known.items() if len(text) > 1 and number in self._optional}
        self._pairs = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        self._begins_pair = np.zeros(len(self._is_head), bool)
        self._begins_pair[self._pairs[:, 0]] = True

    def filling(self, output: Ints, starts: Ints, ends: Ints) -> Places:
        """Segments that fill stretches of an output, one after the other; of several that begin alike, the longest."""
        chosen = self._is_head[output[starts]]
        words = output.tolist()
        found = [
            found
            for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist())
            for found in self._parts(words, start, end)
        ]
        return self._places(found, self._columns)

    def _parts(self, words: Sequence[int], start: int, end: int) -> Found:
        found: list[tuple[int, int]] = []
        while start < end:
            for size in self._sizes.get(words[start], ()):
                number = self._numbers.get(tuple(words[start : start + size]))
                if number is not None and start + size <= end:
                    break
            else:
                return ()
            found.append((start, number))
            start += size
        return found

    def inside(self, output: Ints) -> Places:
        """Optional segments of two and more words wherever an output has them."""
        width = len(self._is_head)
        starts = np.flatnonzero(self._begins_pair[output[:-1]])
        pairs = np.isin(output[starts] * width + output[starts + 1], self._pairs[:, 0] * width + self._pairs[:, 1])
        starts = starts[pairs]
        words = output.tolist()
        found = [
            (start, number)
            for start in starts.tolist()
            for size in self._sizes.get(words[start], ())
            if size > 1 and (number := self._numbers.get(tuple(words[start : start + size]), -1)) in self._optional
        ]
        return self._places(found, self._optional_columns)

    def _places(self, found: Found, columns: Ints) -> Places:
        starts, numbers = np.fromiter(chain.from_iterable(found), np.int64, 2 * len(found)).reshape(-1, 2).T
        most = _MAX_ROWS // max(1, len(found))
        if most < _MAX_PLACES:
            columns = columns[:, columns[_RANK] < max(1, most)]
        first = np.searchsorted(columns[_NUMBER], numbers)
        counts = np.searchsorted(columns[_NUMBER], numbers, "right") - first
        chosen = stretches(first, counts)
        begins = np.repeat(starts, counts) + columns[_OFFSET, chosen]
        return columns[_PLACE, chosen], begins, columns[_LENGTH, chosen], columns[_SIZE, chosen]


def _ranks(keys: Ints) -> Ints:
    """How many equal ones stand before each."""
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    ranks = np.empty_like(keys)
    ranks[order] = np.arange(len(keys)) - np.searchsorted(in_order, in_order)
    return ranks


def _rows(positions: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Where positions follow each other without a gap: (how many stand before, the first, how many there are)."""
    if positions[-1] - positions[0] + 1 == len(positions):
        yield 0, positions[0], len(positions)
        return
    for _, group in groupby(enumerate(positions), key=lambda item: item[1] - item[0]):
        (offset, place), *rest = group
        yield offset, place, 1 + len(rest)
