"""The runs that two sequences share, against a comparison of all places."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import harness.alignment.common_runs
from harness.alignment.common_runs import RunIndex, Runs, runs_of_pairs

ITEMS = st.integers(1, 4).flatmap(lambda most: st.lists(st.integers(0, most), max_size=40))


def all_runs(a: Sequence[int], b: Sequence[int], least: int) -> set[tuple[int, int, int]]:
    """(start in a, start in b, length) of each maximal run."""
    found = set()
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] != b[j] or (i and j and a[i - 1] == b[j - 1]):
                continue
            size = 0
            while i + size < len(a) and j + size < len(b) and a[i + size] == b[j + size]:
                size += 1
            if size >= least:
                found.add((i, j, size))
    return found


def rows(runs: Runs) -> list[tuple[int, int, int]]:
    return list(zip(runs.a.tolist(), runs.b.tolist(), runs.lengths.tolist()))


def numbers(items: Sequence[int]) -> np.ndarray:
    return np.array(items, np.int64)


@given(ITEMS, ITEMS, st.sampled_from((2, 4, 8)))
def test_all_runs_of_a_least_length_are_found_once(a: list[int], b: list[int], least: int) -> None:
    known = [item if item in a else -1 for item in b]
    found = rows(RunIndex(numbers(a)).runs(numbers(known), least))
    assert sorted(found) == sorted(all_runs(a, b, least))


@given(ITEMS, ITEMS, st.integers(1, 40))
def test_where_there_are_too_many_pairs_every_run_that_is_found_is_one_and_the_longest_is_among_them(
    a: list[int], b: list[int], most: int
) -> None:
    known = [item if item in a else -1 for item in b]
    with mock.patch.object(harness.alignment.common_runs, "_MAX_PAIRS", most):
        found = rows(RunIndex(numbers(a)).runs(numbers(known), 4))
    expected = all_runs(a, b, 4)
    assert set(found) <= expected
    assert max((size for *_, size in found), default=0) == max((size for *_, size in expected), default=0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_runs_of_pairs_hold_exactly_the_pairs(pairs: list[tuple[int, int]]) -> None:
    found = rows(runs_of_pairs(numbers([i for i, _ in pairs]), numbers([j for _, j in pairs]), 10))
    covered = [(i + k, j + k) for i, j, size in found for k in range(size)]
    assert sorted(covered) == sorted(set(pairs))
    assert all((i - 1, j - 1) not in covered and (i + size, j + size) not in covered for i, j, size in found)
