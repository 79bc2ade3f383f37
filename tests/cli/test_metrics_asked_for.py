"""A run computes what is asked for and says so; what it did not compute is never a number."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.alignment import words
from harness.cli.main import main
from harness.runs.find import read_run

SCORE = ["score", "good.json", "greedy.json", "-g", "aeb:benchmark"]


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(["show", *arguments]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


@pytest.fixture
def bags_only(aeb_outputs: Path) -> Path:
    """A run that was asked for a metric of bags of words."""
    assert main([*SCORE, "-m", "wcxb.F", "-j", "1"]) == 0
    return aeb_outputs


def test_words_are_not_read_for_a_metric_that_does_not_need_them(aeb_outputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "words_of_lines", None)
    assert main([*SCORE, "-m", "wcxb.F", "-j", "1"]) == 0
    run = read_run()
    assert run.header.metrics == ("wcxb.F",) and run.header.definitions.keys() == {"text", "words", "wcxb.F"}
    assert {tuple(record.scores) for record in run.records} == {("wcxb.F",)}
    assert all(record.counts == record.leaks == record.misses == {} for record in run.records)


def test_metrics_of_words_bring_the_numbers_of_words(aeb_outputs: Path) -> None:
    assert main([*SCORE, "-m", "F", "-j", "1"]) == 0
    run = read_run()
    assert run.header.metrics == ("P", "R", "F") and run.header.shown == ("F",)
    greedy = [record for record in run.records if record.extractor == "greedy"]
    assert all(record.leaks == {"other": 11} and record.counts["leaked"] == 11 for record in greedy)


def test_words_that_were_not_counted_are_no_number(
    bags_only: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")  # narrower tables leave the columns of words out
    assert "not counted" in shown(capsys, "--format", "md")
    rows = shown(capsys, "--format", "csv").splitlines()
    columns = rows[0].split(",")
    assert {row.split(",")[columns.index("leaked")] for row in rows[1:]} == {""}
    assert all(row["leaks"] is None for row in json.loads(shown(capsys, "--format", "json"))["extractors"])
    assert re.search(r"greedy +0?\.\d+ +– +– +–$", shown(capsys, "--worst", "1", "-e", "greedy"), re.M)
    assert main(["scorecard", "latest", "-o", "card.md"]) == 0
    assert "leaked words" not in (bags_only / "card.md").read_text().lower()


def test_what_a_run_did_not_compute_is_computed_from_its_outputs(
    bags_only: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = shown(capsys, "-m", "F", "-m", "aeb.F", "--format", "json")
    scores = {row["name"]: row["scores"] for row in json.loads(rows)["extractors"]}
    assert (scores["good"]["F"], scores["good"]["aeb.F"]) == (1, 1)
    assert (round(scores["greedy"]["F"], 6), round(scores["greedy"]["aeb.F"], 6)) == (round(24 / 35, 6), 0.620690)
    (bags_only / "marked.py").write_text("def marked(case):\n    return float(case.markup is None)\n")
    why = shown(capsys, "-m", "marked.py:marked", code=3)
    assert "reads the markup of outputs" in why and "-m wcxb.F -m marked.py:marked" in why


def test_outputs_are_not_scored_by_other_labels(bags_only: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = bags_only / "benchmark" / "ground-truth.json"
    truth.write_text(truth.read_text().replace("winch", "clutch", 1))
    assert "its labels changed since run" in shown(capsys, "-m", "F", code=3)


def test_the_gate_cannot_tell_of_what_was_not_computed(aeb_outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SCORE, "-m", "wcxb.F", "-m", "F", "-m", "blocks.F", "-j", "1"]) == 0
    assert main(["accept"]) == 0
    assert main([*SCORE, "-m", "wcxb.F", "-j", "1"]) == 0
    capsys.readouterr()
    (aeb_outputs / "rules.toml").write_text('metric = "wcxb.F"\n')
    assert main(["gate", "--rules", "rules.toml"]) == 3
    out = capsys.readouterr().out
    assert "did not compute blocks.F, punctuation, code, numbers of words" in " ".join(out.split())
    assert "-m wcxb.F -m F -m code" in out and "leaked" not in out


def test_an_empty_answer_is_right_where_a_page_has_no_main_content(
    aeb_outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = aeb_outputs / "benchmark" / "ground-truth.json"
    golds = json.loads(truth.read_text())
    first, second, _ = golds
    golds[first]["articleBody"] = ""
    truth.write_text(json.dumps(golds))
    (aeb_outputs / "good.json").write_text(json.dumps({key: {"articleBody": ""} for key in golds}))
    assert main(["score", "good.json", "-g", "aeb:benchmark", "-m", "wcxb.F", "-j", "1"]) == 0
    lacking = {record.golden.rpartition("/")[2]: record.lacks_text for record in read_run().records}
    assert not lacking[first] and lacking[second]
