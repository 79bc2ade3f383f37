"""Outputs made elsewhere, where metrics disagree, how extractors agree, and reproduction, as people use them."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from harness.analysis.reproduction import benchmarks, reproduce
from harness.cli.main import main
from harness.runs.file import read_run

STORY = "The ferry was late again because the winch had frozen overnight."
ADVERT = "Read next: ten ways to keep a winch warm in winter"
DATASETS = os.environ.get("HARNESS_DATASETS")
needs_datasets = pytest.mark.skipif(not DATASETS, reason="HARNESS_DATASETS names no folder of benchmark datasets")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three pages in AEB's layout, `benchmark`, and the outputs of two systems, `good.json` and `greedy.json`."""
    html = tmp_path / "benchmark" / "html"
    html.mkdir(parents=True)
    truth, good, greedy = {}, {}, {}
    for number in range(3):
        key, text = f"{number:064x}", f"{STORY} {number}"
        page = f"<body><p>{text}</p><aside>{ADVERT}</aside></body>"
        (html / f"{key}.html.gz").write_bytes(gzip.compress(page.encode()))
        truth[key] = {"articleBody": text, "url": f"https://site{number}.example/a"}
        good[key] = {"articleBody": text}
        greedy[key] = {"articleBody": f"{text}\n{ADVERT}"}
    (tmp_path / "benchmark" / "ground-truth.json").write_text(json.dumps(truth))
    (tmp_path / "good.json").write_text(json.dumps({"version": "1.2", "output": good}))
    (tmp_path / "greedy.json").write_text(json.dumps(greedy))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_outputs_made_elsewhere_become_a_run_like_any_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    assert main(["show", "-m", "wceb"]) == 3
    assert "not scored by wceb.rouge.P" in capsys.readouterr().err


def test_missing_outputs_score_worst_and_surplus_ones_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = json.loads((folder / "greedy.json").read_text())
    first = min(output)
    del output[first]
    output["f" * 64] = {"articleBody": "of another benchmark"}
    output["0" * 63 + "2"] = {"articleBody": None}
    (folder / "greedy.json").write_text(json.dumps(output))
    assert main(["score", "good.json", "greedy.json", "-g", "aeb:benchmark"]) == 3
    err = capsys.readouterr().err
    assert f"greedy: 1 of 3 pages have no output and score worst: aeb/{first}" in err
    assert f"greedy: 1 outputs belong to none of these pages: {'f' * 64}" in err
    missing, _, null = (record for record in read_run().records if record.extractor == "greedy")
    assert (missing.outcome, missing.scores["F"], missing.scores["aeb.P"], missing.scores["MER"]) == ("error", 0, 0, 1)
    assert (null.outcome, null.scores["F"]) == ("empty", 0)
    assert main(["score", "nowhere.json", "-g", "aeb:benchmark"]) == 2
    (folder / "broken.json").write_text('{"a": ')
    assert main(["score", "broken.json", "-g", "aeb:benchmark"]) == 2
    assert "broken.json" in capsys.readouterr().err


def test_metrics_that_rank_differently_and_extractors_that_agree_are_shown(
    folder: Path, capsys: pytest.CaptureFixture[str]
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


def test_reproduction_puts_published_beside_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "good.json").rename("trafilatura.json")
    arguments = ["reproduce", "aeb", "-g", "aeb:benchmark", "--outputs", "trafilatura.json", "-e", "keep_everything"]
    assert main(arguments) == 0
    section = capsys.readouterr().out
    (row,) = (line for line in section.splitlines() if line.startswith("| trafilatura |"))
    assert row == ("| trafilatura | .958 / .938 / .978 / .293 (2.0.0) | 1.000 / 1.000 / 1.000 / 1.000 | +0.042 | – | – |  |")
    assert "| keep_everything | – |" in section
    page = folder / "reproduction.md"
    page.write_text("# Reproduction\n\n<!-- wcxb -->\nkept\n<!-- end of wcxb -->\n")
    assert main([*arguments, "-o", str(page)]) == 0
    once = page.read_text()
    assert main([*arguments, "-o", str(page)]) == 0
    assert page.read_text() == once
    assert once.startswith("# Reproduction") and "\nkept\n" in once and once.count("<!-- aeb -->") == 1
    assert main(["reproduce", "aeb", "--run", "latest"]) == 0
    again = capsys.readouterr().out
    assert "harness run -m aeb -g aeb:benchmark -e keep_everything\n    harness reproduce aeb --run latest\n" in again
    assert "| keep_everything | – |" in again
    assert main(["run", "-g", "core", "-e", "keep_nothing"]) == 0
    assert main(["reproduce", "aeb", "--run", "latest"]) == 3
    assert "not scored by aeb.F" in capsys.readouterr().err
    assert main(["reproduce", "abe"]) == 2
    assert "did you mean 'aeb'" in capsys.readouterr().err


def test_published_tables_name_extractors_of_the_catalogue_and_have_a_value_for_each_metric() -> None:
    from harness.metrics import METRICS
    from harness.plugins.registry import Registry

    known = {name for plugin in Registry([]).plugins.values() for name in plugin.names}
    for benchmark in benchmarks().values():
        assert set(benchmark.metrics) <= METRICS.keys()
        for row in benchmark.rows:
            assert len(row.values) == len(benchmark.metrics), row
            assert len(row.by_kind) in (0, len(benchmark.kinds)), row
            assert row.extractor is None or row.extractor in known, row


@pytest.mark.slow
@needs_datasets
def test_the_ten_published_outputs_of_aeb_give_the_published_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(str(DATASETS), "aeb")
    assert main(["score", str(folder / "output"), "-g", f"aeb:{folder}", "-m", "aeb"]) == 0
    rows = reproduce(benchmarks()["aeb"], read_run(), [])
    measured = {row.published.system: row for row in rows if row.published and row.from_outputs}
    assert len(measured) == 10
    for system, row in measured.items():
        assert row.published is not None and row.from_outputs is not None
        assert tuple(round(value or 0, 3) for value in row.from_outputs.values) == row.published.values, system
