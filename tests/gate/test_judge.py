"""The gate's verdict by its default rules, against the words of docs/gate.md."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given

from factories.records import counted, run_of
from factories.verdicts import KINDS, broken, gated, sides, states
from harness.alignment.counts import f_score
from harness.baseline.file import read_baseline, write_baseline
from harness.baseline.model import EMPTY, baseline_of
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.gate.judge import judge
from harness.gate.rules import Limits, Rules
from harness.gate.verdict import STATES
from harness.metrics import METRICS
from harness.runs.record import Record, Run
from harness.stats import estimates, resampled_means, sites_of


def failing(record: Record) -> bool:
    return record.outcome != "ok"  # all of these pages have words to keep


@given(sides())
def test_default_rules_allow_no_loss_of_any_sort(both):
    """The rules written down once more, the plain way."""
    before, after = both
    verdict = gated(run_of(*before), run_of(*after))
    alarms = {}
    for old, new in zip(before, after):
        if failing(new):
            alarms[new.extractor, new.golden] = not failing(old)
        else:
            fell = new.scores["F"] < old.scores["F"] - 1e-9
            leaked = not failing(old) and any(new.leaks.get(kind, 0) > old.leaks.get(kind, 0) for kind in KINDS)
            lost = any(new.frees.get(kind, 0) < old.frees.get(kind, 0) for kind in KINDS)
            alarms[new.extractor, new.golden] = fell or leaked or lost
    assert {(page.extractor, page.golden) for page in verdict.pages if page.rules} == {
        at for at, alarm in alarms.items() if alarm
    }
    assert verdict.code == (WORSE if any(alarms.values()) else OK)
    assert {rule.extractor for rule in verdict.broken} == {extractor for (extractor, _), alarm in alarms.items() if alarm}
    assert not verdict.doubts


@given(sides())
def test_an_unchanged_run_is_never_worse(both):
    for side in both:
        verdict = gated(run_of(*side), run_of(*side))
        assert (verdict.code, set(states(verdict).values())) == (OK, {"same"})


@given(sides())
def test_looking_the_other_way_round_turns_every_change_round(both):
    """Worse becomes better where the metric decides; a new failure becomes a fixed one."""
    before, after = both
    there, back = gated(run_of(*before), run_of(*after)), gated(run_of(*after), run_of(*before))
    turned = {"newly failing": "fixed", "fixed": "newly failing", "worse": "better", "better": "worse"}
    for one, other in zip(there.pages, back.pages):
        assert one.change == -other.change
        if one.state in ("newly failing", "fixed") or one.change:
            assert other.state == turned[one.state]
    for one, other in zip(there.extractors, back.extractors):
        for mean, mirrored in zip(one.means, other.means, strict=True):
            assert mean.difference.value == pytest.approx(-mirrored.difference.value)
            assert mean.before == mirrored.after
        assert one.failures == other.failures[::-1]


def test_new_failures_are_judged_as_failures_and_in_the_mean():
    before = run_of(*(counted(f"core/{i}", frees={"title": 5}) for i in range(4)))
    after = run_of(counted("core/0", outcome="crash"), *(counted(f"core/{i}", frees={"title": 5}) for i in range(1, 4)))
    verdict = gated(before, after)
    assert broken(verdict) == {("new_failures", ""), ("mean_drop", "")}
    assert verdict.worst_pages()[0].rules == ("new_failures",) and verdict.worst_pages()[0].error == "Oops: \x1b[31mno"
    assert gated(before, after, Rules(limits=Limits(new_failures=1, mean_drop=0.2))).code == OK
    assert gated(after, after).code == OK  # an old failure is none
    assert states(gated(after, before))["core/0"] == "fixed"


def test_an_empty_answer_fails_only_where_there_is_something_to_keep():
    nothing = {"kept": 0, "missed": 0}
    before = run_of(counted(**nothing, leaks={"consent": 5}))
    assert states(gated(before, run_of(counted(**nothing, outcome="empty")))) == {"core/a": "better"}
    assert states(gated(run_of(counted()), run_of(counted(outcome="empty")))) == {"core/a": "newly failing"}


def test_a_lower_error_is_better():
    rules = Rules(metric="MER")
    before, after = run_of(counted(kept=50)), run_of(counted(kept=60))
    assert states(gated(before, after, rules)) == {"core/a": "better"}
    worse = gated(after, before, rules)
    assert worse.code == WORSE and worse.pages[0].change < 0
    assert broken(worse) == {("page_drop", ""), ("mean_drop", "")}


def test_a_value_over_pages_is_the_metrics_own():
    def pages(*counts: tuple[int, int, int]) -> Run:
        values = [{"aeb.tp": tp, "aeb.fp": fp, "aeb.fn": fn, "aeb.F": tp / (tp + fp + fn)} for tp, fp, fn in counts]
        return run_of(*(counted(f"core/{i}", scores=each) for i, each in enumerate(values)))

    before, after = pages((10, 0, 5), (10, 20, 0)), pages((10, 0, 0), (10, 40, 0))
    (change,) = gated(before, after, Rules(metric="aeb.F")).extractors
    (mean,) = change.means
    assert mean.before == pytest.approx(METRICS["aeb.F"].over_pages(before.records))
    assert mean.after == pytest.approx(METRICS["aeb.F"].over_pages(after.records))
    assert mean.difference.value == pytest.approx(mean.after - mean.before)


def test_a_value_over_pages_has_an_interval_from_enough_sites():
    def pages(share: float) -> Run:
        values = [{"aeb.tp": share, "aeb.fp": (n % 5) / 20, "aeb.fn": (n % 7) / 20, "aeb.F": share} for n in range(40)]
        return run_of(*(counted(f"core/{n:02}", scores=each) for n, each in enumerate(values)))

    (change,) = gated(pages(0.5), pages(0.8), Rules(metric="aeb.F")).extractors
    found = change.means[0].difference
    assert found.interval.low < found.value < found.interval.high


def test_a_metric_without_a_value_on_one_side_is_not_the_same():
    before = run_of(counted(scores={"aeb.P": 0.5}))
    rules = Rules(metric="aeb.P")
    verdict = gated(before, run_of(counted(scores={"aeb.P": None})), rules)
    assert (verdict.code, states(verdict)) == (CANNOT_TELL, {"core/a": "not comparable"})
    verdict = gated(before, run_of(counted(scores={"aeb.P": None}, outcome="empty")), rules)
    assert (verdict.code, states(verdict)) == (WORSE, {"core/a": "newly failing"})
    verdict = gated(before, run_of(counted()), rules)
    assert verdict.code == CANNOT_TELL and "the run was not scored by aeb.P" in verdict.doubts[0].message
    nowhere = run_of(counted(scores={"aeb.P": None}))
    assert gated(nowhere, nowhere, rules).code == CANNOT_TELL


def test_worse_and_not_sure_is_worse_and_both_are_said():
    before = run_of(counted("core/a"), counted("core/b"))
    verdict = gated(before, run_of(counted("core/a", kept=10)))
    assert verdict.code == WORSE and verdict.doubts
    assert "worse" in verdict.headline and "not everything could be told" in verdict.headline


def test_the_interval_stands_beside_and_decides_nothing():
    chance = random.Random(1)
    kept = [(chance.randint(30, 90), chance.randint(30, 90)) for _ in range(60)]
    about = [(f"{'core' if i < 30 else 'web'}/{i}", f"site-{i // 2}") for i in range(60)]
    before = run_of(*(counted(id, kept=a, site=site) for (a, _), (id, site) in zip(kept, about)))
    after = run_of(*(counted(id, kept=b, site=site) for (_, b), (id, site) in zip(kept, about)))
    (change,) = gated(before, after).extractors
    ordered = sorted((id, site, f_score(1, b / 100) - f_score(1, a / 100)) for (a, b), (id, site) in zip(kept, about))
    sites = sites_of([site for _, site, _ in ordered], [id.partition("/")[0] for id, _, _ in ordered])
    (expected,) = estimates(resampled_means(np.array([[value] for _, _, value in ordered]), sites))
    (mean,) = change.means
    assert mean.difference.value == pytest.approx(expected.value)
    assert mean.difference.interval.low == pytest.approx(expected.interval.low)
    assert mean.after - mean.before == pytest.approx(expected.value)
    assert change.states["worse"] + change.states["better"] + change.states["same"] == change.pages == 60
    assert list(change.states) == list(STATES)


def test_html_pages_and_text_dumps_are_judged_apart():
    """What dumps lost, pages won: together nothing has changed."""

    def run(html: int, text: int) -> Run:
        pages = [counted(f"core/{n}", kept=html) for n in range(4)]
        return run_of(*pages, *(counted(f"core/dump-{n}", kept=text, media="text/plain") for n in range(4)))

    verdict = gated(run(60, 60), run(70, 50), Rules(limits=Limits(page_drop=1.0)))
    (rule,) = verdict.broken
    assert (rule.rule, rule.pages) == ("mean_drop", "media text/plain")
    assert "over all pages of media text/plain got worse" in rule.message
    html, text = verdict.extractors[0].means
    assert (html.media, html.pages, text.media, text.pages) == ("text/html", 4, "text/plain", 4)
    assert html.after > html.before and text.after < text.before


def test_the_same_input_gives_the_same_verdict():
    before, after = run_of(counted(), counted("core/b")), run_of(counted(kept=9), counted("core/b", kept=80))
    assert gated(before, after) == gated(before, after)


def test_nothing_is_read_as_something(tmp_path):
    path = tmp_path / "baseline.json"
    write_baseline(baseline_of(run_of(counted())), path)
    assert judge(run_of(), EMPTY, Rules(), run_name="now", baseline_name="b").code == CANNOT_TELL
    assert read_baseline(path).rows
