"""Common subsequences of two sequences of any length, in memory that does not grow with their product."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

_MAX_CELLS = 1_000_000_000  # cells of the table that rapidfuzz keeps, at a bit each; beyond, the sequences are split


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
    forward = _prefix_lengths(head, b)
    backward = _prefix_lengths(tail[::-1], b[::-1])
    return max(range(len(b) + 1), key=lambda j: forward[j] + backward[len(b) - j])


def _prefix_lengths(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """Length of a longest common subsequence of a with b[:j], for every j (bit-parallel, Hyyrö 2004)."""
    masks: dict[int, int] = {}
    for j, item in enumerate(b):
        masks[item] = masks.get(item, 0) | 1 << j
    everything = (1 << len(b)) - 1
    row = everything
    for item in a:
        matches = row & masks.get(item, 0)
        row = ((row + matches) | (row - matches)) & everything
    steps = bin(row | 1 << len(b))[:2:-1]  # character j is "0" where the length grows from b[:j] to b[:j + 1]
    return list(accumulate((bit == "0" for bit in steps), initial=0))


def heaviest_common_subsequence(a: Sequence[int], weights: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """Index pairs (i, j), both rising, with a[i] == b[j], whose weights (one for each item of a) sum up highest.

    Takes time in proportion to the product of the lengths (Hirschberg 1975, a row at a time).
    """
    column = np.asarray(b, dtype=np.int64)
    pairs: list[tuple[int, int]] = []
    pieces = [(0, len(a), 0, len(b))]
    while pieces:
        a_start, a_end, b_start, b_end = pieces.pop()
        if a_end - a_start == 1:
            hits = np.flatnonzero(column[b_start:b_end] == a[a_start])
            if hits.size:
                pairs.append((a_start, b_start + int(hits[0])))
        elif a_end > a_start and b_end > b_start:
            middle = (a_start + a_end) // 2
            part = column[b_start:b_end]
            forward = _heaviest_prefixes(a[a_start:middle], weights[a_start:middle], part)
            backward = _heaviest_prefixes(a[middle:a_end][::-1], weights[middle:a_end][::-1], part[::-1])
            split = b_start + int(np.argmax(forward + backward[::-1]))
            pieces.append((middle, a_end, split, b_end))
            pieces.append((a_start, middle, b_start, split))
    return pairs


def _heaviest_prefixes(a: Sequence[int], weights: Sequence[int], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Weight of a heaviest common subsequence of a with b[:j], for every j."""
    row = np.zeros(len(b) + 1, dtype=np.int64)
    for item, weight in zip(a, weights):
        row[1:] = np.maximum.accumulate(np.maximum(row[1:], row[:-1] + weight * (b == item)))
    return row
