"""Floors: a value over a pinned corpus, with and without a baseline."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from factories.places import DATASETS, ROOT, needs_datasets
from factories.records import EVERYTHING, counted, run_of
from factories.verdicts import gated, shown
from harness.cli import main as cli
from harness.common.errors import CANNOT_TELL, OK, WORSE, Impossible
from harness.gate.rules import PRESETS, Floor, Rules
from harness.gate.rules_file import read_rules
from harness.goldens.hashes import goldens_hash
from harness.report.gate.junit import junit_xml
from harness.report.gate.markdown import gate_markdown
from harness.runs.record import Run


def corpus(*counts: tuple[int, int, int], labels: str = "labels") -> Run:
    """Pages with counts of snippets: found, wrongly found, missed."""
    rows = []
    for number, (tp, fp, fn) in enumerate(counts):
        scores = {"trafilatura.tp": tp, "trafilatura.fp": fp, "trafilatura.fn": fn, "trafilatura.tn": 1, "trafilatura.F": 0}
        rows.append(counted(f"traf/{number}", scores=scores))
    return run_of(*rows, labels=labels)


RUN = corpus((2, 0, 1), (1, 1, 0))  # F = 2 * 3 / (2 * 3 + 1 + 1) = .75
HASH = goldens_hash({golden: about.hashes for golden, about in RUN.header.goldens.items()})


def judged(value: float, run: Run = RUN, **floor: str):
    rules = replace(PRESETS["floors"], floors=(Floor("x", "trafilatura.F", value, **floor),))
    return gated(run_of(), run, rules)


def test_a_floor_is_of_the_value_over_all_pages_and_needs_no_baseline():
    verdict = judged(0.75)
    assert (verdict.code, verdict.headline) == (OK, "no value is below its floor: 1 floor")
    assert "floor: trafilatura.F of x: 0.7500, 0.75 is required (2 pages, goldens " in shown(verdict)
    verdict = judged(0.7501)
    assert (verdict.code, verdict.headline) == (WORSE, "below a floor: x")
    for said in (shown(verdict), gate_markdown(verdict), junit_xml(verdict)):
        assert "change the floor in the rules" in said and "harness accept" not in said, "no baseline lets it through"
    assert '<testsuites name="harness gate" tests="2" failures="1"' in junit_xml(verdict)
    assert verdict.broken[0].message == "trafilatura.F is 0.7500 over 2 pages; at least 0.7501 is required"


def test_a_floor_can_pin_the_corpus():
    assert judged(0.7, goldens=HASH).code == OK
    verdict = judged(0.7, corpus((2, 0, 1), (1, 1, 0), labels="easier"), goldens=HASH)
    assert verdict.code == CANNOT_TELL and f"is for the goldens {HASH}" in verdict.doubts[0].message
    assert judged(0.7, corpus((2, 0, 1)), goldens=HASH).code == CANNOT_TELL


def test_pages_without_a_value_of_the_metric_are_not_counted():
    run = run_of(*RUN.records, counted("traf/9", scores={"F": None, "trafilatura.F": None, "trafilatura.tp": None}))
    assert judged(0.75, run).floors[0].pages == 2
    assert judged(0.76, run).broken[0].message.startswith("trafilatura.F is 0.7500 over 2 pages;")


def test_a_page_on_which_the_metric_failed_is_no_page_without_a_value():
    scores = {"trafilatura.F": None}
    failed = counted("traf/9", scores=scores, unscored={"trafilatura.F": "ValueError: no snippet"})
    verdict = judged(0.75, run_of(*RUN.records, failed))
    assert (verdict.code, verdict.doubts[0].goldens) == (CANNOT_TELL, ("traf/9",))
    assert "and it failed on 1 page: ValueError: no snippet" in verdict.doubts[0].message


@pytest.mark.parametrize(
    "header", [{"skipped": ["traf/9"]}, {"arguments": {**EVERYTHING, "limit": 2}}, {"broken": ["traf/9.yaml"]}]
)
def test_a_floor_without_a_pin_is_for_all_pages(header):
    run = run_of(*RUN.records, **header)
    assert judged(0.1, run).code == CANNOT_TELL
    assert judged(0.1, run, goldens=HASH).code == OK


def test_what_was_not_measured_is_never_above_a_floor():
    assert judged(0.1, set="other").code == CANNOT_TELL
    assert judged(0.1, run_of()).code == CANNOT_TELL
    assert judged(0.1, replace(RUN, finished=False)).code == CANNOT_TELL
    assert "-m trafilatura.F" in judged(0.1, run_of(counted("traf/0"))).doubts[0].remedy
    gone = run_of(versions={}, id=RUN.id)
    assert judged(0.1, replace(gone, not_loaded={"x": "no module"})).code == CANNOT_TELL


def test_a_lower_error_is_better_under_a_floor_too():
    run = run_of(counted(kept=60))
    (error,) = (record.scores["MER"] for record in run.records)
    for value, code in ((error, OK), (error - 0.001, WORSE)):
        rules = replace(PRESETS["floors"], floors=(Floor("x", "MER", value),))
        assert gated(run_of(), run, rules).code == code


def test_floors_stand_beside_the_baseline():
    rules = Rules(floors=(Floor("x", "trafilatura.F", 0.8),))
    assert gated(RUN, RUN, rules).code == WORSE
    assert gated(run_of(), RUN, replace(rules, floors=())).code == CANNOT_TELL, "a baseline is needed but by the preset"


def test_mistakes_in_floors_are_named(tmp_path):
    (tmp_path / "r.toml").write_text(
        'preset = "floors"\npage_drop = 1\n[[floor]]\nextractor = "x"\n'
        '[[floor]]\nextractor = "x"\nmetric = "FF"\nvalue = "y"\n'
    )
    with pytest.raises(Impossible) as error:
        read_rules(tmp_path / "r.toml")
    for said in (
        "floor[1]: has no metric and no value",
        "floor[2].metric: unknown metric 'FF'",
        "floor[2].value: 'y' is not a number",
        "page_drop: has no effect with the preset 'floors'",
    ):
        assert said in str(error.value)
    (tmp_path / "r.toml").write_text('preset = "floors"\n')
    with pytest.raises(Impossible, match="judges nothing without a `floor`"):
        read_rules(tmp_path / "r.toml")


@needs_datasets
@pytest.mark.slow
def test_the_floors_of_the_docs_hold_on_a_sample_of_the_corpus(tmp_path, monkeypatch, capsys):
    """The rules and the commands of docs/ci.md, with the hash that the first gate tells, and red if the floor is raised."""
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    rules = re.search(r"```toml\n(# gate.toml\n.*?)```", text, re.S)[1]
    lines = re.findall(r"^- run: (harness .*(?:trafilatura/fast|gate\.toml).*)$", text, re.M)
    run, gate = (shlex.split(line)[1:] for line in lines)
    run[run.index("trafilatura:trafilatura")] = f"trafilatura:{Path(DATASETS, 'trafilatura').resolve()}"
    assert cli.main([word for word in run if word not in ("--with", ".")]) == OK
    Path("gate.toml").write_text(rules)
    capsys.readouterr()
    assert cli.main(gate) == CANNOT_TELL
    found = re.search(r"and the run has (\w{64})", capsys.readouterr().out)[1]
    Path("gate.toml").write_text(rules.replace("0" * 64, found))
    assert cli.main(gate) == OK
    Path("gate.toml").write_text(rules.replace("0" * 64, found).replace("0.9195", "0.9995"))
    assert cli.main(gate) == WORSE
