"""`harness gate`: its reports are written whatever the verdict."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from factories.records import EVERYTHING, counted, record, run_of, store
from harness.baseline.file import BASELINE, write_baseline
from harness.baseline.model import baseline_of
from harness.cli.commands import gate as gate_command
from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK, WORSE, Impossible
from harness.runs.find import read_run


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A run on disk and its baseline."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    store(run_of(counted()))
    write_baseline(baseline_of(run_of(counted())), BASELINE)


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A folder without a run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


_LISTS = {"extractor": [], "judged_as": []}


def arguments(**given: object) -> argparse.Namespace:
    return argparse.Namespace(
        **{
            **dict.fromkeys(("run_name", "baseline", "rules", "policy", "junit", "markdown", "json")),
            "extractor": [],
            "judged_as": [],
            **given,
        }
    )


def test_reports_are_written_whatever_the_verdict(stored, tmp_path, capsys, monkeypatch):
    files = {name: Path(f"out/{name}") for name in ("junit", "markdown", "json")}

    def gated() -> tuple[int, dict[str, str]]:
        code = gate_command.run(arguments(**files))
        texts = {name: path.read_text() for name, path in files.items()}
        for path in files.values():
            path.unlink()
        return code, texts

    assert gated()[0] == OK
    store(run_of(counted(kept=9)))
    code, texts = gated()
    assert code == WORSE
    assert "core/a" in texts["junit"] and "core/a" in texts["markdown"] and json.loads(texts["json"])
    store(run_of(counted(), finished=False))
    assert gated()[0] == CANNOT_TELL
    BASELINE.unlink()
    code, texts = gated()
    assert code == CANNOT_TELL and "no baseline" in texts["markdown"]
    for path in tmp_path.glob("reports/runs/*"):
        path.unlink()
    assert gated()[0] == CANNOT_TELL


def test_inside_github_actions_the_summary_is_appended(stored, tmp_path, capsys, monkeypatch):
    summary = write(tmp_path, "summary.md", "before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    store(run_of(counted(kept=9)))
    gate_command.run(arguments())
    assert "::error" not in capsys.readouterr().out and summary.read_text() == "before\n"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert gate_command.run(arguments()) == WORSE
    assert "::error" in capsys.readouterr().out
    assert summary.read_text().startswith("before\n") and "core/a" in summary.read_text()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere/summary.md"))
    assert gate_command.run(arguments()) == WORSE, "what cannot be written does not change a verdict"
    assert "summary.md could not be written: No such file or directory" in capsys.readouterr().err


def test_goldens_that_are_gone_cost_only_the_words_and_are_told(stored, capsys):
    store(run_of(counted(kept=10), arguments={**EVERYTHING, "goldens": ["moved"]}))
    assert main(["gate"]) == WORSE
    out, err = capsys.readouterr()
    assert "core/a" in out
    assert "no words of pages are shown: unknown goldens 'moved'" in err


def test_a_damaged_baseline_is_an_impossible_request(stored):
    BASELINE.write_text(BASELINE.read_text().replace('"outcome": "ok"', '"outcome": "fine"'))
    with pytest.raises(Impossible, match=r"baseline\.json:\d+: unknown outcome 'fine'"):
        gate_command.run(arguments())


def test_the_verdict_names_the_run_its_time_and_its_extractors(empty, capsys):
    store(run_of(record("x"), record("y")))
    write_baseline(baseline_of(read_run()), BASELINE)
    assert gate_command.run(arguments(json=Path("verdict.json"), markdown=Path("verdict.md"))) == OK
    verdict = json.loads(Path("verdict.json").read_text())
    said = f"run {verdict['run']}, begun {verdict['started'].replace('T', ' ').replace('+00:00', ' UTC')}: x, y"
    assert verdict["measured"] == ["x", "y"]
    assert said in capsys.readouterr().out and said in Path("verdict.md").read_text().replace("\\", "")


def test_part_of_a_shared_baseline_can_be_judged(empty, capsys):
    store(run_of(record("x", f=0.9), record("y", f=0.9), record("z", "web/a")))
    write_baseline(baseline_of(read_run()), BASELINE)
    store(run_of(record("x", f=0.9), record("y", f=0.5)))
    assert gate_command.run(arguments()) == WORSE
    assert gate_command.run(arguments(extractor=["x"])) == OK
    assert gate_command.run(arguments(extractor=["x", "y"])) == WORSE
    assert gate_command.run(arguments(extractor=["z"])) == CANNOT_TELL
    capsys.readouterr()
    assert gate_command.run(arguments(extractor=["xx"])) == CANNOT_TELL
    assert "no extractor 'xx'; did you mean 'x'?" in capsys.readouterr().out


def test_an_extractor_that_the_run_does_not_have_is_told_with_what_it_has(empty, capsys):
    store(run_of(record("x"), record("y")))
    write_baseline(baseline_of(read_run()), BASELINE)
    store(run_of(record("x"), arguments={**EVERYTHING, "extractor": ["x"], "goldens": ["core"]}))
    assert main(["gate", "-e", "y"]) == CANNOT_TELL
    said = capsys.readouterr().out
    assert "the extractor y of the baseline is not in the run; the run has x" in said
    assert "\n  harness run -e y -g core\n" in said and "no result" not in said and "no extractor" not in said
    assert main(["gate", "-e", "yy"]) == CANNOT_TELL
    said = capsys.readouterr().out
    assert "did you mean 'y'?" in said and "-e yy" not in said and "no result" not in said
