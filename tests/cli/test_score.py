"""`harness score`: outputs made elsewhere become a run like any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.runs.find import read_run


def test_outputs_made_elsewhere_become_a_run_like_any_other(aeb_outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "good.json", "greedy.json", "-g", "aeb:benchmark"]) == 0
    assert "aeb.F" in capsys.readouterr().out
    run = read_run()
    assert run.finished
    assert run.versions == {"good": "1.2", "greedy": None}
    by_name = {name: [r for r in run.records if r.extractor == name] for name in ("good", "greedy")}
    assert [record.scores["aeb.F"] for record in by_name["good"]] == [1.0] * 3
    assert {record.outcome for record in run.records} == {"ok"}
    assert all(record.scores["P"] == 12 / 23 and record.scores["R"] == 1 for record in by_name["greedy"])
    assert by_name["greedy"][0].leaks == {"other": 11}
    assert main(["show", "--page", run.records[0].golden, "-e", "greedy"]) == 0
    assert "{+other: Read next" in capsys.readouterr().out
    assert main(["show", "-m", "aeb", "--format", "csv"]) == 0
    assert main(["show", "-m", "wcxb.F", "--format", "csv"]) == 0
    assert "wcxb.F" in capsys.readouterr().out


def test_missing_outputs_score_worst_and_surplus_ones_are_told(
    aeb_outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = json.loads((aeb_outputs / "greedy.json").read_text())
    first = min(output)
    del output[first]
    output["f" * 64] = {"articleBody": "of another benchmark"}
    output["0" * 63 + "2"] = {"articleBody": None}
    (aeb_outputs / "greedy.json").write_text(json.dumps(output))
    assert main(["score", "good.json", "greedy.json", "-g", "aeb:benchmark"]) == 3
    err = capsys.readouterr().err
    assert f"greedy: no output for 1 of 3 pages, which counts as the worst score: aeb/{first}" in err
    assert f"greedy: 1 output for none of these pages: {'f' * 64}" in err
    missing, _, null = (record for record in read_run().records if record.extractor == "greedy")
    assert (missing.outcome, missing.scores["F"], missing.scores["aeb.P"], missing.scores["MER"]) == ("error", 0, 0, 1)
    assert (null.outcome, null.scores["F"]) == ("empty", 0)
    assert main(["score", "nowhere.json", "-g", "aeb:benchmark"]) == 2
    (aeb_outputs / "broken.json").write_text('{"a": ')
    assert main(["score", "broken.json", "-g", "aeb:benchmark"]) == 2
    assert "broken.json" in capsys.readouterr().err


def test_metrics_that_rank_differently_and_extractors_that_agree_are_shown(
    aeb_outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "good.json", "greedy.json", "-g", "aeb:benchmark"]) == 0
    capsys.readouterr()
    assert main(["show", "--ranks", "-m", "F", "-m", "aeb.P", "-m", "R"]) == 0
    ranks = capsys.readouterr().out
    lines = [line.split() for line in ranks.splitlines()]
    assert ["F", "1.000", "1.000", "–"] in lines  # R ties both extractors: there is no tau
    assert ["greedy", "2", "2", "1"] in lines
    assert main(["show", "--agreement"]) == 0
    agreement = capsys.readouterr().out
    assert "(3 pages)" in " ".join(agreement.split())
    assert f"{2 * 12 / (12 + 23):.3f}".removeprefix("0") in agreement


def test_an_output_that_could_belong_to_pages_of_two_sets_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("one", "two"):
        Path(folder).mkdir()
        Path(f"{folder}/a.html").write_text(f"<p>The ferry of {folder}</p>", encoding="utf-8")
        Path(f"{folder}/a.txt").write_text(f"The ferry of {folder}", encoding="utf-8")
    Path("x.json").write_text(json.dumps({"a": "The ferry"}))
    assert main(["score", "x.json", "-g", "folder:one", "-g", "folder:two"]) == 2
    assert "x.json: the page 'a' is one/a or two/a; write full ids" in capsys.readouterr().err
    Path("x.json").write_text(json.dumps({"one/a": "The ferry of one", "two/a": "The ferry of two"}))
    assert main(["score", "x.json", "-g", "folder:one", "-g", "folder:two"]) == 0
