"""Metrics that the gate watches beside the one that pages are compared by."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories.records import record, run_of
from factories.verdicts import broken, gated
from harness.common.errors import CANNOT_TELL, OK, WORSE, Impossible
from harness.gate.rules import PRESETS, Limits, Rules
from harness.gate.rules_file import read_rules
from harness.report.gate.wording import moved_words
from harness.runs.record import Run


def page(golden: str = "core/a", f: float = 0.5, **others: float | None) -> Run:
    return record("x", golden, f, scores={"F": f, "blocks.F": 1.0, "punctuation": 1.0, "code": None, **others})


def test_joined_paragraphs_are_a_loss_where_no_word_moved():
    verdict = gated(run_of(page()), run_of(page(**{"blocks.F": 0.25})))
    assert verdict.code == WORSE
    assert broken(verdict) == {("page_drop", ""), ("mean_drop", "")}
    assert all(rule.message.startswith("blocks.F ") for rule in verdict.broken)
    (judged,) = verdict.pages
    assert (judged.state, judged.change, judged.fallen) == ("worse", 0, {"blocks.F": 0.75})


def test_words_that_the_page_does_not_have_are_a_loss_whatever_words_do_and_are_quoted():
    made_up = {"… signed by [three angry otters] last night …": 3}
    after = replace(page(f=0.9, fabricated=0.01), fabricated=made_up)
    for rules in (PRESETS["commit"], PRESETS["release"]):
        assert gated(run_of(page(fabricated=0.0)), run_of(page(f=0.9, fabricated=0.0)), rules).code == OK
        verdict = gated(run_of(page(fabricated=0.0)), run_of(after), rules)
        assert verdict.code == WORSE
        assert verdict.broken[0].message.startswith("fabricated ")
        assert "not on the page (3 words): … signed by [three angry otters] last night …" in [*moved_words(verdict.pages[0])]
    unchanged = gated(run_of(after), run_of(after))
    assert unchanged.code == OK and not unchanged.pages[0].fabricated


def test_a_gain_of_words_does_not_hide_a_loss_of_punctuation():
    verdict = gated(run_of(page(f=0.5)), run_of(page(f=0.9, punctuation=0.5)))
    assert verdict.code == WORSE
    assert {rule.message.split()[0] for rule in verdict.broken} == {"punctuation"}
    assert verdict.pages[0].state == "better"


def test_the_limits_hold_for_what_is_watched_and_an_empty_list_switches_it_off():
    before, after = run_of(page()), run_of(page(punctuation=0.9))
    assert gated(before, after, Rules(limits=Limits(mean_drop=0.2, page_drop=0.2))).code == OK
    assert broken(gated(before, after, Rules(limits=Limits(mean_drop=0.05, page_drop=0.2)))) == {("mean_drop", "")}
    assert gated(before, after, Rules(watch=())).code == OK
    assert gated(before, after, Rules(watch=("blocks.F",))).code == OK


@pytest.mark.parametrize(("before", "after"), [(None, 0.5), (0.5, None), (None, None), (0.5, 0.9)])
def test_what_was_not_measured_on_one_side_is_not_judged(before: float | None, after: float | None):
    assert gated(run_of(page(code=before)), run_of(page(code=after))).code == OK


def test_a_baseline_from_before_these_metrics_is_not_green():
    old = run_of(record("x", "core/a", 0.5, scores={"F": 0.5}))
    verdict = gated(old, run_of(page()))
    assert verdict.code == CANNOT_TELL
    assert "blocks.F" in verdict.doubts[0].message and "accept" in verdict.doubts[0].remedy
    assert gated(old, run_of(page()), Rules(watch=())).code == OK


@pytest.mark.parametrize("value", ['"blocks.F"', '["blocks.G"]', '["LF"]', "[1]", "[[]]"])
def test_watch_is_a_list_of_metrics_that_baselines_keep(value: str, tmp_path):
    (tmp_path / "rules.toml").write_text(f"watch = {value}")
    with pytest.raises(Impossible, match=r"rules\.toml: watch: "):
        read_rules(tmp_path / "rules.toml")


def test_what_neither_side_was_scored_by_is_said_and_is_no_green_where_somebody_asked_for_it():
    run = run_of(record("x", "core/a", 0.5, scores={"F": 0.5}))
    usual = gated(run, run)
    assert usual.code == OK and usual.notes == (
        "not watched, since neither the baseline nor the run was scored by them: blocks.F, punctuation, code, fabricated",
    )
    asked = gated(run, run, Rules(watch=("aeb.F",)))
    assert (asked.code, asked.doubts[0].remedy) == (
        CANNOT_TELL,
        "harness run -m F -m aeb.F && harness accept --baseline base.json",
    )


def test_a_watched_metric_that_failed_is_not_a_page_without_a_value():
    failed = record("x", "core/a", 0.5, scores={"F": 0.5, "code": None}, unscored={"code": "ValueError: no"})
    verdict = gated(run_of(page(code=0.5)), run_of(failed), Rules(watch=("code",)))
    assert verdict.code == CANNOT_TELL and verdict.doubts[0].message == "code, which the rules watch, failed on 1 page"
