"""Where metrics rank extractors differently, in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.analysis.ranks import Ranks
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls, plain_table


def print_ranks(ranks: Ranks, console: Console) -> None:
    """Print the matrix of Kendall's tau, then the place of every extractor by every metric, others than usual in bold."""
    matrix = plain_table("Kendall's tau-b between metrics: 1 is the same order of extractors")
    places = plain_table("Place of each extractor by each metric")
    for table, first in ((matrix, "metric"), (places, "extractor")):
        table.add_column(first, overflow="fold")
        for name in ranks.metrics:
            table.add_column(name, justify="right", overflow="fold")
    for name, line in zip(ranks.metrics, ranks.taus):
        matrix.add_row(name, *map(number, line))
    for name, row in zip(ranks.extractors, ranks.places):
        cells = (Text(str(place), style="" if place == row[0] else "bold") for place in row)
        places.add_row(escape_controls(name), *cells)
    console.print(matrix)
    console.print()
    console.print(places)
