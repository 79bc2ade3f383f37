"""Runs of items in a row that two sequences share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_MAX_PAIRS = 3_000_000  # pairs of equal grams looked at; beyond, longer grams are looked for
_MAX_PLACES = 64  # places of one gram looked at where even the longest grams have too many pairs
_MAX_LAST_PAIRS = 3_000_000  # pairs of the longest grams; beyond, fewer places are looked at
_MAX_RUNS = 200_000
_MAX_KEY = 1 << 63
_MIN_ITEMS = 100_000  # items that all runs may have together, beside the number of those of the two sequences


@dataclass(frozen=True)
class Runs:
    """Stretches that two sequences have in common. The arrays run parallel."""

    a: Ints
    """Where each begins in the first sequence."""

    b: Ints
    """Where each begins in the second sequence."""

    lengths: Ints
    """How many items each has."""

    def __getitem__(self, chosen: NDArray[np.bool_] | Ints) -> Runs:
        return Runs(self.a[chosen], self.b[chosen], self.lengths[chosen])


@dataclass(frozen=True)
class _Grams:
    """All stretches of one length of a sequence, numbered so that equal stretches have equal numbers."""

    length: int
    numbers: Ints
    """The number of the stretch that begins at each position."""

    keys: Ints
    """What each number stands for: the numbers of its parts, as one."""

    @cached_property
    def order(self) -> Ints:
        """The positions, sorted by number."""
        few = len(self.keys) <= 1 << 16  # short integers are sorted by radix
        return np.argsort(self.numbers.astype(np.uint16) if few else self.numbers, kind="stable")

    @cached_property
    def starts(self) -> Ints:
        """Where in `order` the positions of each number begin, and the end."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.numbers, minlength=len(self.keys)))])


class RunIndex:
    """Finds the runs that other sequences share with one."""

    def __init__(self, items: Ints) -> None:
        """items: numbers from 0."""
        self._length = len(items)
        kinds = int(items.max()) + 1 if len(items) else 0
        self._items = _Grams(1, items, np.arange(kinds))
        self._longer: dict[int, _Grams] = {}  # by length

    def runs(self, other: Ints, least: int) -> Runs:
        """All maximal runs of at least so many items (a power of 2); of texts that repeat themselves endlessly the longest.

        other: items, -1 for those that have no number.
        """
        grams, numbers = self._items, np.where(other < len(self._items.keys), other, -1)
        while grams.length < least:
            in_one_step = least >= 4 * grams.length and len(grams.keys) ** 4 < _MAX_KEY
            grams, numbers = self._joined(grams, numbers, 4 if in_one_step else 2)
        places = _places(grams, numbers)
        while places.sum() > _MAX_PAIRS:
            longer, longer_numbers = self._joined(grams, numbers, 2)
            longer_places = _places(longer, longer_numbers)
            if not longer_places.any():
                most = max(1, min(_MAX_PLACES, _MAX_LAST_PAIRS // int(np.count_nonzero(places))))
                places = np.minimum(places, most)
                break
            grams, numbers, places = longer, longer_numbers, longer_places
        j = np.repeat(np.arange(len(numbers)), places)
        i = grams.order[stretches(grams.starts[numbers], places)]
        found = runs_of_pairs(i, j, len(other))
        runs = Runs(found.a, found.b, found.lengths + grams.length - 1)
        return longest_runs(runs, items=self._length + len(other) + _MIN_ITEMS)

    def _joined(self, parts: _Grams, numbers: Ints, times: int) -> tuple[_Grams, Ints]:
        """The grams that so many in a row make, and their numbers in another sequence from those of the parts."""
        length = times * parts.length
        if length not in self._longer:
            keys, own = np.unique(_keys(parts, parts.numbers, times), return_inverse=True)
            self._longer[length] = _Grams(length, own, keys)
        grams = self._longer[length]
        keys = _keys(parts, numbers, times)
        if not len(grams.keys) or not len(keys):
            return grams, np.full(len(keys), -1, np.int64)
        found = np.minimum(np.searchsorted(grams.keys, keys), len(grams.keys) - 1)
        return grams, np.where(grams.keys[found] == keys, found, -1)


def _keys(parts: _Grams, numbers: Ints, times: int) -> Ints:
    """For each position the numbers of so many grams in a row, as one number; -1 where one of them has none."""
    size = max(0, len(numbers) - (times - 1) * parts.length)
    rows = [numbers[k * parts.length : k * parts.length + size] for k in range(times)]
    keys = rows[0]
    for row in rows[1:]:
        keys = keys * len(parts.keys) + row
    return np.where(np.minimum.reduce(rows) >= 0, keys, -1)


def _places(grams: _Grams, numbers: Ints) -> Ints:
    """In how many places of the first sequence each gram of the other stands."""
    if not len(grams.keys):
        return np.zeros(len(numbers), np.int64)
    return np.where(numbers >= 0, grams.starts[numbers + 1] - grams.starts[numbers], 0)


def stretches(starts: Ints, lengths: Ints) -> Ints:
    """start, start + 1, … of each stretch, one stretch after the other."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def runs_of_pairs(i: Ints, j: Ints, length: int) -> Runs:
    """The maximal runs that pairs (i, j) form; pairs may be equal. length: how many items the second sequence has."""
    width = length + 1  # one more, so that no run goes on in the next diagonal
    keys = np.sort((i - j + length) * width + j)
    if not len(keys):
        return Runs(keys, keys, keys)
    steps = np.diff(keys)
    if not steps.all():
        keys = keys[np.concatenate([[True], steps != 0])]
        steps = steps[steps != 0]
    starts = np.flatnonzero(np.concatenate([[True], steps != 1]))
    diagonal, begin = np.divmod(keys[starts], width)
    return Runs(diagonal - length + begin, begin, np.diff(np.append(starts, len(keys))))


def covered_positions(starts: Ints, lengths: Ints, size: int) -> NDArray[np.bool_]:
    """Which of so many positions stretches cover."""
    depth = np.bincount(starts, minlength=size + 1) - np.bincount(starts + lengths, minlength=size + 1)
    return np.asarray(np.cumsum(depth)[:size] > 0)


def shares(starts: Ints, lengths: Ints, borders: Ints) -> NDArray[np.float64]:
    """The share of the parts that each stretch lies in which all stretches together cover. borders: where each part begins,
    and the end."""
    before = np.concatenate([[0], np.cumsum(covered_positions(starts, lengths, int(borders[-1])))])
    begins = borders[np.searchsorted(borders, starts, "right") - 1]
    ends = borders[np.searchsorted(borders, starts + lengths)]
    return np.asarray((before[ends] - before[begins]) / (ends - begins))


def longest_runs(runs: Runs, *, items: int | None = None, number: int = _MAX_RUNS) -> Runs:
    """As many of the longest runs as have so many items together, and no more than a number; in their order."""
    if len(runs.lengths) <= number and (items is None or runs.lengths.sum() <= items):
        return runs
    lengths = np.sort(runs.lengths)[::-1]
    if items is not None:
        number = min(number, int(np.searchsorted(np.cumsum(lengths), items, "right")))
    if len(lengths) <= number:
        return runs
    order = np.lexsort((runs.b, np.abs(runs.a - runs.b), -runs.lengths))
    return runs[np.sort(order[:number])]
