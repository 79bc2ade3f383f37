"""A run as tables for a paper in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from harness.common.wording import command_line, plural
from harness.metrics import METRICS
from harness.report.kit import latex
from harness.report.kit.numbers import NONE
from harness.report.leaderboard import TRACKS
from harness.report.result_columns import LEGEND, Result, ResultColumn, result_columns, results
from harness.report.run_format import RunFormat, RunReport
from harness.runs.summary import Summary

_WORDY = ("leaks most", "misses most")  # columns of text, too wide for a paper


def latex_tables(report: RunReport) -> str:
    """A table for each track, the best extractor first, the best value of each metric in bold."""
    about = [
        r"% needs \usepackage{booktabs}",
        f"% made by harness {report.run.header.harness} of run {report.run.id}; what to cite: "
        + command_line("cite", report.run.id),
    ]
    tables = [_table(TRACKS[media], summaries, report) for media, summaries in report.tracks.items()]
    return "\n\n".join(["\n".join(about), *tables]) + "\n"


def _table(title: str, summaries: Sequence[Summary], report: RunReport) -> str:
    rows = results(summaries, report.run.versions, report.references)
    columns = [column for column in result_columns(rows, report.metrics) if column.markdown and column.name not in _WORDY]
    cells = [_cells(column, rows) for column in columns]
    marks = "".join(row.marks for row in rows)
    notes = [meaning for mark, meaning in LEGEND.items() if mark in marks]
    caption = f"{title} ({plural(max(summary.pages for summary in summaries), 'page')})"
    return latex.table(
        [column.name for column in columns], list(zip(*cells)), [column.justify for column in columns], caption, notes
    )


def _cells(column: ResultColumn, rows: Sequence[Result]) -> list[str]:
    values = [column.value(row) for row in rows]
    texts = [latex.escape((column.long_text or column.text)(value)) for value in values]
    competing = {text for text, row in zip(texts, rows) if not row.marks and text != latex.escape(NONE)}
    if column.name not in METRICS or not competing:
        return texts
    best = (max if METRICS[column.name].higher_is_better else min)(competing, key=float)
    return [latex.strong(text) if text == best and not row.marks else text for text, row in zip(texts, rows)]


LATEX = RunFormat("latex", "tables for a paper, with booktabs", text=latex_tables, order=5)
