"""Numbers of words of a page that came out or did not, and precision, recall and F of them.

Which words are kept, free and leaked: docs/metrics.md, and harness.alignment.align. Of K words of the main content and an
output of O words

    missed = K - kept
    leaked = O - kept - free
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WordCounts:
    """Numbers of words of a page and of an output of it."""

    kept: int
    """Words of the main content that came out."""

    missed: int
    """Words of the main content that did not come out."""

    leaked: int
    """Words of the output that should not have come out."""

    free: int
    """Words of the output that `maybe` segments account for."""

    @property
    def precision(self) -> float:
        """The share of the output's words that belong to the main content, without the free ones: 0…1."""
        return precision(self.kept, self.leaked, self.missed)

    @property
    def recall(self) -> float:
        """The share of the main content's words that came out: 0…1."""
        return recall(self.kept, self.missed)

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall: 0…1."""
        return f_score(self.precision, self.recall)


def precision(kept: int, leaked: int, missed: int) -> float:
    """kept / (kept + leaked); of an empty output 1 if there was nothing to keep, else 0."""
    if kept + leaked == 0:
        return 1.0 if missed == 0 else 0.0
    return kept / (kept + leaked)


def recall(kept: int, missed: int) -> float:
    """kept / (kept + missed); 1 if there was nothing to keep."""
    return kept / (kept + missed) if kept + missed else 1.0


def f_score(p: float, r: float) -> float:
    """Harmonic mean of precision and recall; 0 if both are 0."""
    return 2 * p * r / (p + r) if p + r else 0.0
