"""Runs of items in a row that two sequences share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_MAX_PAIRS = 3_000_000  # pairs of equal grams looked at; beyond, longer grams are looked for
_MAX_PLACES = 64  # places of one gram looked at where even the longest grams have too many pairs
_MAX_LAST_PAIRS = 5_000_000  # pairs of the longest grams; beyond, fewer places are looked at
_MAX_RUNS = 200_000
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
    """What each number stands for: the numbers of two halves, as one."""

    order: Ints
    """The positions, sorted by number."""

    starts: Ints
    """Where in `order` the positions of each number begin, and the end."""


class RunIndex:
    """Finds the runs that other sequences share with one."""

    def __init__(self, items: Ints) -> None:
        """items: numbers from 0."""
        self._length = len(items)
        self._kinds = int(items.max()) + 1 if len(items) else 0
        self._levels = [_grams(1, items, np.arange(self._kinds))]

    def runs(self, other: Ints, least: int) -> Runs:
        """All maximal runs of at least so many items (a power of 2); of texts that repeat themselves endlessly the longest.

        other: items, -1 for those that have no number.
        """
        grams, numbers = self._levels[0], self._known(other)
        for level in range(1, least.bit_length()):
            grams, numbers = self._doubled(level, numbers)
        places = _places(grams, numbers)
        level = least.bit_length()
        while places.sum() > _MAX_PAIRS:
            longer, longer_numbers = self._doubled(level, numbers)
            longer_places = _places(longer, longer_numbers)
            if not longer_places.any():
                most = max(1, min(_MAX_PLACES, _MAX_LAST_PAIRS // int(np.count_nonzero(places))))
                places = np.minimum(places, most)
                break
            grams, numbers, places = longer, longer_numbers, longer_places
            level += 1
        j = np.repeat(np.arange(len(numbers)), places)
        i = grams.order[stretches(grams.starts[numbers], places)]
        found = runs_of_pairs(i, j, len(other))
        runs = Runs(found.a, found.b, found.lengths + grams.length - 1)
        return longest(runs, items=self._length + len(other) + _MIN_ITEMS)

    def _known(self, other: Ints) -> Ints:
        """The items, -1 for those that the first sequence cannot have."""
        return np.where(other < self._kinds, other, -1)

    def _doubled(self, level: int, numbers: Ints) -> tuple[_Grams, Ints]:
        """The grams of a level, and their numbers in another sequence from those of the level below."""
        below = self._levels[level - 1]
        factor, step = len(below.keys), below.length
        if level == len(self._levels):
            own, numbered = np.unique(below.numbers[:-step] * factor + below.numbers[step:], return_inverse=True)
            self._levels.append(_grams(2 * step, numbered, own))
        grams = self._levels[level]
        head, tail = numbers[:-step], numbers[step:]
        if not len(grams.keys) or not len(head):
            return grams, np.full(len(head), -1, np.int64)
        keys = np.where((head >= 0) & (tail >= 0), head * factor + tail, -1)
        found = np.minimum(np.searchsorted(grams.keys, keys), len(grams.keys) - 1)
        return grams, np.where(grams.keys[found] == keys, found, -1)


def _grams(length: int, numbers: Ints, keys: Ints) -> _Grams:
    starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=len(keys)))])
    return _Grams(length, numbers, keys, np.argsort(numbers, kind="stable"), starts)


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


def covered(starts: Ints, lengths: Ints, size: int) -> NDArray[np.bool_]:
    """Which of so many positions stretches cover."""
    depth = np.bincount(starts, minlength=size + 1) - np.bincount(starts + lengths, minlength=size + 1)
    return np.asarray(np.cumsum(depth)[:size] > 0)


def shares(starts: Ints, lengths: Ints, borders: Ints) -> NDArray[np.float64]:
    """The share of the parts that each stretch lies in which all stretches together cover. borders: where each part begins,
    and the end."""
    before = np.concatenate([[0], np.cumsum(covered(starts, lengths, int(borders[-1])))])
    begins = borders[np.searchsorted(borders, starts, "right") - 1]
    ends = borders[np.searchsorted(borders, starts + lengths)]
    return np.asarray((before[ends] - before[begins]) / (ends - begins))


def longest(runs: Runs, *, items: int | None = None, number: int = _MAX_RUNS) -> Runs:
    """As many of the longest runs as have so many items together, and no more than a number; in their order."""
    lengths = np.sort(runs.lengths)[::-1]
    if items is not None:
        number = min(number, int(np.searchsorted(np.cumsum(lengths), items, "right")))
    if len(lengths) <= number:
        return runs
    order = np.lexsort((runs.b, np.abs(runs.a - runs.b), -runs.lengths))
    return runs[np.sort(order[:number])]
