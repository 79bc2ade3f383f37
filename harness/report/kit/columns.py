"""Tables as columns: which of them fit the terminal, and the same columns as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from harness.report.kit import markdown
from harness.report.kit.markdown import Justify, Markdown
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
    """Characters beyond which a cell is no reason to leave out other columns; None for no such limit."""

    @cached_property
    def width(self) -> int:
        """The terminal cells that it takes."""
        width = max(map(cell_len, (self.name, *map(str, self.cells))))
        return width if self.widest is None else min(width, self.widest)


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
    """The columns in as many tables as it takes for each to fit, with the first column, which may be folded, in all."""
    first, *others = columns
    own = min(first.width, max(width // 2, width - sum(column.width + _GAP for column in others)))
    tables = [[first]]
    for column in others:
        taken = own + sum(shown.width + _GAP for shown in tables[-1][1:])
        if len(tables[-1]) > 1 and taken + column.width + _GAP > width:
            tables.append([first])
        tables[-1].append(column)
    return tables


def terminal_table(columns: Sequence[Column], title: str = "", styles: Sequence[str] = ()) -> Table:
    """The columns as a table for a terminal. styles: of the rows; without them all are plain."""
    table = plain_table(title)
    for index, column in enumerate(columns):
        table.add_column(escape_controls(column.name), justify=column.justify, overflow="fold", no_wrap=index > 0)
    for index, row in enumerate(zip(*(column.cells for column in columns))):
        cells = (cell if isinstance(cell, Text) else Text(escape_controls(cell)) for cell in row)
        table.add_row(*cells, style=styles[index] if styles else "")
    return table


def markdown_table(columns: Sequence[Column]) -> Markdown:
    """The columns as a table in Markdown."""
    rows = zip(*(map(str, column.cells) for column in columns))
    return markdown.table([column.name for column in columns], rows, [column.justify for column in columns])
