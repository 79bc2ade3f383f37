"""TEDS: how alike two tables are, by the edit distance of their trees.

Definition: Zhong, ShafieiBavani, Jimeno Yepes, "Image-based table recognition: data, model, and evaluation" (ECCV 2020).
The distance is that of Zhang and Shasha, "Simple fast algorithms for the editing distance between trees and related
problems" (SIAM J. Comput. 18, 1989).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq, Levenshtein
from rapidfuzz.process import cdist

from harness.pages.structure import Cell, Table

MOST_PAIRS = 300_000
"""Pairs of nodes, one of each side, up to which distances are exact: some 2 seconds."""

MOST_NODES = 3_000_000
"""Nodes that are read again for each table of the other side, up to which unequal tables are paired at all."""

_Floats = NDArray[np.float64]


def teds(a: Table, b: Table) -> float:
    """1 − distance / nodes of the larger table, in 0…1.

    Removing, adding or changing a node costs 1. A cell that stays, with the same colspan and rowspan, costs the
    Levenshtein distance of the two texts / length of the longer one. Two tables with more than MOST_PAIRS pairs of nodes
    are compared by `by_sequence`.
    """
    if a == b:
        return 1.0
    size_a, size_b = nodes(a), nodes(b)
    if size_a * size_b > MOST_PAIRS:
        return by_sequence(a, b)
    return 1.0 - tree_distance(a, b) / max(size_a, size_b)


def by_sequence(a: Table, b: Table) -> float:
    """1 − Levenshtein distance of the nodes in document order, cells being equal or not / nodes of the larger table."""
    return Levenshtein.normalized_similarity(_sequence(a), _sequence(b))


def nodes(table: Table) -> int:
    """Nodes of a table's tree: the table, its rows, its cells."""
    return 1 + len(table.rows) + sum(map(len, table.rows))


def in_order(gold: Sequence[Table], output: Sequence[Table]) -> float:
    """The mean similarity of tables that are paired one to one, in order, so that the sum is largest; in 0…1.

    A table without a partner counts 0; so 1 means that all tables came out, and no others. 1 if there is none on either
    side. The similarity is `teds`, but `by_sequence` where all tables together have more than MOST_PAIRS pairs of nodes,
    and 1 for equal tables and 0 for others where even that passes MOST_NODES.
    """
    if not gold or not output:
        return 0.0 if gold or output else 1.0
    nodes_gold, nodes_output = sum(map(nodes, gold)), sum(map(nodes, output))
    if nodes_gold * len(output) + nodes_output * len(gold) > MOST_NODES:
        return LCSseq.normalized_similarity(gold, output)
    similarity = teds if nodes_gold * nodes_output <= MOST_PAIRS else by_sequence
    best = [0.0] * (len(output) + 1)  # with the gold tables so far and the first j output tables
    for table in gold:
        row = [0.0]
        for j, other in enumerate(output):
            row.append(max(best[j + 1], row[j], best[j] + similarity(table, other)))
        best = row
    return best[-1] / max(len(gold), len(output))


def tree_distance(a: Table, b: Table) -> float:
    """The edit distance of two tables' trees; time grows with the product of their nodes."""
    left, right = _postorder(a), _postorder(b)
    change = _change_costs(left, right)
    distance = _with_leaves(left, right, change)
    changes: list[list[float]] = change.tolist()
    trees: list[list[float]] = distance.tolist()
    for i in left.inner_roots:
        for j in right.inner_roots:
            _forests(i, j, left.first, right.first, changes, trees)
    return trees[-1][-1]


@dataclass(frozen=True)
class _Tree:
    """A tree in postorder."""

    cells: tuple[Cell | str, ...]
    first: tuple[int, ...]
    """The first leaf under each node."""
    inner_roots: tuple[int, ...]
    """The nodes with children that have an earlier sibling, and the root: those from which distances of trees follow for all
    others."""


def _postorder(table: Table) -> _Tree:
    cells: list[Cell | str] = []
    first: list[int] = []
    roots: list[int] = []
    for row in table.rows:
        start = len(cells)
        cells += row
        first += range(start, start + len(row))
        if start and row:
            roots.append(len(cells))
        cells.append("tr")
        first.append(start)
    return _Tree((*cells, "table"), (*first, 0), (*roots, len(cells)))


def _change_costs(left: _Tree, right: _Tree) -> _Floats:
    """What it costs to make each node of one tree each node of the other."""
    texts_a, at_a = _distinct([cell.text if isinstance(cell, Cell) else "" for cell in left.cells])
    texts_b, at_b = _distinct([cell.text if isinstance(cell, Cell) else "" for cell in right.cells])
    by_text = cdist(texts_a, texts_b, scorer=Levenshtein.normalized_distance, dtype=np.float64)
    kinds_a, kinds_b = _kinds(left), _kinds(right)
    alike = (kinds_a[:, None, :] == kinds_b[None, :, :]).all(axis=2)
    return np.where(alike, by_text[np.ix_(at_a, at_b)], 1.0)


def _distinct(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(text, len(numbers)) for text in texts]
    return list(numbers), places


def _kinds(tree: _Tree) -> NDArray[np.int64]:
    kinds = {"tr": (0, 0), "table": (0, 1)}
    return np.array([(c.colspan, c.rowspan) if isinstance(c, Cell) else kinds[c] for c in tree.cells], dtype=np.int64)


def _with_leaves(left: _Tree, right: _Tree, change: _Floats) -> _Floats:
    """Distances of trees where one is a single node: it becomes the node that it is most like, the others are added."""
    distance = np.zeros_like(change)
    for j, start in enumerate(right.first):
        distance[:, j] = change[:, start : j + 1].min(axis=1) + (j - start)
    for i, start in enumerate(left.first):
        if i > start:
            distance[i, :] = change[start : i + 1, :].min(axis=0) + (i - start)
    return distance


def _forests(
    i: int, j: int, first_a: Sequence[int], first_b: Sequence[int], change: list[list[float]], trees: list[list[float]]
) -> None:
    """Fill in the distances of the trees at `i` and `j` and of those that begin at the same leaves."""
    start_a, start_b = first_a[i], first_b[j]
    width = j - start_b + 2
    forests = [[float(y) for y in range(width)]]
    for x, node_a in enumerate(range(start_a, i + 1), 1):
        above, row = forests[x - 1], [float(x)]
        before = forests[first_a[node_a] - start_a]
        costs, known = change[node_a], trees[node_a]
        whole = first_a[node_a] == start_a
        value = float(x)
        for y in range(1, width):
            node_b = start_b + y - 1
            value = min(above[y], value) + 1.0
            if whole and first_b[node_b] == start_b:
                value = min(value, above[y - 1] + costs[node_b])
                known[node_b] = value
            else:
                value = min(value, before[first_b[node_b] - start_b] + known[node_b])
            row.append(value)
        forests.append(row)


def _sequence(table: Table) -> list[Any]:
    return ["table", *chain.from_iterable(("tr", *row) for row in table.rows)]
