"""Precision, recall and F over the kept words (definitions: harness.alignment.counts)."""

from __future__ import annotations

from harness.metrics.base import Case, Family, Metric


def word_scores(case: Case) -> dict[str, float]:
    """P, R and F of one output, each in 0…1."""
    counts = case.alignment.counts
    return {"P": counts.precision, "R": counts.recall, "F": counts.f}


WORDS = Family(
    (
        Metric("P", "precision: share of the output's words that belong to the main content", True, 0.0),
        Metric("R", "recall: share of the main content's words that came out", True, 0.0),
        Metric("F", "harmonic mean of P and R on each page", True, 0.0),
    ),
    word_scores,
    order=10,
    usual=True,
    of_words=True,
)
