"""Which extractors returned which runs of three words, counted over pages: what tells clones, and what each one adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

RUN = 3
"""Words of a run."""
CLONES = 0.43
"""The share of common departures from the others from which on two extractors count as one (see `departures`)."""
FEWEST_OTHERS = 3
"""With fewer others, it is not known what nearly all of them return."""
IDENTICAL = 0.98
"""The mean share of words in common from which on two extractors count as one whatever the others return."""

Returned = Counter[int]
"""How many runs exactly these extractors returned: a set of extractors is a sum of powers of two, by their numbers."""

Groups = tuple[tuple[int, ...], ...]
"""Extractors by their numbers, clones together."""

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


def returned_runs(outputs: Mapping[int, Sequence[str]]) -> Returned:
    """Of one page, by which extractors each run of words was returned. outputs: the words, by the extractor's number."""
    sets: dict[tuple[str, ...], int] = {}
    for number, output in outputs.items():
        for run in {tuple(output[start : start + RUN]) for start in range(len(output) - RUN + 1)}:
            sets[run] = sets.get(run, 0) | 1 << number
    return Counter(sets.values())


def as_table(returned: Returned, extractors: int) -> tuple[Flags, Floats]:
    """A row for each set of extractors that returned runs, with a column for each extractor; and the number of runs."""
    rows = [[bool(members >> number & 1) for number in range(extractors)] for members in returned]
    return np.array(rows, dtype=bool).reshape(-1, extractors), np.array(list(returned.values()), dtype=np.float64)


def clones(returned: Returned, shares: Floats, members: Sequence[int]) -> Groups:
    """Extractors that are ports or variants of one program, grouped.

    Two good extractors return the same because both are right. Clones also err alike: what they return against nearly all
    others, and what they leave out against nearly all others, is the same.

    shares: the mean share of words that two have in common. members: those that compete; each other one is a group of its
    own.
    """
    alike = shares >= IDENTICAL
    if len(members) >= FEWEST_OTHERS + 2:
        table, numbers = as_table(returned, len(shares))
        alike[np.ix_(members, members)] |= departures(table[:, members], numbers) >= CLONES
    others = [number for number in range(len(shares)) if number not in members]
    alike[others] = alike[:, others] = False
    return _joined(alike)


def departures(table: Flags, numbers: Floats) -> Floats:
    """For each two extractors, of the runs in which one departs from the others, the share in which both do, in 0…1.

    It departs by returning a run that more than two thirds of the others do not return, or by not returning one that more
    than two thirds do.
    """
    size = table.shape[1]
    returned = table.sum(axis=1)
    common = np.zeros((size, size))
    for one, other in combinations(range(size), 2):
        votes = 3 * (returned - table[:, one] - table[:, other])
        wanted = votes > 2 * (size - 2)
        clear = wanted | (votes < size - 2)
        first, second = (clear & (table[:, number] != wanted) for number in (one, other))
        either = numbers[first | second].sum()
        common[one, other] = common[other, one] = numbers[first & second].sum() / either if either else 0.0
    return common


def _joined(alike: Flags) -> Groups:
    """Numbers that are alike, directly or through others, together."""
    group = list(range(len(alike)))
    for one, other in combinations(range(len(alike)), 2):
        if alike[one, other]:
            group = [group[one] if named == group[other] else named for named in group]
    return tuple(tuple(i for i, own in enumerate(group) if own == named) for named in dict.fromkeys(group))
