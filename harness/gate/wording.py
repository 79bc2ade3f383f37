"""Numbers in the messages of the gate."""

from __future__ import annotations

import math

_MOST_DIGITS = 9


def score(value: float) -> str:
    """A score: three decimals; more where they would all be 0."""
    return f"{value:.3f}" if abs(value) >= 0.0005 or not value else f"{value:.1g}"


def drop(value: float) -> str:
    """A difference of scores: three decimals, or as many as show two digits of it."""
    return f"{value:.{_digits(value, 2)}f}"


def distinct_scores(before: float, after: float) -> tuple[str, str]:
    """Two scores with three decimals, or as many as show that they differ and by how much."""
    digits = _digits(after - before, 1)
    return f"{before:.{digits}f}", f"{after:.{digits}f}"


def value_and_limit(value: float, limit: float) -> tuple[str, str]:
    """A value with four decimals, or as many as show on which side of its limit it is; and the limit as it was given."""
    digits = max(4, len(f"{limit:.9g}".partition(".")[2]), _digits(value - limit, 1))
    return f"{value:.{digits}f}", f"{limit:.9g}"


def times(ratio: float) -> str:
    """A ratio: one decimal, none from 100."""
    return f"{ratio:.1f}" if ratio < 100 else f"{ratio:,.0f}"


def count(words: float) -> str:
    """A number of words, whole unless it is a mean of repeats."""
    return f"{words:.0f}" if words == int(words) else f"{words:.1f}"


def _digits(difference: float, significant: int) -> int:
    size = round(abs(difference), 12)
    return min(_MOST_DIGITS, max(3, significant - 1 - math.floor(math.log10(size)))) if size else 3
