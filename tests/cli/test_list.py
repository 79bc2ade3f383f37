"""`harness list`: every list has its rows, and damage in one of them stops no other."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from factories.ferries import RUN_FERRIES, cut, make_ferries
from factories.tiny import NAMES, RUN, runs
from harness.cli.commands.list import LISTS
from harness.cli.main import main
from harness.runs.find import list_runs


@pytest.fixture
def ferries(tmp_path, monkeypatch):
    """Eight pages and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    make_ferries(8)
    return tmp_path


def test_list_runs_says_when_by_what_and_how_far(ferries, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    assert main(RUN_FERRIES) == 0
    assert main([*RUN_FERRIES, "--shard", "2/2"]) == 0
    cut(list_runs()[1], 5)
    capsys.readouterr()
    assert main(["list", "runs"]) == 0
    whole, part = capsys.readouterr().out.splitlines()[2:4]
    assert re.fullmatch(r"\d{8}-\d{6}\S* +\d\S+ +– +3 +8 +24 +finished *", whole)
    assert re.search(r" 2/2 .* 5 +not finished", part)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("extractors", ["whole_text", "last_line/loud", "trafilatura/precision", "environments of their own"]),
        ("goldens", ["tiny/ferry", "tiny/rain", "other/faehre", "b.example"]),
        ("metrics", ["MER", "WER", "F", "LF"]),
        ("kinds", ["navigation", "dateline", "metadata"]),
        ("operators", ["T26", "D33", "text/plain", "hostile", "Whole articles at the end of the body"]),
        ("runs", ["finished", str(3 * len(NAMES))]),
    ],
)
def test_every_list_has_its_rows(tiny_run, capsys, what, expected):
    assert what in LISTS
    assert main(["list", what, "--plugins", "mine.py"]) == 0
    out = capsys.readouterr().out
    assert all(words in out for words in expected)


def test_list_runs_shows_a_torn_and_a_foreign_file_and_goes_on(tiny, capsys):
    assert main(["list", "runs"]) == 0
    assert "harness run" in capsys.readouterr().out
    assert main([*RUN, "-e", "quiet", "-g", "tiny"]) == 0
    whole = runs()[0].read_bytes()
    Path("reports/runs/torn.jsonl").write_bytes(whole[:-30])
    Path("reports/runs/foreign.jsonl").write_text("not a run\n")
    capsys.readouterr()
    assert main(["list", "runs"]) == 0
    out = capsys.readouterr().out
    assert "not finished" in out
    assert "not JSON" in out


def test_the_pages_of_a_dataset_and_their_known_defects_can_be_listed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    Path("mine").mkdir()
    Path("mine/a.html").write_text("<p>The ferry sails.</p>", encoding="utf-8")
    Path("mine/a.txt").write_text("", encoding="utf-8")
    assert main(["list", "goldens", "-g", "folder:mine"]) == 0
    assert re.search(r"mine/a +article +und +text/html +a +empty-gold", capsys.readouterr().out)


@pytest.mark.parametrize("what", LISTS)
def test_every_list_is_also_for_programs(tiny_run, capsys, what):
    words = ["list", what, "--plugins", "mine.py", "--format"]
    assert main([*words, "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert main([*words, "csv"]) == 0
    table = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [list(row) for row in rows] == [list(row) for row in table]
    assert rows and len(rows) == len(table)


def test_a_list_goes_to_a_file_whose_ending_says_the_format(tiny_run, tmp_path, capsys):
    assert main(["list", "runs", "-o", str(tmp_path / "runs.json")]) == 0
    assert [row["state"] for row in json.loads((tmp_path / "runs.json").read_text())] == ["finished"]
    assert capsys.readouterr().out == ""


def test_in_a_pipe_every_extractor_is_a_line_that_begins_with_its_whole_name(tiny_run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert main(["list", "extractors", "--plugins", "mine.py"]) == 0
    lines = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert {"whole_text", "last_line", "last_line/loud", "trafilatura/precision"} <= {*lines}


def test_the_homepage_of_an_extractor_is_for_programs(tiny, capsys):
    Path("own.py").write_text(
        "from harness import extractor\n@extractor(homepage='https://own.example')\ndef own(page): return ''\n"
    )
    assert main(["list", "extractors", "--plugins", "own.py", "--format", "json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["own"]["homepage"] == "https://own.example"
    assert rows["trafilatura"]["homepage"].startswith("https://")
    assert main(["list", "extractors"]) == 0
    assert "https://" not in capsys.readouterr().out
