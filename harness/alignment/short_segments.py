"""Segments of a page that are too short to be told from a coincidence by their words alone, and where an output has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, groupby

import numpy as np

from harness.alignment.common_runs import Ints, stretches

_MAX_PLACES = 16  # equal segments of each verdict that a place in an output is compared with
_MAX_ROWS = 200_000  # of all places together; beyond, each is compared with fewer segments, but with one of each verdict

Found = Sequence[tuple[int, int]]  # (where a segment begins in an output, its number)


class ShortSegments:
    """Short segments, by their words. Equal ones have one number."""

    def __init__(self, segments: Iterable[tuple[tuple[int, ...], int, Sequence[int]]]) -> None:
        """segments: of each the words as numbers from 0, the verdict, and the positions on the page, which may have gaps."""
        self._numbers: dict[tuple[int, ...], int] = {}
        equal: Counter[tuple[int, int]] = Counter()  # by number and verdict
        pieces: list[tuple[int, ...]] = []
        for words, verdict, positions in segments:
            number = self._numbers.setdefault(words, len(self._numbers))
            equal[number, verdict] += 1
            if equal[number, verdict] > _MAX_PLACES:
                continue
            for _, group in groupby(enumerate(positions), key=lambda item: item[1] - item[0]):
                (offset, place), *rest = group
                pieces.append((number, equal[number, verdict], place, offset, 1 + len(rest), len(words)))
        self._pieces = np.array(sorted(pieces), np.int64).reshape(-1, 6)
        self._sizes: dict[int, list[int]] = {}
        for words in sorted(self._numbers, key=len, reverse=True):
            sizes = self._sizes.setdefault(words[0], [])
            if len(words) not in sizes:
                sizes.append(len(words))
        self._heads = np.array(sorted(self._sizes), np.int64)
        self._pairs = np.array(sorted({words[:2] for words in self._numbers if len(words) > 1}), np.int64).reshape(-1, 2)

    def filling(self, output: Ints, starts: Ints, ends: Ints) -> Found:
        """Segments that fill stretches of an output, one after the other; of several that begin alike, the longest."""
        chosen = np.isin(output[starts], self._heads)
        words = output.tolist()
        return [
            found
            for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist())
            for found in self._parts(words, start, end)
        ]

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

    def inside(self, output: Ints) -> Found:
        """Segments of two and more words wherever an output has them."""
        width = int(output.max(initial=0)) + 1
        pairs = self._pairs[(self._pairs < width).all(axis=1)]
        starts = np.flatnonzero(np.isin(output[:-1] * width + output[1:], pairs[:, 0] * width + pairs[:, 1]))
        words = output.tolist()
        return [
            (start, number)
            for start in starts.tolist()
            for size in self._sizes.get(words[start], ())
            if size > 1 and (number := self._numbers.get(tuple(words[start : start + size]))) is not None
        ]

    def places(self, found: Found) -> tuple[Ints, Ints, Ints, Ints]:
        """For each place of the segments found: position on the page, position in the output, words in a row, words of the
        segment."""
        starts, numbers = np.fromiter(chain.from_iterable(found), np.int64, 2 * len(found)).reshape(-1, 2).T
        most = max(1, min(_MAX_PLACES, _MAX_ROWS // max(1, len(found))))
        pieces = self._pieces[self._pieces[:, 1] <= most]
        first = np.searchsorted(pieces[:, 0], numbers)
        counts = np.searchsorted(pieces[:, 0], numbers, "right") - first
        chosen = stretches(first, counts)
        place, offset, length, size = (pieces[:, column][chosen] for column in (2, 3, 4, 5))
        return place, np.repeat(starts, counts) + offset, length, size
