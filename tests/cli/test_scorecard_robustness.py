"""`harness scorecard --robustness`: which files are matrices, and what is said of others."""

import json
import re
from pathlib import Path

import pytest

from factories.cells import cell
from factories.layouts import html_golden
from factories.matrices import related, run_with, written
from factories.places import PLANTED
from factories.records import store
from factories.scorecards import run_scorecard, tables_of
from harness.cli.main import main
from harness.goldens.writer import golden_text


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    store(run_with("a", "b"))
    return tmp_path


@pytest.mark.slow
def test_the_command_shows_a_matrix_and_checks_it(stored):
    path = written(Path("matrix.json"), related("a", -0.25), versions={"a": "0.9"})
    assert run_scorecard("cards", robustness=path) == 0
    content = json.loads(Path("cards/scorecard.json").read_text())["robustness"]
    assert content["tracks"][0]["resistances"][0]["noise_change"] == pytest.approx(-0.25)
    assert content["warnings"] == ["Not in the matrix: b.", "The matrix is of a 0.9, the run of 1.0."]
    text = Path("cards/scorecard.md").read_text()
    assert re.search(r"\| a \| neutral \| 1–2 \| 12 \| 12 \| −\.250 \|", text)
    assert "harness scorecard 20260101-000000 --robustness matrix.json -o scorecard.html" in text
    assert run_scorecard("cards", robustness=path, check=True) == 0
    assert run_scorecard("cards", check=True) == 1
    written(path, related("a", -0.26), versions={"a": "0.9"})
    assert run_scorecard("cards", robustness=path, check=True) == 1


def test_what_fuzz_writes_is_what_a_scorecard_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    golden = html_golden()
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "lamps.html").write_bytes(golden.page.raw)
    (folder / "lamps.yaml").write_text(golden_text(golden, "lamps.html", golden.labels))
    common = ["-g", str(folder), "-e", f"{PLANTED}:sound"]
    assert main(["fuzz", *common, "--operators", "D1,D18,D33", "--format", "json", "-o", "m.json"]) == 0
    assert json.loads(Path("m.json").read_text())["versions"] == {f"{PLANTED}:sound": None}
    assert main(["run", *common]) == 0
    assert main(["scorecard", "--robustness", "m.json", "-o", "card.md", "-o", "card.html"]) == 0
    text = Path("card.md").read_text()
    assert "1 page, all of them in this run." in text
    shown = [row[0].strip() for table in tables_of(text) for row in table if row[0].strip().startswith("D")]
    assert sum(label.startswith("D18") for label in shown) >= 3
    assert sum(label.startswith("D1 ") for label in shown) == 1
    capsys.readouterr()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", r"m\.json:1: not JSON"),
        (b"\xff", "not JSON that can be read"),
        (b"[" * 200_000, "not JSON that can be read"),
        (b"[]", "not a matrix"),
        (b'{"cells": []}', "not a matrix, or one that an older harness wrote"),
        (b'{"matrix": 1}', "format 1 is not 2"),
        (b'{"matrix": 2}', "`cells` is missing or empty"),
        (b'{"matrix": 2, "cells": [7]}', "`extractor` of cell 1 is not a text"),
        (b'{"matrix": 2, "cells": [], "versions": {"a": 1}}', "`versions`"),
    ],
)
def test_a_file_that_is_no_matrix(stored, capsys, content, said):
    Path("m.json").write_bytes(content)
    assert main(["scorecard", "--robustness", "m.json", "-o", "card.md"]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert re.search(said, error)
    assert "harness fuzz --format json -o FILE" in error
    assert not Path("card.md").exists()


def test_a_matrix_that_is_not_there_or_of_other_extractors(stored, capsys):
    assert main(["scorecard", "--robustness", "none.json", "-o", "card.md"]) == 2
    assert main(["scorecard", "--robustness", ".", "-o", "card.md"]) == 2
    written(Path("m.json"), [cell(extractor="other")])
    assert main(["scorecard", "--robustness", "m.json", "-o", "card.md"]) == 2
    error = " ".join(capsys.readouterr().err.split())
    assert "none.json: there is no such file" in error
    assert "m.json: a matrix of other, without a and b" in error
