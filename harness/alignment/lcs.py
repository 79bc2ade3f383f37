"""Longest common subsequences of two sequences of any length, in memory that does not grow with their product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

_MAX_CELLS = 1_000_000_000  # cells of the table that rapidfuzz keeps, at a bit each; beyond, the sequences are split
_CARRIES = 1024  # bits that a row may grow by before they are cut off


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
    forward, backward = _growth(head, b), _growth(tail[::-1], b[::-1])
    return int(np.argmax(_lengths(forward, len(b)) + _lengths(backward, len(b))[::-1]))


def _growth(a: Sequence[int], b: Sequence[int]) -> int:
    """A number whose bit j is 1 where longest common subsequences with a grow from b[:j] to b[:j + 1] (bit-parallel,
    Hyyrö 2004)."""
    masks: dict[int, int] = {}
    for j, item in enumerate(b):
        masks[item] = masks.get(item, 0) | 1 << j
    everything = (1 << len(b)) - 1
    row = everything
    for start in range(0, len(a), _CARRIES):
        for item in a[start : start + _CARRIES]:
            matches = row & masks.get(item, 0)
            row = (row + matches) | (row - matches)
        row &= everything  # each step may carry one bit past the end
    return row ^ everything


def _lengths(growth: int, length: int) -> NDArray[np.int64]:
    """The lengths of longest common subsequences with b[:j], for every j up to the length of b."""
    bits = np.frombuffer(growth.to_bytes(length // 8 + 1, "little"), np.uint8)
    return np.concatenate([[0], np.cumsum(np.unpackbits(bits, count=length, bitorder="little"), dtype=np.int64)])
