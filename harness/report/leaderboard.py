"""The result table, one for each track: in the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.common.wording import plural
from harness.report.kit.columns import Column, fit, markdown_table, print_table
from harness.report.kit.markdown import escape, heading
from harness.report.kit.names import short_names
from harness.report.kit.numbers import NONE, largest_kinds, milliseconds, number
from harness.report.kit.terminal import escape_controls
from harness.report.result_columns import LEGEND, Result, result_columns, results
from harness.runs.summary import Summary

TRACKS = {"text/html": "HTML pages", "text/plain": "Text dumps"}
_MARGIN = 2  # so that a time with one more digit rarely changes which columns are shown
_EXPLAINED = 3  # rows whose mistakes are spelled out where the table has no room for them


def print_leaderboards(
    tracks: Mapping[str, Sequence[Summary]],
    versions: Mapping[str, str | None],
    references: frozenset[str],
    metrics: Sequence[str],
    console: Console,
    notes: Sequence[str] = (),
    *,
    asked: bool = False,
    explained: bool = False,
) -> None:
    """Print one table for each track in the order given, what the marks mean, what did not fit, and notes.

    asked: the metrics were asked for, so all are shown, if need be in a second table below the first. explained: print, too,
    what each column says.
    """
    marks = ""
    left_out: dict[str, None] = {}
    meanings: dict[str, str] = {}
    for media, summaries in tracks.items():
        rows = results(summaries, versions, references)
        columns = _terminal_columns(rows, metrics, asked)
        shown = fit(columns, console.width - _MARGIN)
        title = f"{TRACKS[media]} ({plural(max(summary.pages for summary in summaries), 'page')})"
        print_table(shown, console, title, ["dim" if row.marks else "" for row in rows])
        if not any(column.name == "leaks most" for column in shown):
            _explain([row.summary for row in rows if not row.marks][:_EXPLAINED], console)
        console.print()
        left_out |= {column.name: None for column in columns if column not in shown}
        marks += "".join(row.marks for row in rows)
        names = {column.name for column in shown}
        meanings |= {one.name: one.meaning for one in result_columns(rows, metrics, asked) if one.name in names}
    if explained:
        print_meanings(meanings, console)
    for mark, meaning in LEGEND.items():
        if mark in marks:
            console.print(Text(meaning, style="dim"))
    if left_out:
        console.print(Text(f"no room for {', '.join(left_out)}: --format json, or a wider terminal", style="dim"))
    for note in notes:
        console.print(Text(escape_controls(note), style="dim"))


def leaderboards_markdown(
    tracks: Mapping[str, Sequence[Summary]],
    versions: Mapping[str, str | None],
    references: frozenset[str],
    metrics: Sequence[str],
    notes: Sequence[str] = (),
) -> str:
    """The leaderboards as Markdown tables."""
    parts = []
    marks = ""
    for media, summaries in tracks.items():
        rows = results(summaries, versions, references)
        parts.append(f"{heading(2, TRACKS[media])}\n\n{markdown_table(_markdown_columns(rows, metrics))}\n")
        marks += "".join(row.marks for row in rows)
    legend = "\n".join(f"{escape(meaning)}  " for mark, meaning in LEGEND.items() if mark in marks)
    return "\n".join([*parts, legend, *(f"\n{escape(note)}" for note in notes)]).rstrip() + "\n"


def _terminal_columns(rows: Sequence[Result], metrics: Sequence[str], asked: bool) -> list[Column]:
    columns = []
    for column in result_columns(rows, metrics, asked):
        values = [column.value(row) for row in rows]
        cells = [Text(column.text(value), style=column.style(value)) for value in values]
        columns.append(Column(column.name, cells, column.rank, column.justify))
    return columns


def _markdown_columns(rows: Sequence[Result], metrics: Sequence[str]) -> list[Column]:
    columns = []
    for column in result_columns(rows, metrics):
        if column.markdown:
            text = column.long_text or column.text
            columns.append(Column(column.name, [text(column.value(row)) for row in rows], justify=column.justify))
    return columns


def _explain(summaries: Sequence[Summary], console: Console) -> None:
    for summary in summaries:
        if not any(sum(words.values()) for words in (summary.leaks, summary.misses) if words):
            continue
        leaks, misses = largest_kinds(summary.leaks), largest_kinds(summary.misses)
        text = Text(f"  {escape_controls(summary.extractor)} leaks {leaks}; misses {misses}", style="dim")
        console.print(text, soft_wrap=True)


def print_meanings(meanings: Mapping[str, str], console: Console) -> None:
    """Print what the columns of the table say, a line each."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    for name, meaning in meanings.items():
        grid.add_row(name, meaning)
    console.print(grid)
    console.print()


def print_by(
    order: Sequence[str], groups: Mapping[str, Sequence[Summary]], title: str, metric: str, console: Console
) -> None:
    """Print one metric by extractor, in the order given, and by value of a key, with each value's number of pages."""
    short = short_names([*map(escape_controls, order)])
    columns = [Column("extractor", ["pages", *(short[escape_controls(name)] for name in order)], justify="left")]
    for value, summaries in groups.items():
        scores = {summary.extractor: number(summary.scores[metric]) for summary in summaries}
        pages = str(max(summary.pages for summary in summaries))
        columns.append(Column(value, [pages, *(scores.get(name, NONE) for name in order)]))
    print_table(columns, console, title, ["dim", *[""] * len(order)])


def print_times_by(order: Sequence[str], groups: Mapping[str, Sequence[Summary]], title: str, console: Console) -> None:
    """Print the median and the 95th percentile of milliseconds by extractor and by value of a key."""
    short = short_names([*map(escape_controls, order)])
    columns = [Column("extractor", [short[escape_controls(name)] for name in order], justify="left")]
    for value, summaries in groups.items():
        costs = {summary.extractor: summary.cost for summary in summaries}
        times = {name: f"{milliseconds(c.milliseconds)} {milliseconds(c.milliseconds_95)}" for name, c in costs.items()}
        columns.append(Column(value, [times.get(name, NONE) for name in order]))
    print_table(columns, console, title)
