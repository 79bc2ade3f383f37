"""How much extractors agree, in the terminal."""

from __future__ import annotations

from rich.console import Console

from harness.analysis.agreement import Agreement
from harness.common.wording import plural
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls, plain_table


def print_agreement(agreement: Agreement, console: Console) -> None:
    """Print the matrix, and the mean of each extractor with all others."""
    if not agreement.pages:
        console.print("there is no page that all extractors were given", style="yellow")
        return
    pages = plural(agreement.pages, "page")
    table = plain_table(f"Share of words that two extractors have in common ({pages})")
    table.add_column("extractor", overflow="fold")
    for name in ("others", *agreement.extractors):
        table.add_column(escape_controls(name), justify="right", overflow="fold")
    others = max(1, len(agreement.extractors) - 1)
    for name, line in zip(agreement.extractors, agreement.matrix):
        table.add_row(escape_controls(name), number((sum(line) - 1) / others), *map(number, line))
    console.print(table)
