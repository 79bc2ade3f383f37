"""Where metrics rank extractors differently, in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.analysis.ranks import Ranks
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls, plain_table


def print_ranks(ranks: Ranks, title: str, console: Console) -> None:
    """Print the matrix of Kendall's tau, then the place of every extractor by every metric, others than usual in bold.

    title: what the ranks are of.
    """
    matrix, places = plain_table(""), plain_table("")
    for table, first in ((matrix, "metric"), (places, "extractor")):
        table.add_column(first, overflow="fold")
        for name in ranks.metrics:
            table.add_column(name, justify="right", overflow="fold")
    for name, line in zip(ranks.metrics, ranks.taus):
        matrix.add_row(name, *map(number, line))
    for name, row in zip(ranks.extractors, ranks.places):
        cells = (Text(str(place), style="" if place == row[0] else "bold") for place in row)
        places.add_row(escape_controls(name), *cells)
    for what, table in (
        ("Kendall's tau-b between metrics: 1 is the same order of extractors", matrix),
        ("place of each extractor by each metric", places),
    ):
        console.print(f"{title}, {what}", style="bold")
        console.print(table)
        console.print()
