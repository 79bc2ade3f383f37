"""Numbers in the messages of the gate."""

from __future__ import annotations


def score(value: float) -> str:
    """A score or a difference: three decimals; more where they would all be 0."""
    return f"{value:.3f}" if abs(value) >= 0.0005 or not value else f"{value:.1g}"


def count(words: float) -> str:
    """A number of words, whole unless it is a mean of repeats."""
    return f"{words:.0f}" if words == int(words) else f"{words:.1f}"
