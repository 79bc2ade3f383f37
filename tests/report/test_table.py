"""A run as a table, CSV and Markdown: the same rows and numbers in each, at any width."""

import csv
import io
import json
import re

import pytest

from factories.tiny import ESCAPE, NAMES, RUN, row_of
from harness.cli.main import main
from harness.cli.options import BY
from harness.engine.answer import FAILURES


def test_errors_count_what_is_neither_an_answer_nor_an_empty_answer(tiny_run):
    rows = {row["name"]: row for row in tiny_run["extractors"]}
    assert rows.keys() == set(NAMES)
    counts = {name: (row["answered"], row["empty"], row["errors"]) for name, row in rows.items()}
    assert counts["paragraphs"] == (3, 0, 0)
    assert counts["quiet"] == (0, 3, 0)
    assert counts["breaks"] == counts["returns_none"] == (0, 0, 3)
    for row in rows.values():
        assert row["answered"] + row["empty"] + row["errors"] == row["pages"] == 3
        assert row["errors"] == sum(row["outcomes"].get(outcome, 0) for outcome in FAILURES)
    assert rows["paragraphs"]["coerced"] == 1
    assert rows["whole_text"]["coerced"] == 2


def test_csv_has_a_row_for_each_pair_and_agrees_with_the_json(tiny_run, capsys):
    assert main(["show", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {(row["extractor"], row["golden"]) for row in rows} == {
        (name, page) for name in NAMES for page in ("tiny/ferry", "tiny/rain", "other/faehre")
    }
    assert len(rows) == 3 * len(NAMES)
    for summary in tiny_run["extractors"]:
        own = [float(row["F"]) for row in rows if row["extractor"] == summary["name"]]
        assert sum(own) / len(own) == pytest.approx(summary["scores"]["F"], abs=1e-12)


def test_the_table_is_sorted_marks_coerced_rows_and_ends_with_the_worst_page(tiny, capsys):
    assert main([*RUN, "-g", "tiny", "-e", "whole_text", "-e", "paragraphs", "-e", "breaks", "-e", "keep_everything"]) == 0
    out = capsys.readouterr().out
    html, _, text = out.partition("Text dumps (1 page)")
    assert "HTML pages (1 page)" in html
    assert row_of(html, "paragraphs")[1] != "†"
    assert row_of(html, "whole_text")[1] == "†"
    assert row_of(text, "whole_text")[1] != "†"
    assert row_of(text, "paragraphs")[1] == "†"
    assert row_of(html, "keep_everything")[1] == "†‡"
    assert {"1.000", ".800", ".667"} <= {*row_of(html, "paragraphs"), *row_of(html, "whole_text")}
    rows = re.findall(r"^(paragraphs|whole_text|breaks) .*\d", html, re.M)
    assert rows[:3] == ["paragraphs", "whole_text", "breaks"]
    for meaning in ("† made for the other track", "‡ reference row"):
        assert meaning in out
    hint = re.search(r"harness (show --page (\S+) -e (\S+))", out)
    assert hint, "the output ends with the next command to type"
    assert main(hint[1].split()) == 0
    assert hint[2] in capsys.readouterr().out


def test_markdown_has_well_formed_tables(tiny_run, capsys):
    assert main(["show", "--format", "md", "-m", "R", "-m", "WER"]) == 0
    tables = [block.splitlines() for block in re.findall(r"(?:^\|.*\n)+", capsys.readouterr().out, re.M)]
    assert len(tables) == 2
    for table in tables:
        assert {line.count("|") for line in table} == {table[0].count("|")}
        assert " R | WER |" in table[0]
        assert len(table) == 2 + len(NAMES)


@pytest.mark.parametrize("format", ["table", "json", "csv", "md"])
def test_output_goes_to_the_file_and_not_to_the_screen(tiny_run, tmp_path, capsys, format):
    target = tmp_path / "new" / "folder" / "report"
    assert main(["show", "--format", format, "-o", str(target)]) == 0
    assert capsys.readouterr().out == ""
    written = target.read_text(encoding="utf-8")
    assert all(name in written for name in NAMES)
    assert ESCAPE not in written


@pytest.mark.parametrize(
    ("key", "pages"),
    [
        ("kind", {"article": 2, "forum": 1}),
        ("lang", {"en": 2, "de": 1}),
        ("set", {"tiny": 2, "other": 1}),
        ("media", {"text/html": 2, "text/plain": 1}),
        ("site", {"a.example": 2, "b.example": 1}),
    ],
)
def test_by_parts_the_pages_and_loses_none(tiny_run, capsys, key, pages):
    assert key in BY
    assert main(["show", "--by", key, "--format", "json"]) == 0
    for row in json.loads(capsys.readouterr().out)["extractors"]:
        groups = row["by"][key]
        assert {value: group["pages"] for value, group in groups.items()} == pages
        mean = sum(group["pages"] * group["scores"]["F"] for group in groups.values()) / row["pages"]
        assert mean == pytest.approx(row["scores"]["F"])
    assert main(["show", "--by", key]) == 0
    table = capsys.readouterr().out.partition(f"F by {key}")[2]
    assert all(value in table for value in pages)
    assert all(name in table for name in NAMES)


@pytest.mark.parametrize("words", [["show"], ["show", "--by", "kind"], ["show", "--worst", "9"]])
def test_a_narrow_terminal_loses_no_row_and_no_digit(tiny_run, capsys, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "60")
    assert main(words) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert max(len(line) for line in lines if "harness show" not in line) <= 60
    assert "…" not in out
    if words == ["show"]:
        for name in NAMES:
            assert len(re.findall(rf"^{name} .*\.\d\d\d(?!\d)", out, re.M)) == 2, "one row in each track"


def test_a_narrow_terminal_loses_no_row_with_many_wide_scores(tiny_run, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["show", *(word for name in ("P", "R", "F", "WER", "MER", "duplicated") for word in ("-m", name))]) == 0
    squeezed = re.sub(r"\s", "", capsys.readouterr().out)
    for name in NAMES:
        assert name in squeezed or name[:8] in squeezed
