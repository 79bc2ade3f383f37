"""What a baseline keeps of a run: every page and its scores, no times, no texts, in an order of its own."""

from __future__ import annotations

import difflib
from dataclasses import replace

import pytest

from factories.records import measured, run_of
from harness.baseline.file import baseline_json
from harness.baseline.model import baseline_of
from harness.common.errors import OK
from harness.gate.judge import judge
from harness.gate.rules import Rules
from harness.runs.summary import summarise


def test_the_order_of_a_run_does_not_matter():
    rows = [measured(golden, extractor) for golden in ("core/b", "core/a") for extractor in ("y", "x")]
    one, other = run_of(*rows), run_of(*rows[::-1])
    other = replace(other, records=other.records[::-1], versions=dict(reversed(other.versions.items())))
    assert baseline_json(baseline_of(one)) == baseline_json(baseline_of(other))


def test_a_changed_page_is_one_changed_line_without_times_and_texts():
    pages = [f"core/{i}" for i in range(5)]
    before = baseline_json(baseline_of(run_of(*map(measured, pages))))
    after = baseline_json(baseline_of(run_of(*map(measured, pages[:3]), measured(pages[3], f=0.75), measured(pages[4]))))
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert [line[:2] for line in changes] == ["- ", "+ "]
    assert '"golden": "core/3"' in changes[0] and '"F": 0.5' in changes[0] and '"F": 0.75' in changes[1]
    assert "the text" not in before and "wall" not in before
    added = baseline_json(baseline_of(run_of(*map(measured, [*pages, "core/2b"]))))
    assert sum(line[0] in "+-" for line in difflib.ndiff(before.splitlines(), added.splitlines())) == 2  # golden and row


def test_own_scores_are_a_few_and_those_of_benchmarks_all():
    (row,) = baseline_of(run_of(measured(f=1 / 3))).rows.values()
    assert row.scores == {**dict.fromkeys(("P", "R", "F", "MER", "aeb.F"), 0.333333333), "aeb.tp": 3}


def test_the_last_digits_of_another_machine_are_no_change():
    before = baseline_of(run_of(measured(f=0.1234567885)))
    verdict = judge(run_of(measured(f=0.1234567885 + 1e-15)), before, Rules(), run_name="now", baseline_name="b")
    assert verdict.code == OK and verdict.pages[0].state == "same"


def test_repeats_are_kept_where_they_differ():
    same = baseline_of(run_of(measured(repeat=0), measured(repeat=1)))
    assert next(iter(same.rows.values())).repeats == ()
    differ = baseline_of(run_of(measured(f=0.5, repeat=0), measured(f=0.7, repeat=1)))
    (row,) = differ.rows.values()
    assert row.scores["F"] == 0.6 and [each.scores["F"] for each in row.each] == [0.5, 0.7]


def test_as_a_run_the_baseline_has_the_same_summaries():
    rows = [measured(f"core/{i}", name, f=i / 7) for i in range(5) for name in ("x", "y")]
    rows += [measured("core/5", "x", f=0.2, repeat=0), measured("core/5", "x", f=0.4, repeat=1)]
    run = run_of(*rows, references=["y"], unranked=["core", "other"])
    stored = baseline_of(run).as_run()
    for one, other in zip(summarise(run.records), summarise(stored.records)):
        assert (one.extractor, one.pages, one.outcomes, one.leaks) == (
            other.extractor,
            other.pages,
            other.outcomes,
            other.leaks,
        )
        for name in ("F", "MER"):
            assert one.scores[name] == pytest.approx(other.scores[name], abs=1e-9)
    assert stored.versions == run.versions and stored.finished
    assert stored.header.references == ("y",) and stored.header.unranked == ("core",)
    assert stored.header.goldens == run.header.goldens
    assert baseline_of(stored) == baseline_of(run)
