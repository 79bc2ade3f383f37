"""The best chain of runs, against a table of all of them."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.alignment.chain import chain
from harness.alignment.common_runs import Runs

PLACE = st.integers(0, 14)
RUN = st.tuples(PLACE, PLACE, st.integers(1, 6))
Row = tuple[int, int, int]


def as_runs(rows: list[Row]) -> Runs:
    return Runs(*(np.array([row[k] for row in rows], np.int64) for k in range(3)))


def best_by_table(rows: list[Row], costs: list[int]) -> tuple[int, int]:
    """Most items of a chain and the least cost of so many: every run entered at its start and left anywhere."""

    @cache
    def best(k: int) -> tuple[int, int]:
        i, j, size = rows[k]
        found = [(size, -costs[k])]
        for other, (next_i, next_j, _) in enumerate(rows):
            own = min(size, next_i - i, next_j - j)
            if next_i > i and next_j > j:
                items, cost = best(other)
                found.append((own + items, cost - costs[k]))
        return max(found)

    return max((best(k) for k in range(len(rows))), default=(0, 0))


@given(st.lists(RUN, max_size=9, unique_by=lambda row: row[:2]), st.data())
def test_a_chain_has_most_items_and_is_the_cheapest_of_these(rows: list[Row], data: st.DataObject) -> None:
    costs = [data.draw(st.integers(1, 9)) for _ in rows]
    taken = chain(as_runs(rows), np.array(costs, np.int64), 21)
    for (i, j, size), (next_i, next_j, _) in pairwise(taken):
        assert i + size <= next_i and j + size <= next_j
    by_start = {row[:2]: (row[2], cost) for row, cost in zip(rows, costs)}
    assert all(1 <= size <= by_start[i, j][0] for i, j, size in taken)
    assert (sum(size for *_, size in taken), -sum(by_start[i, j][1] for i, j, _ in taken)) == best_by_table(rows, costs)
