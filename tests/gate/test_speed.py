"""Speed is judged page by page, and a few very slow pages are seen by the sum and by the worst page."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from factories.records import counted, run_of
from factories.verdicts import gated
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.gate.rules import Ratio, Rules


def pages(slower: float = 1.0, on: int = 40, spread: int = 1000):
    """Forty pages whose times differ by up to this factor, of an extractor and a twin; both vary by a tenth."""
    chance = random.Random(1)
    rows = []
    for number in range(40):
        base = 0.001 * spread ** (number / 39)
        for name in ("x", "twin"):
            seconds = base * chance.uniform(0.9, 1.1) * (slower if name == "x" and number < on else 1)
            rows.append(replace(counted(f"core/{number:02}", name), timing={"wall": seconds}))
    return run_of(*rows)


def code(run, **limits: float) -> int:
    return gated(run, run, Rules(speed=Ratio("twin", **limits))).code


def test_a_page_is_compared_with_itself():
    assert code(pages(), ratio=1.05) == OK
    assert code(pages(slower=1.2), ratio=1.05) == WORSE


def test_pages_that_the_other_extractor_lacks_do_not_count():
    run = run_of(*(row for row in pages().records if row.extractor == "x" or row.golden < "core/20"))
    assert code(run, ratio=1.05) == OK, "the slow half of the pages has no twin"


@pytest.mark.parametrize("limits", [{"sum": 1.5}, {"worst": 10}])
def test_a_few_pages_that_are_fifty_times_slower_are_seen_by_the_second_figure(limits):
    slow = pages(slower=50, on=2, spread=1)
    assert code(slow, ratio=1.3) == OK
    assert code(slow, ratio=1.3, **limits) == WORSE
    assert code(pages(spread=1), ratio=1.3, **limits) == OK


def test_pages_that_were_all_the_first_of_their_worker_are_measured_by_repeats():
    rows = [replace(counted("core/a", name), timing={"first_wall": 0.5}) for name in ("x", "twin")]
    verdict = gated(run_of(*rows), run_of(*rows), Rules(speed=Ratio("twin", 2)))
    assert verdict.code == CANNOT_TELL
    assert "was not measured but on the first page of each worker" in verdict.doubts[0].message
    assert verdict.doubts[0].remedy.endswith("--repeat 3 --fresh"), "--fresh alone gives no other times"


def test_the_message_names_the_figure_and_the_page():
    (rule,) = gated(pages(50, 1), pages(50, 1), Rules(speed=Ratio("twin", 2, worst=20))).broken
    assert (
        rule.message.startswith("speed (worst page): ") and "core/00" in rule.message and "20 times allowed" in rule.message
    )
