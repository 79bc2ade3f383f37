"""`harness reproduce` puts published figures beside measured ones."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from factories.datasets import wcxb_page
from factories.places import DATASETS, needs_datasets
from harness.analysis.reproduction import benchmarks, reproduce
from harness.cli.main import main
from harness.runs.find import read_run


@pytest.mark.slow
def test_reproduction_puts_published_beside_measured(aeb_outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (aeb_outputs / "good.json").rename("trafilatura.json")
    arguments = ["reproduce", "aeb", "-g", "aeb:benchmark", "--outputs", "trafilatura.json", "-e", "keep_everything"]
    assert main(arguments) == 0
    section = capsys.readouterr().out
    (row,) = (line for line in section.splitlines() if line.startswith("| trafilatura |"))
    assert row == ("| trafilatura | .958 / .938 / .978 / .293 (2.0.0) | 1.000 / 1.000 / 1.000 / 1.000 | +.042 | – | – |  |")
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


def test_pages_that_are_not_the_benchmarks_are_refused(aeb_outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reproduce", "aeb", "-g", "core", "--limit", "2", "-e", "keep_everything"]) == 2
    assert "2 pages such as core/" in (said := capsys.readouterr().err) and "`harness dataset add aeb`" in said
    for split in ("dev", "test"):
        wcxb_page(aeb_outputs / "wcxb" / split, "0001")
    assert main(["reproduce", "wcxb", "-g", "wcxb:wcxb/test", "-e", "keep_everything"]) == 2
    assert "wcxb-test/0001" in capsys.readouterr().err
    assert main(["reproduce", "wcxb-test", "-g", "wcxb:wcxb/test", "-e", "keep_everything"]) == 0
    section = capsys.readouterr().out
    assert "test split" in section and "| Trafilatura | .833 / – / – |" in section
    assert main(["reproduce", "wcxb-test", "--run", "latest"]) == 0
    assert main(["reproduce", "wcxb", "--run", "latest"]) == 2, "stored runs are asked for their pages, too"


def test_the_command_shown_is_the_one_that_made_the_section(aeb_outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["-e", "keep_everything", "-g", "aeb:benchmark", "--kind", "article", "--limit", "2"]
    assert main(["reproduce", "aeb", *words, "--outputs", "good.json", "greedy.json"]) == 0
    section = capsys.readouterr().out
    (command,) = re.findall("^    (harness reproduce .*)$", section, re.M)
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out == section
    assert "2 of the 181 pages are here" in section


def test_outputs_that_no_row_is_of_have_a_row_of_their_own(aeb_outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (aeb_outputs / "good.json").rename("AutoExtract.json")
    words = ["-g", "aeb:benchmark", "-e", "keep_everything", "--outputs", "AutoExtract.json", "greedy.json"]
    assert main(["reproduce", "aeb", *words]) == 0
    section = capsys.readouterr().out
    assert re.search(r"^\| AutoExtract \| .* \| 1\.000 / ", section, re.M)
    assert re.search(r"^\| greedy \| – \| \.\d", section, re.M)


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
