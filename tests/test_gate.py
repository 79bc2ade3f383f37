"""The gate's rules and verdict over made-up records, against the words of docs/gate.md."""

from __future__ import annotations

import argparse
import io
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from harness.alignment.align import PageWords, align
from harness.alignment.counts import f_score, precision, recall
from harness.baseline.file import BASELINE, EMPTY, baseline_of, read_baseline, write_baseline
from harness.cli.commands import gate as gate_command
from harness.common.errors import CANNOT_TELL, OK, WORSE, Impossible
from harness.engine.answer import FAILURES
from harness.gate.judge import STATES, Verdict, judge
from harness.gate.rules import Amount, Amounts, Limits, Ratio, Rules, read_rules
from harness.gate.words import words_of
from harness.metrics import METRICS
from harness.report.gate.terminal import print_moves, print_verdict
from harness.runs.file import Record, Run, new_run
from harness.stats import estimates, resampled_means, sites_of

KINDS = ("navigation", "consent", "duplicated")
OFF = float("inf")
NO_LIMITS = Limits(OFF, OFF, OFF, *[Amounts(Amount(OFF))] * 4)


def record(
    golden: str = "core/a",
    extractor: str = "x",
    *,
    kept: int = 50,
    missed: int | None = None,
    leaks: dict[str, int] | None = None,
    frees: dict[str, int] | None = None,
    outcome: str = "ok",
    kind: str = "article",
    lang: str = "en",
    site: str = "",
    repeat: int = 0,
    **scores: float | None,
) -> Record:
    """A record as evaluate makes one, from numbers of words."""
    leaks, frees = leaks or {}, frees or {}
    missed = 100 - kept if missed is None else missed
    if outcome != "ok":
        kept, missed, leaks, frees = 0, kept + missed, {}, {}
    leaked = sum(leaks.values())
    p, r = precision(kept, leaked, missed), recall(kept, missed)
    own = {"P": p, "R": r, "F": f_score(p, r), "MER": 1 - f_score(p, r)}
    if outcome in FAILURES:
        own = {"P": 0.0, "R": 0.0, "F": 0.0, "MER": 1.0}
    return Record(
        extractor=extractor,
        golden=golden,
        media="text/html",
        kind=kind,
        lang=lang,
        site=site or golden,
        coerced=False,
        outcome=outcome,
        error="Oops: \x1b[31mno" if outcome in FAILURES else "",
        text="",
        scores={**own, **scores},
        counts={"kept": kept, "missed": missed, "leaked": leaked, "free": sum(frees.values())},
        leaks=leaks,
        misses={"body": missed} if missed else {},
        frees=frees,
        repeat=repeat,
        page_bytes=100,
    )


def run_of(*records: Record, **header: object) -> Run:
    goldens = {record.golden: {"page": "p", "labels": "l"} for record in records}
    ordered = tuple(sorted(records, key=lambda record: record.key))
    versions = {record.extractor: "1.0" for record in records}
    return Run("now", {"goldens": goldens, "arguments": {}, **header}, versions, ordered, True)


def gate(before: Run, after: Run, rules: Rules | None = None) -> Verdict:
    return judge(after, baseline_of(before), rules or Rules(), run_name="now", baseline_name="base.json")


def broken(verdict: Verdict) -> set[tuple[str, str]]:
    return {(rule.rule, rule.pages) for rule in verdict.broken}


def states(verdict: Verdict) -> dict[str, str]:
    return {cell.golden: cell.state for cell in verdict.cells}


words = st.dictionaries(st.sampled_from(KINDS), st.integers(0, 3), max_size=3)


