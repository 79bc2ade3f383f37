"""Where metrics rank extractors differently, in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.analysis.ranks import Ranks
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import number


def print_ranks(ranks: Ranks, title: str, console: Console) -> None:
    """Print the matrix of Kendall's tau, then the place of every extractor by every metric, others than usual in bold.

    title: what the ranks are of.
    """
    taus = [Column(name, [number(line[at]) for line in ranks.taus]) for at, name in enumerate(ranks.metrics)]
    matrix = [Column("metric", ranks.metrics, justify="left"), *taus]
    places = [Column("extractor", ranks.extractors, justify="left")]
    for at, name in enumerate(ranks.metrics):
        cells = [Text(str(row[at]), style="" if row[at] == row[0] else "bold") for row in ranks.places]
        places.append(Column(name, cells))
    for what, columns in (
        ("Kendall's tau-b between metrics: 1 is the same order of extractors", matrix),
        ("place of each extractor by each metric", places),
    ):
        print_table(columns, console, f"{title}, {what}")
        console.print()
