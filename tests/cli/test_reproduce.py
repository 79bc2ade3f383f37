"""`harness reproduce` puts published figures beside measured ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.places import DATASETS, needs_datasets
from harness.analysis.reproduction import benchmarks, reproduce
from harness.cli.main import main
from harness.runs.file import read_run


def test_reproduction_puts_published_beside_measured(aeb_outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (aeb_outputs / "good.json").rename("trafilatura.json")
    arguments = ["reproduce", "aeb", "-g", "aeb:benchmark", "--outputs", "trafilatura.json", "-e", "keep_everything"]
    assert main(arguments) == 0
    section = capsys.readouterr().out
    (row,) = (line for line in section.splitlines() if line.startswith("| trafilatura |"))
    assert row == ("| trafilatura | .958 / .938 / .978 / .293 (2.0.0) | 1.000 / 1.000 / 1.000 / 1.000 | +0.042 | – | – |  |")
    assert "| keep_everything | – |" in section
    page = aeb_outputs / "reproduction.md"
    page.write_text("# Reproduction\n\n<!-- wcxb -->\nkept\n<!-- end of wcxb -->\n")
    assert main([*arguments, "-o", str(page)]) == 0
    once = page.read_text()
    assert main([*arguments, "-o", str(page)]) == 0
    assert page.read_text() == once
    assert once.startswith("# Reproduction") and "\nkept\n" in once and once.count("<!-- aeb -->") == 1
    assert main(["reproduce", "aeb", "--run", "latest"]) == 0
    again = capsys.readouterr().out
    assert "harness run -e keep_everything -g aeb:benchmark -m aeb\n    harness reproduce aeb --run latest\n" in again
    assert "| keep_everything | – |" in again
    assert main(["run", "-g", "core", "-e", "keep_nothing"]) == 0
    capsys.readouterr()
    assert main(["reproduce", "aeb", "--run", "latest"]) == 3
    err = capsys.readouterr().err
    assert "not scored by aeb.F" in err and "\n  harness run -e keep_nothing -g core -m aeb\n" in err
    assert main(["reproduce", "abe"]) == 2
    assert "did you mean 'aeb'" in capsys.readouterr().err


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
