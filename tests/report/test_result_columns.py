"""One list of columns: what the terminal, Markdown and JSON show of a run is the same."""

from dataclasses import replace
from io import StringIO

import pytest

from harness.report import result_columns
from harness.report.kit.numbers import number
from harness.report.kit.terminal import file_console
from harness.report.leaderboard import leaderboards_markdown, print_leaderboards
from harness.report.result_columns import ResultColumn
from harness.report.run_formats.programs import run_object
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run
from harness.runs.summary import summarise


def run_of() -> Run:
    record = Record(
        extractor="mine",
        golden="set/page",
        media="text/html",
        kind="article",
        lang="en",
        site="quay.example",
        coerced=False,
        outcome="ok",
        error="",
        text="",
        scores={"F": 0.5},
        counts={"kept": 1, "missed": 1, "leaked": 7, "free": 0},
        leaks={"related": 4, "promo": 3},
        misses={"body": 1},
    )
    return Run("20260101-000000", RunHeader("20260101-000000"), {"mine": "1.0"}, (record,), finished=True)


@pytest.mark.parametrize("where", ["PAGE_COLUMNS", "OTHER_COLUMNS"])
def test_a_new_column_is_one_entry_of_one_list(monkeypatch, where):
    new = ResultColumn("words", lambda row: sum(row.summary.leaks.values()), str, rank=0, markdown=True, key="words")
    monkeypatch.setattr(result_columns, where, (*getattr(result_columns, where), new))
    monkeypatch.setattr("harness.report.run_formats.programs." + where, getattr(result_columns, where))
    run = run_of()
    tracks = {"text/html": summarise(run.records)}
    out = StringIO()
    print_leaderboards(tracks, run.versions, frozenset(), ["F"], file_console(out))
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert "words" in lines[1] and "7" in lines[3]
    head, _, row = leaderboards_markdown(tracks, run.versions, frozenset(), ["F"]).splitlines()[2:5]
    assert "| words |" in head and "| 7 |" in row
    assert run_object(run)["extractors"][0]["words"] == 7


def test_markdown_names_more_kinds_than_the_terminal_has_room_for():
    run = run_of()
    tracks = {"text/html": summarise(run.records)}
    assert "| related 57%, promo 43% | body 100% |" in leaderboards_markdown(tracks, run.versions, frozenset(), ["F"])


def test_a_cost_is_a_column_only_where_one_is_known():
    run = run_of()
    out = StringIO()
    print_leaderboards({"text/html": summarise(run.records)}, run.versions, frozenset(), ["F"], file_console(out))
    assert "cost" not in out.getvalue()
    assert run_object(run)["extractors"][0]["cost"] is None


@pytest.mark.parametrize("width", [30, 60, 80])
def test_pages_failures_and_the_metrics_asked_for_are_always_shown_and_the_rest_is_named(width):
    names = ["wcxb.P", "wcxb.R", "wcxb.F", "wcxb.with", "wcxb.without", "wcxb.with.listed", "wcxb.without.listed"]
    run = run_of()
    scores = {name: place / 8 for place, name in enumerate(names)}
    run = replace(run, records=(replace(run.records[0], scores=scores, outcome="error"),))
    out = StringIO()
    console = file_console(out)
    console.width = width
    print_leaderboards({"text/html": summarise(run.records)}, run.versions, frozenset(), names, console, asked=True)
    shown = out.getvalue()
    heads = [word for line in shown.splitlines() if line.startswith("extractor") for word in line.split()]
    assert [head for head in heads if head != "extractor"][:3] == ["pages", "empty", "errors"]
    assert [head for head in heads if head in names] == names
    cells = [word for line in shown.splitlines() if line.startswith("mine ") for word in line.split()]
    assert all(number(value) in cells for value in scores.values())
    room = " ".join(shown.partition("no room for")[2].split())
    assert "version" in room and "first ms" in room and "pages" not in room
    tables = shown.partition("  mine ")[0]
    assert max(map(len, map(str.rstrip, tables.splitlines()))) <= width


def test_every_column_that_is_shown_is_explained_in_words():
    run = run_of()
    out = StringIO()
    tracks = {"text/html": summarise(run.records)}
    print_leaderboards(tracks, run.versions, frozenset(), ["F"], file_console(out), explained=True)
    table, _, below = out.getvalue().partition("\n\n")
    meanings = dict(line.split("  ", 1) for line in below.splitlines() if "  " in line)
    heads = [head for head in table.splitlines()[1].split("  ") if head.strip()]
    assert [head.strip() for head in heads] == list(meanings)
    assert all(meaning.strip() for meaning in meanings.values())
    assert meanings["F"].strip() == "harmonic mean of P and R on each page; high is good"
