"""Repeats of a page: a drop counts where it lies outside their spread."""

from __future__ import annotations

import random

import pytest

from factories.records import counted, run_of
from factories.verdicts import broken, gated, states
from harness.common.errors import OK, WORSE
from harness.runs.record import Record, Run


def repeats(scores: list[int], golden: str = "core/a") -> list[Record]:
    return [counted(golden, kept=kept, repeat=i) for i, kept in enumerate(scores)]


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ([50, 52, 54], [49, 50, 51], "same"),  # the ranges overlap
        ([50, 52, 54], [47, 48, 49], "worse"),
        ([50, 52, 54], [49], "worse"),
        ([50, 52, 54], [51], "same"),
        ([50], [49, 51], "same"),
        ([50, 52], [55, 53], "better"),
    ],
)
def test_a_drop_lies_outside_the_spread_of_the_repeats(before, after, state):
    old, new = run_of(*repeats(before)), run_of(*repeats(after))
    verdict = gated(old, new)
    assert states(verdict) == {"core/a": state}
    assert verdict.code == (WORSE if state == "worse" else OK)


def test_a_page_that_fails_now_and_then_is_no_new_failure():
    flaky = [counted(outcome="timeout", repeat=0), counted(repeat=1)]
    steady = [counted(repeat=0), counted(repeat=1)]
    down = [counted(outcome="timeout", repeat=0), counted(outcome="timeout", repeat=1)]
    assert gated(run_of(*steady), run_of(*flaky)).code == OK
    assert gated(run_of(*flaky), run_of(*down)).code == OK
    assert broken(gated(run_of(*steady), run_of(*down))) == {("new_failures", ""), ("mean_drop", "")}


def test_repeats_without_a_difference_rarely_alarm_and_a_fall_of_all_is_found():
    chance = random.Random(0)

    def run(fall: int) -> Run:
        pages = (repeats([60 - fall + chance.randint(-4, 4) for _ in range(8)], f"core/{i}") for i in range(40))
        return run_of(*(row for rows in pages for row in rows))

    baseline = run(0)
    assert sum(gated(baseline, run(0)).code != OK for _ in range(20)) <= 1
    # A fall that no page shows, since its repeats overlap, shows in the mean of all.
    assert ("mean_drop", "") in broken(gated(baseline, run(2)))