@st.composite
def sides(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Two measurements of the same pages by one or two extractors."""
    before, after = [], []
    for extractor in ("x", "y")[: draw(st.integers(1, 2))]:
        for number in range(draw(st.integers(1, 4))):
            for side in (before, after):
                kept = draw(st.integers(0, 4))
                side.append(
                    record(
                        f"core/{number}",
                        extractor,
                        kept=kept,
                        missed=4 - kept,
                        leaks=draw(words),
                        frees=draw(words),
                        outcome=draw(st.sampled_from(["ok", "ok", "ok", "empty", "timeout"])),
                        kind=("article", "forum")[number % 2],
                    )
                )
    return before, after


def failing(record: Record) -> bool:
    return record.outcome != "ok"  # all of these pages have words to keep


@given(sides())
def test_default_rules_allow_no_loss_of_any_sort(both):
    """The rules written down once more, the plain way."""
    before, after = both
    verdict = gate(run_of(*before), run_of(*after))
    alarms = {}
    for old, new in zip(before, after):
        if failing(new):
            alarms[new.extractor, new.golden] = not failing(old)
        else:
            fell = new.scores["F"] < old.scores["F"] - 1e-9
            leaked = any(new.leaks.get(kind, 0) > old.leaks.get(kind, 0) for kind in KINDS)
            lost = any(new.frees.get(kind, 0) < old.frees.get(kind, 0) for kind in KINDS)
            alarms[new.extractor, new.golden] = fell or leaked or lost
    assert {(cell.extractor, cell.golden) for cell in verdict.cells if cell.rules} == {
        at for at, alarm in alarms.items() if alarm
    }
    assert verdict.code == (WORSE if any(alarms.values()) else OK)
    assert {rule.extractor for rule in verdict.broken} == {extractor for (extractor, _), alarm in alarms.items() if alarm}
    assert not verdict.doubts


@given(sides())
def test_an_unchanged_run_is_never_worse(both):
    for side in both:
        verdict = gate(run_of(*side), run_of(*side))
        assert (verdict.code, set(states(verdict).values())) == (OK, {"same"})


@given(sides())
def test_looking_the_other_way_round_turns_every_change_round(both):
    """Worse becomes better where the metric decides; a new failure becomes a fixed one."""
    before, after = both
    there, back = gate(run_of(*before), run_of(*after)), gate(run_of(*after), run_of(*before))
    turned = {"newly failing": "fixed", "fixed": "newly failing", "worse": "better", "better": "worse"}
    for one, other in zip(there.cells, back.cells):
        assert one.change == -other.change
        if one.state in ("newly failing", "fixed") or one.change:
            assert other.state == turned[one.state]
    for one, other in zip(there.extractors, back.extractors):
        assert one.difference.value == pytest.approx(-other.difference.value)
        assert (one.before, one.failures) == (other.after, other.failures[::-1])


limits = st.builds(
    Limits,
    mean_drop=st.sampled_from([0.0, 0.1, 0.5, OFF]),
    page_drop=st.sampled_from([0.0, 0.1, 0.5, OFF]),
    new_failures=st.sampled_from([0.0, 1.0, OFF]),
    leak_growth=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
    page_leak_growth=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
    optional_loss=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
    page_optional_loss=st.builds(Amounts, st.builds(Amount, st.sampled_from([0.0, 2.0, OFF]))),
)


@given(sides(), limits, st.sampled_from(sorted(vars(Limits()))))
def test_switching_a_rule_off_silences_that_rule_and_no_other(both, limits, name):
    before, after = run_of(*both[0]), run_of(*both[1])
    strict = gate(before, after, Rules(limits=limits))
    lenient = gate(before, after, Rules(limits=replace(limits, **{name: getattr(NO_LIMITS, name)})))
    assert name not in {rule.rule for rule in lenient.broken}
    silenced = {rule for rule in broken(strict) if rule[0] != name}
    # What was said for a page is said for all pages where the page rule is off.
    assert silenced <= broken(lenient) and {rule for rule, _ in broken(lenient) - silenced} <= {
        "leak_growth",
        "optional_loss",
    }
    assert gate(before, after, Rules(limits=NO_LIMITS)).code == OK


def test_allowed_is_up_to_and_with_the_limit():
    before, after = run_of(record(kept=50)), run_of(record(kept=40))
    drop = f_score(1, 0.5) - f_score(1, 0.4)
    assert gate(before, after, Rules(limits=Limits(mean_drop=drop, page_drop=drop))).code == OK
    assert broken(gate(before, after, Rules(limits=Limits(mean_drop=OFF, page_drop=drop - 1e-6)))) == {("page_drop", "")}
    assert broken(gate(before, after, Rules(limits=Limits(mean_drop=drop - 1e-6, page_drop=OFF)))) == {("mean_drop", "")}


def test_a_mean_may_hold_where_a_page_falls_and_the_other_way_round():
    before = run_of(record("core/a", kept=50), record("core/b", kept=50))
    after = run_of(record("core/a", kept=40), record("core/b", kept=90))
    assert broken(gate(before, after)) == {("page_drop", "")}
    after = run_of(record("core/a", kept=48), record("core/b", kept=48))
    assert broken(gate(before, after, Rules(limits=Limits(page_drop=0.05)))) == {("mean_drop", "")}


def test_words_are_allowed_by_number_by_share_and_by_kind():
    before = run_of(record())
    after = run_of(record(leaks={"navigation": 3, "consent": 2}))

    def code(amounts: Amounts) -> int:
        return gate(before, after, Rules(limits=replace(NO_LIMITS, page_leak_growth=amounts))).code

    assert code(Amounts(Amount(3))) == OK
    assert code(Amounts(Amount(2.9))) == WORSE
    assert code(Amounts(Amount(share=0.03))) == OK  # of 100 words of main content
    assert code(Amounts(Amount(share=0.029))) == WORSE
    assert code(Amounts(Amount(0), {"navigation": Amount(3), "consent": Amount(2)})) == OK
    assert code(Amounts(Amount(9), {"consent": Amount(1)})) == WORSE


def test_words_over_all_pages_add_up_and_may_cancel_out():
    rules = Rules(limits=replace(NO_LIMITS, leak_growth=Amounts(Amount(3)), optional_loss=Amounts(Amount(3))))
    pages = ("core/a", "core/b")
    before = run_of(*(record(id, leaks={"consent": 2}, frees={"title": 9}) for id in pages))
    twice_two = run_of(*(record(id, leaks={"consent": 4}, frees={"title": 7}) for id in pages))
    assert broken(gate(before, twice_two, rules)) == {("leak_growth", ""), ("optional_loss", "")}
    even = run_of(
        record("core/a", leaks={"consent": 4}, frees={"title": 0}), record("core/b", leaks={}, frees={"title": 18})
    )
    assert gate(before, even, rules).code == OK


def test_new_failures_are_judged_as_failures_and_in_the_mean():
    before = run_of(*(record(f"core/{i}", frees={"title": 5}) for i in range(4)))
    after = run_of(record("core/0", outcome="crash"), *(record(f"core/{i}", frees={"title": 5}) for i in range(1, 4)))
    verdict = gate(before, after)
    assert broken(verdict) == {("new_failures", ""), ("mean_drop", "")}
    assert verdict.worst()[0].rules == ("new_failures",) and verdict.worst()[0].error == "Oops: \x1b[31mno"
    assert gate(before, after, Rules(limits=Limits(new_failures=1, mean_drop=0.2))).code == OK
    assert gate(after, after).code == OK  # an old failure is none
    assert states(gate(after, before))["core/0"] == "fixed"


def test_an_empty_answer_fails_only_where_there_is_something_to_keep():
    nothing = {"kept": 0, "missed": 0}
    before = run_of(record(**nothing, leaks={"consent": 5}))
    assert states(gate(before, run_of(record(**nothing, outcome="empty")))) == {"core/a": "better"}
    assert states(gate(run_of(record()), run_of(record(outcome="empty")))) == {"core/a": "newly failing"}


def test_a_lower_error_is_better():
    rules = Rules(metric="MER")
    before, after = run_of(record(kept=50)), run_of(record(kept=60))
    assert states(gate(before, after, rules)) == {"core/a": "better"}
    worse = gate(after, before, rules)
    assert worse.code == WORSE and worse.cells[0].change < 0
    assert broken(worse) == {("page_drop", ""), ("mean_drop", "")}


def test_a_value_over_pages_is_the_metrics_own():
    def pages(*counts: tuple[int, int, int]) -> Run:
        values = [{"aeb.tp": tp, "aeb.fp": fp, "aeb.fn": fn, "aeb.F": tp / (tp + fp + fn)} for tp, fp, fn in counts]
        return run_of(*(record(f"core/{i}", **each) for i, each in enumerate(values)))

    before, after = pages((10, 0, 5), (10, 20, 0)), pages((10, 0, 0), (10, 40, 0))
    (change,) = gate(before, after, Rules(metric="aeb.F")).extractors
    assert change.before == pytest.approx(METRICS["aeb.F"].over_pages(before.records))
    assert change.after == pytest.approx(METRICS["aeb.F"].over_pages(after.records))
    assert change.difference.interval is None and "not a mean" in change.difference.reason


def test_a_metric_without_a_value_on_one_side_is_not_the_same():
    before = run_of(record(**{"aeb.P": 0.5}))
    rules = Rules(metric="aeb.P")
    verdict = gate(before, run_of(record(**{"aeb.P": None})), rules)
    assert (verdict.code, states(verdict)) == (CANNOT_TELL, {"core/a": "not comparable"})
    verdict = gate(before, run_of(record(**{"aeb.P": None}, outcome="empty")), rules)
    assert (verdict.code, states(verdict)) == (WORSE, {"core/a": "newly failing"})
    verdict = gate(before, run_of(record()), rules)
    assert verdict.code == CANNOT_TELL and "the run was not scored by aeb.P" in verdict.doubts[0].message
    nowhere = run_of(record(**{"aeb.P": None}))
    assert gate(nowhere, nowhere, rules).code == CANNOT_TELL


def test_limits_of_a_kind_come_before_those_of_a_set():
    before = run_of(*(record(f"{set}/{kind}", kind=kind) for set in ("core", "web") for kind in ("forum", "qa")))
    after = run_of(*(record(f"{set}/{kind}", kind=kind, kept=40) for set in ("core", "web") for kind in ("forum", "qa")))
    strict, loose = Limits(), Limits(page_drop=OFF, mean_drop=OFF)
    everywhere = {"", "kind forum", "set web"}
    verdict = gate(before, after, Rules(kinds={"forum": strict}, sets={"web": strict}))
    assert {pages for _, pages in broken(verdict)} == everywhere
    found = {rule.pages: set(rule.goldens) for rule in verdict.broken if rule.rule == "page_drop"}
    assert found == {"": {"core/qa"}, "kind forum": {"core/forum", "web/forum"}, "set web": {"web/qa"}}
    verdict = gate(before, after, Rules(limits=strict, kinds={"forum": loose}, sets={"web": loose}))
    assert {pages for _, pages in broken(verdict)} == {""}


def test_slices_must_not_fall_behind():
    before = run_of(*(record(f"core/{i}", lang="de" if i < 2 else "en") for i in range(10)))
    after = run_of(*(record(f"core/{i}", lang="de" if i < 2 else "en", kept=40 if i < 2 else 90) for i in range(10)))
    loose = replace(NO_LIMITS, mean_drop=0.0)
    assert gate(before, after, Rules(limits=loose)).code == OK
    verdict = gate(before, after, Rules(limits=loose, slices=("lang",)))
    assert broken(verdict) == {("slice_drop", "lang de")}
    assert "of lang de" in verdict.broken[0].message
    assert gate(before, after, Rules(limits=loose, slices=("lang",), slice_drop=0.2)).code == OK


def repeats(scores: list[int], golden: str = "core/a") -> list[Record]:
    return [record(golden, kept=kept, repeat=i) for i, kept in enumerate(scores)]


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
    verdict = gate(old, new)
    assert states(verdict) == {"core/a": state}
    assert verdict.code == (WORSE if state == "worse" else OK)


def test_a_page_that_fails_now_and_then_is_no_new_failure():
    flaky = [record(outcome="timeout", repeat=0), record(repeat=1)]
    steady = [record(repeat=0), record(repeat=1)]
    down = [record(outcome="timeout", repeat=0), record(outcome="timeout", repeat=1)]
    assert gate(run_of(*steady), run_of(*flaky)).code == OK
    assert gate(run_of(*flaky), run_of(*down)).code == OK
    assert broken(gate(run_of(*steady), run_of(*down))) == {("new_failures", ""), ("mean_drop", "")}


def test_repeats_without_a_difference_rarely_alarm_and_a_fall_of_all_is_found():
    chance = random.Random(0)

    def run(fall: int) -> Run:
        pages = (repeats([60 - fall + chance.randint(-4, 4) for _ in range(8)], f"core/{i}") for i in range(40))
        return run_of(*(row for rows in pages for row in rows))

    baseline = run(0)
    assert sum(gate(baseline, run(0)).code != OK for _ in range(20)) <= 1
    # A fall that no page shows, since its repeats overlap, shows in the mean of all.
    assert ("mean_drop", "") in broken(gate(baseline, run(2)))


def timed(extractor: str, seconds: float, *, cached: bool = False) -> Record:
    timing = {"wall": seconds, "peak_memory": 1e8 * seconds}
    return replace(record(extractor=extractor), timing=timing, cached=cached)


def test_time_and_memory_are_ratios_to_an_extractor_of_the_same_run():
    run = run_of(timed("x", 0.5), timed("reference", 0.1))
    for name in ("speed", "memory"):
        assert gate(run, run, Rules(**{name: Ratio("reference", 5)})).code == OK
        verdict = gate(run, run, Rules(**{name: Ratio("reference", 4.9)}))
        assert [(rule.extractor, rule.rule, rule.found) for rule in verdict.broken] == [("x", name, "5.0 times")]
        known = run_of(timed("x", 0.5, cached=True), timed("reference", 0.1))
        assert gate(run, known, Rules(**{name: Ratio("reference", 4)})).code == CANNOT_TELL
        assert gate(run, run, Rules(**{name: Ratio("other", 5)})).code == CANNOT_TELL
        untimed = run_of(record(), timed("reference", 0.1))
        assert gate(run, untimed, Rules(**{name: Ratio("reference", 5)})).code == CANNOT_TELL
    assert gate(run, run_of(timed("x", 9.0), timed("reference", 0.1))).code == OK  # nobody asked


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"goldens": {"core/a": {"page": "other", "labels": "l"}}}, "its page changed"),
        ({"goldens": {"core/a": {"page": "p", "labels": "other"}}}, "its labels changed"),
        ({"definitions": {"text": 2, "words": 1, "F": 1}}, "what a word is changed"),
        ({"definitions": {"text": 1, "words": 2, "F": 1}}, "how words are counted changed"),
        ({"definitions": {"text": 1, "words": 1, "F": 2}}, "the definition of F changed"),
    ],
)
def test_what_changed_its_meaning_is_not_compared(header, why):
    same = {"definitions": {"text": 1, "words": 1, "F": 1}}
    before = run_of(record(), **same)
    verdict = gate(before, run_of(record(kept=10), **{**same, **header}))
    assert (verdict.code, states(verdict)) == (CANNOT_TELL, {"core/a": "not comparable"})
    assert verdict.cells[0].why == why
    assert why in verdict.doubts[0].message and verdict.doubts[0].goldens == ("core/a",)


def test_another_metrics_definition_does_not_matter():
    before, after = ({"text": 1, "words": 1, "F": 1, "MER": number} for number in (1, 2))
    assert gate(run_of(record(), definitions=before), run_of(record(), definitions=after)).code == OK


def test_what_is_only_in_the_run_is_new_and_not_judged():
    before = run_of(record("core/a"))
    after = run_of(record("core/a"), record("core/b", outcome="crash"), record("core/a", "y", outcome="crash"))
    verdict = gate(before, after)
    assert verdict.code == OK and verdict.unjudged == ("y",)
    assert [(cell.extractor, cell.golden, cell.state) for cell in verdict.cells] == [
        ("x", "core/a", "same"),
        ("x", "core/b", "new"),
        ("y", "core/a", "new"),
    ]


def test_a_page_that_one_extractor_lacks_is_missing():
    before = run_of(record("core/a"), record("core/b"), record("core/a", "y"), record("core/b", "y"))
    after = run_of(record("core/a"), record("core/b"), record("core/a", "y"))
    verdict = gate(before, after)
    assert verdict.code == CANNOT_TELL
    assert [doubt.message for doubt in verdict.doubts] == ["y was not run on 1 page of the baseline"]


def test_why_goldens_are_missing_is_said():
    before = run_of(record("core/a"), record("core/b"))
    skipped = gate(before, run_of(record("core/a"), skipped=["core/b"]))
    assert "--dumps" in skipped.doubts[0].remedy and skipped.doubts[0].goldens == ("core/b",)
    left_out = gate(before, run_of(record("core/a"), broken=["core/b.yaml"]))
    assert left_out.doubts[0].remedy == "harness check"


def test_worse_and_not_sure_is_worse_and_both_are_said():
    before = run_of(record("core/a"), record("core/b"))
    verdict = gate(before, run_of(record("core/a", kept=10)))
    assert verdict.code == WORSE and verdict.doubts
    assert "worse" in verdict.headline and "not everything could be told" in verdict.headline


def test_the_interval_stands_beside_and_decides_nothing():
    chance = random.Random(1)
    kept = [(chance.randint(30, 90), chance.randint(30, 90)) for _ in range(60)]
    about = [(f"{'core' if i < 30 else 'web'}/{i}", f"site-{i // 2}") for i in range(60)]
    before = run_of(*(record(id, kept=a, site=site) for (a, _), (id, site) in zip(kept, about)))
    after = run_of(*(record(id, kept=b, site=site) for (_, b), (id, site) in zip(kept, about)))
    (change,) = gate(before, after).extractors
    ordered = sorted((id, site, f_score(1, b / 100) - f_score(1, a / 100)) for (a, b), (id, site) in zip(kept, about))
    sites = sites_of([site for _, site, _ in ordered], [id.partition("/")[0] for id, _, _ in ordered])
    (expected,) = estimates(resampled_means(np.array([[value] for _, _, value in ordered]), sites))
    assert change.difference.value == pytest.approx(expected.value)
    assert change.difference.interval.low == pytest.approx(expected.interval.low)
    assert change.after - change.before == pytest.approx(expected.value)
    assert change.states["worse"] + change.states["better"] + change.states["same"] == change.pages == 60
    assert list(change.states) == list(STATES)


def test_the_same_input_gives_the_same_verdict():
    before, after = run_of(record(), record("core/b")), run_of(record(kept=9), record("core/b", kept=80))
    assert gate(before, after) == gate(before, after)


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


FULL = """
metric = "MER"
mean_drop = 0.002
page_drop = 0.05
new_failures = 1
leak_growth = "1%"
page_leak_growth = { any = 20, consent = 0, related = "2.5%" }
optional_loss = inf
slices = ["kind", "lang"]
slice_drop = 0.01
speed = { reference = "resiliparse", ratio = 30 }
[kind.forum]
page_drop = 0.1
[set.core]
new_failures = 0
"""


def test_rules_are_read_from_pyproject_a_file_and_yaml_alike(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_rules() == Rules()
    inside = FULL.replace("[kind", "[tool.harness.gate.kind").replace("[set", "[tool.harness.gate.set")
    write(tmp_path, "pyproject.toml", "[project]\nname = 'x'\n[tool.harness.gate]" + inside)
    rules = read_rules()
    base = Limits(
        mean_drop=0.002,
        page_drop=0.05,
        new_failures=1,
        leak_growth=Amounts(Amount(share=0.01)),
        page_leak_growth=Amounts(Amount(20), {"consent": Amount(0), "related": Amount(share=0.025)}),
        optional_loss=Amounts(Amount(OFF)),
    )
    assert rules == Rules(
        metric="MER",
        limits=base,
        slices=("kind", "lang"),
        slice_drop=0.01,
        speed=Ratio("resiliparse", 30),
        kinds={"forum": replace(base, page_drop=0.1)},
        sets={"core": replace(base, new_failures=0)},
    )
    assert read_rules(write(tmp_path, "rules.toml", FULL)) == rules
    yaml = """
metric: MER
mean_drop: 0.002
page_drop: 0.05
new_failures: 1
leak_growth: 1%
page_leak_growth: {any: 20, consent: 0, related: 2.5%}
optional_loss: .inf
slices: [kind, lang]
slice_drop: 0.01
speed: {reference: resiliparse, ratio: 30}
kind: {forum: {page_drop: 0.1}}
set: {core: {new_failures: 0}}
"""
    assert read_rules(write(tmp_path, "rules.yaml", yaml)) == rules
    write(tmp_path, "pyproject.toml", "[project]\nname = 'x'\n")
    assert read_rules() == Rules()


def test_the_rules_of_the_docs_are_rules(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "gate.md").read_text()
    (block,) = re.findall("```toml\n(.*?)```", page, re.S)
    assert read_rules(write(tmp_path, "pyproject.toml", block)).kinds["forum"].page_drop == 0.1
    table = page.partition("| rule | default |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in table.splitlines()[2:])))
    assert named == {*vars(Limits()), *vars(Rules())} - {"limits", "kinds", "sets"}


def test_all_mistakes_in_rules_are_named_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        "pyproject.toml",
        """
[tool.harness.gate]
page_dorp = 1
metric = "FF"
mean_drop = "much"
new_failures = true
page_leak_growth = { consnt = 1, legal = "x%" }
optional_loss = { moved = 1 }
leak_growth = -1
slices = ["knd"]
speed = { reference = 3, ratio = 0 }
memory = 3
[tool.harness.gate.kind.forun]
page_drop = 0.1
[tool.harness.gate.set.core]
kind = {}
""",
    )
    with pytest.raises(Impossible) as error:
        read_rules()
    lines = str(error.value).splitlines()
    prefix = "pyproject.toml: tool.harness.gate."
    assert all(line.startswith(prefix) for line in lines)
    keys = [line[len(prefix) :].split(":")[0] for line in lines]
    assert sorted(keys) == sorted(
        "page_dorp metric mean_drop new_failures page_leak_growth.consnt page_leak_growth.legal optional_loss.moved "
        "leak_growth slices speed.reference speed.ratio memory kind.forun set.core.kind".split()
    )
    assert "did you mean 'page_drop'?" in str(error.value) and "did you mean 'forum'?" in str(error.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("rules.toml", "mean_drop = = 1", "not TOML"),
        ("rules.yaml", "a: [", "not YAML"),
        ("rules.yaml", "- a", "is not a table"),
        ("rules.toml", 'metric = "LF"', "does not keep LF"),
        ("rules.toml", "mean_drop = nan", "not a number of 0 or more"),
        ("pyproject.toml", "[project]\n", "has no table [tool.harness.gate]"),
    ],
)
def test_rules_that_cannot_be_read_say_so(tmp_path, name, text, said):
    with pytest.raises(Impossible, match="(?s)" + ".*") as error:
        read_rules(write(tmp_path, name, text))
    assert said in str(error.value) and name in str(error.value)


def test_a_rule_for_a_set_without_pages_is_a_mistake():
    with pytest.raises(Impossible, match="'cor', which has no page; did you mean 'core'"):
        gate(run_of(record()), run_of(record()), Rules(sets={"cor": Limits()}))


def shown(verdict: Verdict, width: int = 100) -> str:
    out = io.StringIO()
    print_verdict(verdict, Console(file=out, width=width))
    return out.getvalue()


def test_the_verdict_names_all_that_a_maintainer_needs():
    before = run_of(*(record(f"core/{i}", frees={"title": 4}) for i in range(7)), record("core/7"))
    after = run_of(
        *(record(f"core/{i}", kept=49 - i, leaks={"consent": 12}) for i in range(7)),
        record("core/7", outcome="timeout"),
    )
    after = replace(after, versions={"x": "1.1"})
    verdict = gate(before, after)
    page_rules = {"page_drop", "page_leak_growth", "page_optional_loss"}  # what they say is not said again of all pages
    assert {rule for rule, _ in broken(verdict)} == {"new_failures", "mean_drop", *page_rules}
    text = shown(verdict)
    assert text.startswith("worse than base.json: x on 8 pages\n")
    for part in (
        "x 1.0 → 1.1",
        "newly failing 1   worse 7",
        "new_failures: 1 page newly without text (timeout 1); 0 allowed",
        "page_leak_growth: words leaked more on 7 pages: consent up to 12 (core/6); 0 words allowed",
        "page_optional_loss: words that may come out were lost on 7 pages: title up to 4",
        "core/6   F 0.667 → 0.555",
        "missed 50 → 57 words (body +7)",
        "leaked 0 → 12 words (consent +12)",
        "optional text lost: title 4",
        "harness show now --page core/6 -e x",
        "Oops: \\u001b[31mno",
        "and 3 pages more",
        "harness accept now",
    ):
        assert part in text, part
    assert text.index("--page core/7") < text.index("--page core/6") < text.index("--page core/5")
    assert "core/0  " not in text
    assert "\x1b" not in text


def test_words_of_the_worst_pages_are_those_that_grew():
    parts = [
        ("maybe", "title", "The winch"),
        ("keep", "body", "The ferry was late again."),
        ("keep", "body", "Nobody minded much."),
    ]
    rows = [
        (word.strip("."), word + " ", verdict, kind, number)
        for number, (verdict, kind, text) in enumerate([*parts, ("drop", "consent", "Accept all")])
        for word in text.split()
    ]
    laid = align(PageWords(*zip(*rows)), "The ferry was late again.\nAccept all\x1b[2J")
    cell = gate(
        run_of(record(kept=8, missed=0, frees={"title": 2})),
        run_of(record(kept=5, missed=3, leaks={"consent": 2})),
    ).cells[0]
    found = words_of(cell, laid)
    assert [(part.kind, part.text) for part in found.missed] == [("body", "Nobody minded much.")]
    assert [(part.kind, part.text) for part in found.lost] == [("title", "The winch")]
    assert found.leaked[0].kind == "consent" and found.leaked[0].text.startswith("Accept all")
    verdict = replace(gate(run_of(record(kept=60)), run_of(record())), cells=(replace(cell, words=found),))
    assert "\x1b" not in shown(verdict)
    # What was there before is not blamed on the change.
    as_before = gate(run_of(record(kept=5, missed=3)), run_of(record(kept=5, missed=3))).cells[0]
    assert words_of(as_before, laid).leaked == ()


def test_moves_are_the_largest_each_way():
    before = run_of(*(record(f"core/{i}", kept=50) for i in range(9)))
    after = run_of(*(record(f"core/{i}", kept=46 + i) for i in range(9)))
    out = io.StringIO()
    print_moves(gate(before, after), Console(file=out, width=100), number=1)
    assert [line.split()[1] for line in out.getvalue().splitlines()[1:]] == ["core/0", "core/8"]


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A run on disk and its baseline."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def store(*records: Record, finish: bool = True) -> None:
        run = run_of(*records)
        with new_run(f"2024010{len(list(tmp_path.glob('reports/runs/*')))}-000000", run.header) as writer:
            for each in records:
                writer.extractor(each.extractor, "1.0", "")
                writer.record(each)
            if finish:
                writer.finish()

    store(record())
    write_baseline(baseline_of(run_of(record())), BASELINE)
    return store


def arguments(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{**dict.fromkeys(("run_name", "baseline", "rules", "junit", "markdown", "json")), **given})


def test_reports_are_written_whatever_the_verdict(stored, tmp_path, capsys, monkeypatch):
    files = {name: Path(f"out/{name}") for name in ("junit", "markdown", "json")}

    def gate() -> tuple[int, dict[str, str]]:
        code = gate_command.run(arguments(**files))
        texts = {name: path.read_text() for name, path in files.items()}
        for path in files.values():
            path.unlink()
        return code, texts

    assert gate()[0] == OK
    stored(record(kept=9))
    code, texts = gate()
    assert code == WORSE
    assert "core/a" in texts["junit"] and "core/a" in texts["markdown"] and json.loads(texts["json"])
    stored(record(), finish=False)
    assert gate()[0] == CANNOT_TELL
    BASELINE.unlink()
    code, texts = gate()
    assert code == CANNOT_TELL and "no baseline" in texts["markdown"]
    for path in tmp_path.glob("reports/runs/*"):
        path.unlink()
    assert gate()[0] == CANNOT_TELL


def test_inside_github_actions_the_summary_is_appended(stored, tmp_path, capsys, monkeypatch):
    summary = write(tmp_path, "summary.md", "before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    stored(record(kept=9))
    gate_command.run(arguments())
    assert "::error" not in capsys.readouterr().out and summary.read_text() == "before\n"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert gate_command.run(arguments()) == WORSE
    assert "::error" in capsys.readouterr().out
    assert summary.read_text().startswith("before\n") and "core/a" in summary.read_text()


def test_a_damaged_baseline_is_an_impossible_request(stored):
    BASELINE.write_text(BASELINE.read_text().replace('"outcome": "ok"', '"outcome": "fine"'))
    with pytest.raises(Impossible, match=r"baseline\.json:\d+: unknown outcome 'fine'"):
        gate_command.run(arguments())


def test_nothing_is_read_as_something(stored):
    assert judge(run_of(), EMPTY, Rules(), run_name="now", baseline_name="b").code == CANNOT_TELL
    assert read_baseline(BASELINE).rows
