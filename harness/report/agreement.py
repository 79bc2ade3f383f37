"""How much extractors agree, in the terminal."""

from __future__ import annotations

from rich.console import Console

from harness.analysis.agreement import Agreement
from harness.common.wording import plural
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import number


def print_agreement(agreement: Agreement, console: Console) -> None:
    """Print the matrix, and the mean of each extractor with all others."""
    if not agreement.pages:
        console.print("there is no page that all extractors were given", style="yellow")
        return
    others = max(1, len(agreement.extractors) - 1)
    means = [number((sum(line) - 1) / others) for line in agreement.matrix]
    columns = [Column("extractor", agreement.extractors, justify="left"), Column("others", means)]
    for name, shares in zip(agreement.extractors, zip(*agreement.matrix)):
        columns.append(Column(name, [number(share) for share in shares]))
    pages = plural(agreement.pages, "page")
    print_table(columns, console, f"Share of words that two extractors have in common ({pages})")
