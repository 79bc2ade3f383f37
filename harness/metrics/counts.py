"""What metrics share whose value over many pages comes from summed counts."""

from __future__ import annotations

from collections.abc import Sequence

from harness.metrics.base import Scored


def totals(names: Sequence[str], pages: Sequence[Scored]) -> list[float] | None:
    """Counts, by their names, summed over the pages that have all of them; None if no page has."""
    rows = ([page.scores.get(name) for name in names] for page in pages)
    known = [[value for value in row if value is not None] for row in rows if None not in row]
    return [sum(column) for column in zip(*known)] if known else None


def ratio(part: float, whole: float) -> float:
    """The part's share of the whole; 0 of nothing."""
    return part / whole if whole else 0.0
