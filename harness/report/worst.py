"""The pages that extractors did worst on, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from harness.report.kit.columns import Column, fit, print_table
from harness.report.kit.numbers import NONE, number
from harness.runs.record import Record


def print_worst_pages(records: Sequence[Record], metric: str, extractors: Sequence[str], console: Console) -> None:
    """Print a line for each page, with its value of the metric and, where there is room, its words.

    extractors: of which these are the worst pages.
    """
    columns = [
        Column("page", [record.golden for record in records], justify="left"),
        Column("extractor", [record.extractor for record in records], 0 if len(extractors) > 1 else 2, "left"),
        Column(metric, [_score(record, metric) for record in records]),
    ]
    for name in ("kept", "missed", "leaked"):
        columns.append(Column(name, [str(record.counts[name]) if record.counts else NONE for record in records], 1))
    print_table(fit(columns, console.width), console, f"Worst pages of {', '.join(extractors)}")


def _score(record: Record, metric: str) -> str:
    value = number(record.scores[metric])
    return value if record.outcome == "ok" else f"{record.outcome} {value}"
