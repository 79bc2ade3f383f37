"""Lists of things with what is known of each: as a table that breaks no name, as JSON, and as CSV."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from harness.report.kit.csv_table import csv_table
from harness.report.kit.numbers import NONE
from harness.report.kit.terminal import escape_controls, plain_table

_GAP = 2  # between two columns
_NARROWEST = 24  # cells of the last column, which is folded


@dataclass(frozen=True)
class Listing:
    """A list: its first column names things, its last one may be long."""

    heads: Mapping[str, str]
    """The heads of its columns, by their keys in JSON and CSV."""
    rows: Sequence[Mapping[str, Any]]
    """The values of each thing, by the same keys: texts, numbers, lists of texts, true or false; None where unknown."""
    notes: Sequence[str] = ()
    """What else is to be said, a line each."""
    for_programs: Collection[str] = ()
    """Keys that tables leave out."""


def print_listing(listing: Listing, console: Console) -> None:
    """Print it, each thing on one line. Where a terminal is too narrow for that, names are whole and the rest is folded."""
    if listing.rows:
        keys = [key for key in listing.heads if key not in listing.for_programs]
        rows = [[_shown(row[key]) for key in keys] for row in listing.rows]
        heads = [listing.heads[key] for key in keys]
        widths = [max(map(cell_len, column)) for column in zip(heads, *rows)]
        taken = sum(widths[:-1]) + _GAP * (len(widths) - 1)
        if not console.is_terminal or taken + widths[-1] <= console.width:
            _print_lines([heads, ["─" * width for width in widths], *rows], widths, console)
        elif taken + _NARROWEST <= console.width:
            _print_folded(heads, rows, console)
        else:
            _print_things(heads, rows, console)
    for note in listing.notes:
        console.print(note, soft_wrap=True)


def listing_json(listing: Listing) -> str:
    """An array with an object for each thing."""
    return json.dumps([dict(row) for row in listing.rows], indent=2, ensure_ascii=False) + "\n"


def listing_csv(listing: Listing) -> str:
    """A row for each thing."""
    rows = ((_joined(row[key]) for key in listing.heads) for row in listing.rows)
    return csv_table(list(listing.heads), rows)


def _joined(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, (list, tuple)) else value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ("", [], ()):
        return NONE
    if isinstance(value, float):
        return f"{value:g}"
    return escape_controls(" ".join(str(_joined(value)).split()))


def _print_lines(rows: Sequence[Sequence[str]], widths: Sequence[int], console: Console) -> None:
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths))
        console.print((" " * _GAP).join(cells).rstrip(), soft_wrap=True)


def _print_folded(heads: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    table = plain_table()
    for index, head in enumerate(heads):
        table.add_column(head, overflow="fold", no_wrap=index < len(heads) - 1)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _print_things(heads: Sequence[str], rows: Sequence[Sequence[str]], console: Console) -> None:
    """Each thing's name on a line of its own, and below it what is known of it."""
    for name, *about, last in rows:
        console.print(name, soft_wrap=True)
        known = ", ".join(f"{head}: {text}" for head, text in zip(heads[1:], about) if text != NONE)
        for text in (known, last):
            if text not in ("", NONE):
                console.print(Padding(Text(text, overflow="fold"), (0, 0, 0, 2)))
