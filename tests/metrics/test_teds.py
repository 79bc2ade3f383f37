"""TEDS: the similarity of tables as trees, against a tree edit distance by the textbook."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.metrics import teds
from harness.pages.structure import Cell, Table

CELLS = st.builds(Cell, st.text("ab", max_size=3), st.sampled_from([1, 1, 2]))
TABLES = st.builds(Table, st.lists(st.lists(CELLS, max_size=3).map(tuple), max_size=3).map(tuple))


def table_of(*rows: Sequence[str]) -> Table:
    return Table(tuple(tuple(map(Cell, row)) for row in rows))


# A tree as (label, children); a label is a tag or a cell.
def tree_of(table: Table) -> tuple:
    return ("table", tuple(("tr", tuple((cell, ()) for cell in row)) for row in table.rows))


def levenshtein(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    same = a[-1] != b[-1]
    return min(levenshtein(a[:-1], b[:-1]) + same, levenshtein(a[:-1], b) + 1, levenshtein(a, b[:-1]) + 1)


def change(a: Cell | str, b: Cell | str) -> float:
    if isinstance(a, str) or isinstance(b, str):
        return float(a != b)
    if (a.colspan, a.rowspan) != (b.colspan, b.rowspan):
        return 1.0
    return levenshtein(a.text, b.text) / max(len(a.text), len(b.text), 1)


@cache
def forest_distance(a: tuple, b: tuple) -> float:
    """The recursion over forests by which textbooks define the edit distance of ordered trees."""
    if not a and not b:
        return 0.0
    choices = []
    if a:
        choices.append(forest_distance(a[:-1] + a[-1][1], b) + 1)
    if b:
        choices.append(forest_distance(a, b[:-1] + b[-1][1]) + 1)
    if a and b:
        inside = forest_distance(a[-1][1], b[-1][1]) + change(a[-1][0], b[-1][0])
        choices.append(forest_distance(a[:-1], b[:-1]) + inside)
    return min(choices)


@given(TABLES, TABLES)
def test_the_distance_is_that_of_the_textbook(a: Table, b: Table) -> None:
    assert teds.tree_distance(a, b) == pytest.approx(forest_distance((tree_of(a),), (tree_of(b),)))


@given(TABLES, TABLES)
def test_teds_is_symmetric_and_one_only_for_equal_tables(a: Table, b: Table) -> None:
    value = teds.teds(a, b)
    assert value == pytest.approx(teds.teds(b, a))
    assert 0 <= value <= 1
    assert (value == 1) == (a == b)


def test_teds_by_hand() -> None:
    table = table_of("ab", "cd")
    # Seven nodes: a table, two rows, four cells.
    assert teds.teds(table, table_of("wx", "yz")) == pytest.approx(1 - 4 / 7)
    assert teds.teds(table, table_of("ab")) == pytest.approx(1 - 3 / 7)
    assert teds.teds(table, table_of("ab", "cd", "ef")) == pytest.approx(1 - 3 / 10)
    assert teds.teds(table, table_of("ab", ("c", "dd"))) == pytest.approx(1 - 0.5 / 7)
    assert teds.teds(table, Table(((Cell("a", 2), Cell("b")), (Cell("c"), Cell("d"))))) == pytest.approx(1 - 1 / 7)


def test_large_tables_are_compared_by_their_nodes_in_order() -> None:
    rows = [(f"port {number}", str(number)) for number in range(2000)]
    begin = time.process_time()
    wrong = [*rows[:-1], ("elsewhere", "0")]
    assert teds.teds(table_of(*rows), table_of(*wrong)) == pytest.approx(1 - 2 / 6001)
    assert time.process_time() - begin < 5


def test_tables_are_paired_in_order_and_those_without_a_partner_count_nothing() -> None:
    a, b, c = (table_of([letter * 9] * 2) for letter in "abc")
    assert teds.in_order([a, b], [a, b]) == 1
    assert teds.in_order([a, b], [b]) == pytest.approx(1 / 2)
    assert teds.in_order([b], [a, b, c]) == pytest.approx(1 / 3)
    # One of the two that changed places, or both with the other's cells wrong: 1 against 2 (1 - 2/4).
    assert teds.in_order([a, b], [b, a]) == pytest.approx(1 / 2)
    assert teds.in_order([], []) == 1
    assert teds.in_order([], [a]) == teds.in_order([a], []) == 0


def test_thousands_of_tables_take_seconds() -> None:
    many = [table_of(["a", str(number % 7)]) for number in range(20_000)]
    begin = time.process_time()
    assert teds.in_order(many[:500], many) == pytest.approx(500 / 20_000)
    assert teds.in_order(many[:20], many) == pytest.approx(20 / 20_000)
    assert time.process_time() - begin < 10
