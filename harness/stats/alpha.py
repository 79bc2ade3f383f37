"""Krippendorff's alpha for nominal data: how far coders agree beyond what chance would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence


def krippendorff_alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """1 for full agreement, 0 for what chance would give, below 0 for less; None where all values are one and the same.

    units: the values that coders gave each unit; units with fewer than two values do not count. The definition is that of
    K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), section C, for any number of coders.
    """
    totals: Counter[Hashable] = Counter()
    disagreement = 0.0
    kinds: Counter[tuple[Hashable, ...]] = Counter(tuple(values) for values in units if len(values) > 1)
    for values, number in kinds.items():
        size = len(values)
        inside = Counter(values)
        unequal = size * (size - 1) - sum(count * (count - 1) for count in inside.values())
        disagreement += number * unequal / (size - 1)
        for value, count in inside.items():
            totals[value] += number * count
    size = sum(totals.values())
    by_chance = size * (size - 1) - sum(count * (count - 1) for count in totals.values())
    return None if not by_chance else 1 - (size - 1) * disagreement / by_chance
