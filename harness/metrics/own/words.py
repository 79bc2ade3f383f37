"""Precision, recall and F over the kept words (definitions: harness.alignment.align)."""

from __future__ import annotations

from harness.metrics.base import Case, Family, Metric


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


def word_scores(case: Case) -> dict[str, float]:
    """P, R and F of one output, each in 0…1."""
    alignment = case.alignment
    p = precision(alignment.kept, alignment.leaked, alignment.missed)
    r = recall(alignment.kept, alignment.missed)
    return {"P": p, "R": r, "F": f_score(p, r)}


WORDS = Family(
    (
        Metric("P", "precision: share of the output's words that belong to the main content", True, 0.0),
        Metric("R", "recall: share of the main content's words that came out", True, 0.0),
        Metric("F", "harmonic mean of P and R on each page", True, 0.0),
    ),
    word_scores,
    order=10,
    always=True,
)
