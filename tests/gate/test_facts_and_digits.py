"""The verdict names the snippets and facts that fail now, and shows enough digits of what it judges."""

from __future__ import annotations

import json
from dataclasses import replace

from factories.extractors import runnable
from factories.layouts import text_golden
from factories.records import counted, run_of
from factories.verdicts import gated, shown
from harness.alignment.words import page_words
from harness.baseline.file import baseline_json, read_baseline, write_baseline
from harness.baseline.model import baseline_of
from harness.engine.answer import Answer
from harness.evaluation.scoring import score
from harness.gate.judge import judge
from harness.gate.rules import Limits, Rules
from harness.gate.wording import distinct_scores, drop, value_and_limit
from harness.goldens.golden import Snippets
from harness.report.gate.github import github_annotations
from harness.report.gate.junit import junit_xml
from harness.report.gate.markdown import gate_markdown

OLD = {'absent "Share this"': "came out in line 3 of the output"}
NEW = {'present "The winch\x1b[31m had frozen"': "did not come out"}


def page(f: float, facts: dict[str, str]):
    counts = {"trafilatura.tp": 2, "trafilatura.fp": 0, "trafilatura.fn": round(4 / f - 4), "trafilatura.tn": 1}
    scores = {"F": None, "trafilatura.F": f, **counts}
    return run_of(counted(scores=scores, failed_facts=facts))


def verdict_of(before, after):
    return judge(after, before, Rules(metric="trafilatura.F"), run_name="now", baseline_name="base.json")


def test_the_snippet_that_was_missed_is_named_and_no_old_one():
    verdict = verdict_of(baseline_of(page(1.0, OLD)), page(0.75, {**OLD, **NEW}))
    assert verdict.pages[0].failed_facts == NEW
    for text in (shown(verdict), junit_xml(verdict), gate_markdown(verdict), "\n".join(github_annotations(verdict))):
        assert "The winch" in text and "did not come out" in text and "Share this" not in text
        assert "\x1b" not in text


def test_the_baseline_keeps_which_facts_failed_and_no_text_of_them(tmp_path):
    baseline = baseline_of(page(1.0, OLD))
    text = baseline_json(baseline)
    assert "Share" not in text and len(json.loads(text)["rows"][0]["failed_facts"]) == 1
    write_baseline(baseline, tmp_path / "b.json")
    assert read_baseline(tmp_path / "b.json") == baseline


def test_a_baseline_of_before_does_not_know_and_names_all(tmp_path):
    text = baseline_json(baseline_of(page(1.0, OLD)))
    older = json.loads(text)
    del older["rows"][0]["failed_facts"]
    (tmp_path / "b.json").write_text(json.dumps(older))
    verdict = verdict_of(read_baseline(tmp_path / "b.json"), page(0.75, {**OLD, **NEW}))
    assert verdict.pages[0].failed_facts.keys() == {*OLD, *NEW}


def test_digits_show_the_change_that_is_judged():
    def runs(f: float):
        return run_of(counted(scores={"F": f}))

    verdict = gated(runs(0.9254), runs(0.9247), Rules(limits=Limits(mean_drop=0.0005)))
    (mean,) = (rule for rule in verdict.broken if rule.rule == "mean_drop")
    assert "got worse by 0.00070 (0.9254 → 0.9247); 0.0005 allowed" in mean.message
    assert "F 0.9254 → 0.9247" in shown(verdict)


def test_no_digit_more_than_that():
    assert distinct_scores(0.9251, 0.5) == ("0.925", "0.500")
    assert distinct_scores(0.5, 0.5) == ("0.500", "0.500")
    assert distinct_scores(0.12345678, 0.12345679) == ("0.12345678", "0.12345679")
    assert drop(0.25) == "0.250" and drop(0.00068) == "0.00068"
    assert value_and_limit(0.9253, 0.9253) == ("0.9253", "0.9253") and value_and_limit(0.92529, 0.9253) == (
        "0.92529",
        "0.9253",
    )


def test_a_record_names_the_snippets_of_a_page_that_is_judged_by_them():
    golden = replace(text_golden(), snippets=Snippets(("is here",), ("share this",)), labelled=None, text=None)
    answer = Answer("ok", text="please share this")
    judged = score(golden, page_words(golden), runnable("x"), answer, ["trafilatura.F"]).failed_facts
    assert {fact.split()[0]: reason for fact, reason in judged.items()} == {
        "present": "did not come out",
        "absent": "came out in line 1 of the output",
    }
