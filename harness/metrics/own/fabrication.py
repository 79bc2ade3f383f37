"""The share of an output that its page does not have (definition: harness.alignment.fabrication)."""

from __future__ import annotations

from harness.metrics.base import Case, Family, Metric, ScoresByMetric


def fabrication_score(case: Case) -> ScoresByMetric:
    """Words of the output that the page does not have / words of the output, in 0…1; None for an output without words."""
    return {FABRICATED: case.fabrication.share}


FABRICATED = "fabricated"
FABRICATION = Family(
    (Metric(FABRICATED, "share of the output's words that the page has nowhere, not even in its source", False, None),),
    fabrication_score,
    applies=lambda golden: True,
    order=45,
    usual=True,
)
