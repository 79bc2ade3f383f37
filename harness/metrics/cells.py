"""Cells of tables by their positions, after the forming of a table in the HTML standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from harness.alignment.counts import f_score
from harness.metrics.teds import MOST_NODES, nodes
from harness.pages.structure import Cell, Table

_MOST_COVERED = 100_000  # positions that the spans of a table reach over; beyond, spans are not looked at

CellPosition = tuple[int, int]


@dataclass(frozen=True)
class Grid:
    """A table as a grid of rows and columns, both from 0."""

    cells: dict[CellPosition, str]
    """The text of each cell, at its upper left corner."""
    covered: dict[CellPosition, str]
    """The other positions that a cell spans, with its text."""


def grid(table: Table) -> Grid:
    """The grid of a table: cells fill their row from the left, where no cell of an earlier row reaches down."""
    spans = sum(cell.colspan * cell.rowspan for row in table.rows for cell in row) <= _MOST_COVERED
    cells: dict[CellPosition, str] = {}
    covered: dict[CellPosition, str] = {}
    for y, row in enumerate(table.rows):
        x = 0
        for cell in row:
            while (y, x) in covered:
                x += 1
            cells[y, x] = cell.text
            if spans:
                others = ((y + down, x + right) for down in range(cell.rowspan) for right in range(cell.colspan))
                covered.update((place, cell.text) for place in others if place != (y, x))
            x += cell.colspan if spans else 1
    return Grid(cells, covered)


def without_spans(table: Table) -> Table:
    """The same table as a format writes it that has no spans: empty cells where a cell reaches."""
    laid = grid(table)
    rows = []
    for y in range(len(table.rows)):
        taken = [x for places in (laid.cells, laid.covered) for row, x in places if row == y]
        rows.append(tuple(Cell(laid.cells.get((y, x), "")) for x in range(max(taken, default=-1) + 1)))
    return Table(tuple(rows))


def by_position(gold: Sequence[Table], output: Sequence[Table]) -> float | None:
    """F over the cells with text of all tables; None if there is none on either side.

    Tables are paired one to one, in order, so that most cells are right. A cell is right if the other table has the same
    text at the same row and column. What an output repeats in positions that a cell of the golden spans costs nothing. Where
    there are too many cells to try all pairs of tables, only equal tables are paired.
    """
    wanted = [_with_text(grid(table)) for table in gold]
    found = [_with_text(grid(table)) for table in output]
    total = sum(len(one.cells) for one in (*wanted, *found))
    if not total:
        return None
    nodes_gold, nodes_output = sum(map(nodes, gold)), sum(map(nodes, output))
    if nodes_gold * len(output) + nodes_output * len(gold) > MOST_NODES:
        return LCSseq.normalized_similarity(gold, output)
    best = [(0, 0)] * (len(found) + 1)  # right cells, and cells that cost nothing: with the first j output tables
    for one in wanted:
        row = [(0, 0)]
        for j, other in enumerate(found):
            right, free = _compared(one, other)
            row.append(max(best[j + 1], row[j], (best[j][0] + right, best[j][1] + free)))
        best = row
    right, free = best[-1]
    all_wanted, all_found = (sum(len(one.cells) for one in side) for side in (wanted, found))
    return f_score(right / max(1, all_found - free), right / max(1, all_wanted))


def _with_text(laid: Grid) -> Grid:
    return Grid({place: text for place, text in laid.cells.items() if text}, laid.covered)


def _compared(gold: Grid, output: Grid) -> tuple[int, int]:
    """How many cells of the output are right, and how many repeat what spans their position."""
    right = sum(gold.cells.get(place) == text for place, text in output.cells.items())
    free = sum(place not in gold.cells and gold.covered.get(place) == text for place, text in output.cells.items())
    return right, free
