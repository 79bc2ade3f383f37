"""Repeats of a page: a drop counts where it lies outside their spread."""

from __future__ import annotations

import random

import pytest

from factories.records import counted, run_of
from factories.verdicts import broken, gated, states
from harness.common.errors import CANNOT_TELL, OK, WORSE
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


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ([50], [40, 40, 50], CANNOT_TELL),
        ([50, 50, 50], [40, 41, 42, 43, 50], CANNOT_TELL),
        ([50], [40, 50, 50], OK),
        ([50, 40], [40, 40, 50], OK),
        ([50], [40, 40, 40], WORSE),
    ],
)
def test_most_repeats_that_are_worse_than_the_only_value_of_before_are_not_green(before, after, code):
    verdict = gated(run_of(*repeats(before)), run_of(*repeats(after)))
    assert verdict.code == code
    assert [page.unsteady for page in verdict.pages] == [code == CANNOT_TELL]


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


def flaking(failing: int, of: int, golden: str = "core/a", kept: int = 50) -> list[Record]:
    """Repeats of a page, of which the first ones fail."""
    return [counted(golden, kept=kept, outcome="crash" if i < failing else "ok", repeat=i) for i in range(of)]


@pytest.mark.parametrize("side", [0, 1])
def test_one_failure_among_the_repeats_does_not_hide_a_drop(side):
    before, after = [flaking(0, 5, kept=50), flaking(0, 5, kept=30)]
    if side:
        after = flaking(1, 5, kept=30)
    else:
        before = flaking(1, 5, kept=50)
    verdict = gated(run_of(*before), run_of(*after))
    assert {("page_drop", ""), ("mean_drop", "")} <= broken(verdict)
    assert verdict.pages[0].change == pytest.approx(counted(kept=30).scores["F"] - counted(kept=50).scores["F"])


def test_one_failure_among_the_repeats_does_not_hide_words():
    before = [*flaking(1, 3), *(counted("core/b", frees={"title": 5}, repeat=i) for i in range(1, 4))]
    before.append(counted("core/b", outcome="crash", repeat=0))
    after = [*flaking(0, 3), *(counted("core/b", repeat=i) for i in range(3))]
    assert ("page_optional_loss", "") in broken(gated(run_of(*before), run_of(*after)))
    leaking = [counted(outcome="crash", repeat=0), *(counted(leaks={"consent": 4}, repeat=i) for i in (1, 2))]
    assert ("page_leak_growth", "") in broken(gated(run_of(*flaking(0, 3)), run_of(*leaking)))


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        ((1, 5), (5, 5), "newly failing"),
        ((0, 5), (4, 5), "newly failing"),
        ((0, 5), (2, 5), "same"),  # now and then
        ((2, 4), (4, 4), "same"),
        ((2, 5), (3, 5), "same"),
        ((1, 5), (0, 1), "same"),
        ((5, 5), (1, 5), "fixed"),
        ((4, 5), (0, 5), "fixed"),
    ],
)
def test_failures_are_counted_apart_from_scores(before, after, state):
    verdict = gated(run_of(*flaking(*before)), run_of(*flaking(*after)))
    assert states(verdict) == {"core/a": state}
    assert ("new_failures", "") in broken(verdict) or state != "newly failing"


def test_pages_that_each_fail_now_and_then_are_counted_together():
    before = [row for page in range(5) for row in flaking(0, 5, f"core/{page}")]
    after = [
        counted(f"core/{page}", outcome="crash" if page == number else "ok", repeat=number)
        for page in range(5)
        for number in range(5)
    ]
    verdict = gated(run_of(*before), run_of(*after))
    assert states(verdict) == {f"core/{page}": "same" for page in range(5)}
    assert [rule.rule for rule in verdict.broken] == ["new_failures"] and "0 → 1" in verdict.broken[0].message
