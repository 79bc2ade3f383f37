"""Longest common subsequences of short and long sequences, against the textbook."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

import harness.alignment.lcs
from harness.alignment.lcs import longest_common_subsequence

ITEMS = st.integers(1, 40).flatmap(lambda most: st.lists(st.integers(0, most), max_size=150))


def length_by_table(a: Sequence[int], b: Sequence[int]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], diagonal + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


@given(ITEMS, ITEMS, st.sampled_from((1, 40, 1000, 10**9)))
def test_pairs_rise_and_are_as_many_as_can_be_also_of_long_sequences(a: list[int], b: list[int], table: int) -> None:
    with (
        mock.patch.object(harness.alignment.lcs, "_MAX_CELLS", table),
        mock.patch.object(harness.alignment.lcs, "_CARRIES", 7),
    ):
        pairs = longest_common_subsequence(a, b)
    assert len(pairs) == length_by_table(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert all(i < next_i and j < next_j for (i, j), (next_i, next_j) in pairwise(pairs))
