"""Common subsequences of two sequences of any length, in memory that does not grow with their product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import isqrt

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

_MAX_CELLS = 1_000_000_000  # cells of the table that rapidfuzz keeps, at a bit each; beyond, the sequences are split
_CARRIES = 1024  # bits that a row may grow by before they are cut off
_LEAST_STEP = 256  # items of a from gate to gate


def longest_common_subsequence(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """Index pairs (i, j), both rising, with a[i] == b[j], as many as there can be."""
    pairs: list[tuple[int, int]] = []
    pieces = [(0, len(a), 0, len(b))]
    while pieces:
        a_start, a_end, b_start, b_end = pieces.pop()
        if (a_end - a_start) * (b_end - b_start) <= _MAX_CELLS or a_end - a_start < 2:
            pairs += _matches(a, b, a_start, a_end, b_start, b_end)
            continue
        middle = (a_start + a_end) // 2
        split = b_start + _best_split(a[a_start:middle], a[middle:a_end], b[b_start:b_end])
        pieces.append((middle, a_end, split, b_end))
        pieces.append((a_start, middle, b_start, split))
    return pairs


def _matches(
    a: Sequence[int], b: Sequence[int], a_start: int, a_end: int, b_start: int, b_end: int
) -> list[tuple[int, int]]:
    return [
        (a_start + block.src_start + k, b_start + block.dest_start + k)
        for block in LCSseq.opcodes(a[a_start:a_end], b[b_start:b_end])
        if block.tag == "equal"
        for k in range(block.src_end - block.src_start)
    ]


def _best_split(head: Sequence[int], tail: Sequence[int], b: Sequence[int]) -> int:
    """Where to cut b so that head with its first part and tail with the rest match most (Hirschberg 1975)."""
    (forward,) = _growths(head, b, [len(head)])
    (backward,) = _growths(tail[::-1], b[::-1], [len(tail)])
    return int(np.argmax(_lengths(forward, len(b)) + _lengths(backward, len(b))[::-1]))


def _growths(a: Sequence[int], b: Sequence[int], cuts: Iterable[int]) -> Iterator[int]:
    """For each cut, in rising order: a number whose bit j is 1 where longest common subsequences with a[:cut] grow from
    b[:j] to b[:j + 1] (bit-parallel, Hyyrö 2004)."""
    masks: dict[int, int] = {}
    for j, item in enumerate(b):
        masks[item] = masks.get(item, 0) | 1 << j
    everything = (1 << len(b)) - 1
    row, done = everything, 0
    for cut in cuts:
        for start in range(done, cut, _CARRIES):
            for item in a[start : min(start + _CARRIES, cut)]:
                matches = row & masks.get(item, 0)
                row = (row + matches) | (row - matches)
            row &= everything  # each step may carry one bit past the end
        done = cut
        yield row ^ everything


def _lengths(growth: int, length: int) -> NDArray[np.int64]:
    """The lengths of longest common subsequences with b[:j], for every j up to the length of b."""
    bits = np.frombuffer(growth.to_bytes(length // 8 + 1, "little"), np.uint8)
    return np.concatenate([[0], np.cumsum(np.unpackbits(bits, count=length, bitorder="little"), dtype=np.int64)])


def preferring_common_subsequence(a: Sequence[int], preferred: Sequence[bool], b: Sequence[int]) -> list[tuple[int, int]]:
    """Index pairs (i, j), both rising, with a[i] == b[j]: as many preferred items of a as there can be, and of the others
    as many as are possible then."""
    pairs = longest_common_subsequence(a, b)
    kept = sum(preferred[i] for i, _ in pairs)
    if kept == len(pairs):
        return pairs
    if not LCSseq.similarity([item for item, own in zip(a, preferred) if own], b, score_cutoff=kept + 1):
        return pairs
    return _heaviest(a, _weights(a, preferred), b, _corridor(a, preferred, b))


def preferring_lengths(a: Sequence[int], preferred: Sequence[bool], b: Sequence[int]) -> tuple[int, int]:
    """How many preferred and how many other items the pairs of `preferring_common_subsequence` have, found faster."""
    most = LCSseq.similarity(a, b)
    kept = LCSseq.similarity([item for item, own in zip(a, preferred) if own], b)
    if kept == most:
        return kept, 0
    others = LCSseq.similarity([item for item, own in zip(a, preferred) if not own], b)
    if kept + others == most:  # no common subsequence has more of either, so a longest one has the most of both
        return kept, others
    by_chance = sum(preferred[i] for i, _ in longest_common_subsequence(a, b))
    if by_chance == kept:
        return kept, most - kept
    *_, ends = _weights_at(_corridor(a, preferred, b), a, _weights(a, preferred), np.asarray(b, dtype=np.int64))
    return kept, int(ends[-1]) - kept * len(a)


def _weights(a: Sequence[int], preferred: Sequence[bool]) -> list[int]:
    """A preferred item outweighs all of the others."""
    return [len(a) if own else 1 for own in preferred]


@dataclass(frozen=True)
class _Gate:
    """A place that every best common subsequence goes through."""

    a: int
    """How many items of a are before it."""

    first: int
    """The fewest items of b that can be before it."""

    last: int
    """The most items of b that can be before it."""


def _corridor(a: Sequence[int], preferred: Sequence[bool], b: Sequence[int]) -> list[_Gate]:
    """What a common subsequence with as many preferred items as there can be must go through, from (0, 0) to the end."""
    items = [item for item, own in zip(a, preferred) if own]
    before = [0, *accumulate(map(int, preferred))]  # preferred items before each place in a
    places = [*range(0, len(a), max(_LEAST_STEP, isqrt(len(a)))), len(a)]
    cuts = [before[place] for place in places]
    rests = _growths(items[::-1], b[::-1], [len(items) - cut for cut in reversed(cuts)])
    most, *after = reversed(list(rests))
    gates = [_Gate(0, 0, 0)]
    for place, growth, rest in zip(places[1:-1], _growths(items, b, cuts[1:-1]), after):
        lengths = _lengths(growth, len(b)) + _lengths(rest, len(b))[::-1]
        possible = np.flatnonzero(lengths == most.bit_count())
        gates.append(_Gate(place, int(possible[0]), int(possible[-1])))
    return [*gates, _Gate(len(a), len(b), len(b))]


def _heaviest(
    a: Sequence[int], weights: Sequence[int], b: Sequence[int], corridor: Sequence[_Gate]
) -> list[tuple[int, int]]:
    """Index pairs, both rising, with a[i] == b[j], whose weights (one for each item of a) sum up highest, of those that go
    through the corridor. A table of each of its pieces is in memory at a time."""
    column = np.asarray(b, dtype=np.int64)
    ends = list(_weights_at(corridor, a, weights, column))
    pairs: list[tuple[int, int]] = []
    j = len(b)
    for gate, end, start in reversed(list(zip(corridor, corridor[1:], ends))):
        table = _table(a, weights, column, gate, end, start)
        i, j = end.a, j - gate.first
        while i > gate.a:
            row, above = table[i - gate.a], table[i - gate.a - 1]
            if row[j] == above[j]:
                i -= 1
            elif row[j] == row[j - 1]:
                j -= 1
            else:
                i, j = i - 1, j - 1
                pairs.append((i, gate.first + j))
        j = min(gate.first + j, gate.last)
    return pairs[::-1]


def _weights_at(
    corridor: Sequence[_Gate], a: Sequence[int], weights: Sequence[int], b: NDArray[np.int64]
) -> Iterator[NDArray[np.int64]]:
    """The weights at each gate, for all places in b that it lets through."""
    row = np.zeros(1, dtype=np.int64)
    yield row
    for gate, end in pairwise(corridor):
        row = _table(a, weights, b, gate, end, row)[-1][end.first - gate.first :]
        yield row


def _table(
    a: Sequence[int],
    weights: Sequence[int],
    b: NDArray[np.int64],
    gate: _Gate,
    end: _Gate,
    start: NDArray[np.int64],
) -> list[NDArray[np.int64]]:
    """Weights of heaviest common subsequences of a[:i] with b[:j], for i and j from one gate to the next.

    start: the weights at the first gate.
    """
    part = b[gate.first : end.last]
    row = np.full(len(part) + 1, start[-1])
    row[: len(start)] = start
    rows = [row]
    for item, weight in zip(a[gate.a : end.a], weights[gate.a : end.a]):
        row = row.copy()
        row[1:] = np.maximum.accumulate(np.maximum(row[1:], rows[-1][:-1] + weight * (part == item)))
        rows.append(row)
    return rows
