"""Tables as columns: which of them fit the terminal, and the same columns as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from harness.report.kit import markdown
from harness.report.kit.markdown import Justify, Markdown
from harness.report.kit.names import short_names
from harness.report.kit.terminal import escape_controls, plain_table

_GAP = 2  # between two columns


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    """The text of its head."""
    cells: Sequence[str | Text]
    """A text for each row; the controls of a `Text` must be escaped already."""
    rank: float = 0
    """Of columns that do not all fit, those with the smallest ranks are shown; those of the first rank always."""
    justify: Justify = "right"
    """The side that its cells are aligned to."""
    widest: int | None = None
    """Characters that a terminal shortens its cells to rather than leave out other columns; None for no such limit."""

    @cached_property
    def width(self) -> int:
        """The terminal cells that it counts for where columns compete for room."""
        return self.full_width if self.widest is None else min(self.full_width, self.widest)

    @cached_property
    def full_width(self) -> int:
        """The terminal cells that its longest cell takes."""
        return max(cell_len(escape_controls(str(text))) for text in (self.name, *self.cells))


def fit(columns: Sequence[Column], width: int) -> list[Column]:
    """The columns that fit a terminal side by side, whole ranks at a time; those of the first rank always."""
    ranks = sorted({column.rank for column in columns})
    last = ranks[0]
    for rank in ranks[1:]:
        shown = [column for column in columns if column.rank <= rank]
        if sum(column.width + _GAP for column in shown) - _GAP > width:
            break
        last = rank
    return [column for column in columns if column.rank <= last]


def portions(columns: Sequence[Column], width: int) -> list[list[Column]]:
    """The columns in as many tables as it takes for each to fit, with the first column in all."""
    first, *others = columns
    tables = [[first]]
    for column in others:
        taken = sum(shown.full_width + _GAP for shown in tables[-1])
        if len(tables[-1]) > 1 and taken + column.full_width > width:
            tables.append([first])
        tables[-1].append(column)
    return tables


def print_table(columns: Sequence[Column], console: Console, title: str = "", styles: Sequence[str] = ()) -> None:
    """Print the columns, if need be in several tables one below the other.

    What is in a cell stays in one line: of names and numbers the parts mean nothing. A table whose first two columns are
    too wide for the terminal is wider than it. styles: of the rows; without them all are plain.
    """
    if sum(column.full_width + _GAP for column in columns) - _GAP > console.width:
        columns = [_shortened(column) for column in columns]
    for number, portion in enumerate(portions(columns, console.width)):
        if title:
            console.print(Text(escape_controls(title) if number == 0 else "continued", style="bold"))
        table = plain_table()
        for column in portion:
            table.add_column(escape_controls(column.name), justify=column.justify, no_wrap=True)
        for index, row in enumerate(zip(*(column.cells for column in portion))):
            cells = (cell if isinstance(cell, Text) else Text(escape_controls(cell)) for cell in row)
            table.add_row(*cells, style=styles[index] if styles else "")
        table.width = sum(column.full_width + _GAP for column in portion) - _GAP
        console.print(table, crop=False)


def _shortened(column: Column) -> Column:
    """The column with the names in it no longer than they may be, if that leaves them unlike each other."""
    if column.widest is None:
        return column
    short = short_names(list(map(str, column.cells)), column.widest)
    return replace(column, cells=[short[str(cell)] for cell in column.cells])


def markdown_table(columns: Sequence[Column]) -> Markdown:
    """The columns as a table in Markdown."""
    rows = zip(*(map(str, column.cells) for column in columns))
    return markdown.table([column.name for column in columns], rows, [column.justify for column in columns])
