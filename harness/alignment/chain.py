"""The runs of two sequences that can be taken one after the other, with as many items as possible."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from heapq import heappop, heappush

import numpy as np

from harness.alignment.common_runs import Ints, Runs

_ITEM = 1 << 32  # one item outweighs all costs
_MAX_OPEN = 256  # overlapping runs looked at, the last ones; only text that repeats itself endlessly has more


def chain(runs: Runs, costs: Ints, length: int) -> list[tuple[int, int, int]]:
    """Runs (a, b, length) in order, cut where they overlap: most items, and of these the cheapest.

    costs: what each run costs. length: how many items the second sequence has.

    A chain enters a run at its start and leaves it anywhere: cutting the earlier of two runs that overlap loses no more
    than cutting the later. Runs are visited by where they begin (sparse dynamic programming over fragments; Baker and
    Giancarlo 1998). The best chain into a run comes from one that ended before it on both sides, from one that is still
    open in the first sequence, or from one that ended there but reaches over the run's start in the second.
    """
    order = np.lexsort((runs.b, runs.a))
    runs_in_order = runs[order]
    starts = list(zip(runs_in_order.a.tolist(), runs_in_order.b.tolist(), runs_in_order.lengths.tolist()))
    if all((sides[:-1] + runs_in_order.lengths[:-1] <= sides[1:]).all() for sides in (runs_in_order.a, runs_in_order.b)):
        return starts  # none is in the way of another, so that all of them are taken
    costs_of = costs[order].tolist()
    best = [0] * len(starts)  # of a chain into each run, without the run's own items
    before = [-1] * len(starts)
    open_runs: list[int] = []
    ends: list[tuple[int, int]] = []  # (end in the first sequence, run)
    front_ends, front_values, front_runs = [-1], [0], [-1]  # chains that have ended: later ends have higher values
    columns = sorted({j for _, j, _ in starts})  # where runs begin in the second sequence
    column_of = {j: column for column, j in enumerate(columns)}
    over = [-1] * len(columns)  # over each, of runs that have ended in the first sequence: value at their start there
    over_run = [-1] * len(columns)
    for k, (i, j, _) in enumerate(starts):
        while ends and ends[0][0] <= i:
            run = heappop(ends)[1]
            if run in open_runs:
                open_runs.remove(run)
            _, begin, size = starts[run]
            _add(front_ends, front_values, front_runs, begin + size, best[run] + size * _ITEM - costs_of[run], run)
            value = best[run] - begin * _ITEM - costs_of[run] + length * _ITEM
            for column in range(column_of[begin] + 1, bisect_left(columns, begin + size)):
                if over[column] < value:
                    over[column], over_run[column] = value, run
        place = bisect_right(front_ends, j) - 1
        value, predecessor = front_values[place], front_runs[place]
        reaching = over[column_of[j]]
        if reaching >= 0 and reaching + (j - length) * _ITEM > value:
            value, predecessor = reaching + (j - length) * _ITEM, over_run[column_of[j]]
        for run in open_runs:
            begin_a, begin_b, size = starts[run]
            if begin_a < i and begin_b < j:
                along = best[run] + min(size, i - begin_a, j - begin_b) * _ITEM - costs_of[run]
                if along > value:
                    value, predecessor = along, run
        best[k], before[k] = value, predecessor
        open_runs.append(k)
        if len(open_runs) > _MAX_OPEN:
            del open_runs[0]
        heappush(ends, (i + starts[k][2], k))
    if not starts:
        return []
    last = max(range(len(starts)), key=lambda k: (best[k] + starts[k][2] * _ITEM - costs_of[k], -k))
    taken: list[tuple[int, int, int]] = []
    while last >= 0:
        i, j, size = starts[last]
        if taken:
            size = min(size, taken[-1][0] - i, taken[-1][1] - j)
        taken.append((i, j, size))
        last = before[last]
    return taken[::-1]


def _add(ends: list[int], values: list[int], runs: list[int], end: int, value: int, run: int) -> None:
    """Add a chain to those that have ended, and take out those that end no earlier and are worth no more."""
    place = bisect_right(ends, end) - 1
    if values[place] >= value:
        return
    first = bisect_left(ends, end)
    last = first
    while last < len(ends) and values[last] <= value:
        last += 1
    ends[first:last], values[first:last], runs[first:last] = [end], [value], [run]
