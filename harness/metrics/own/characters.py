"""How much an output writes for each of its words, which shows markup, spaces and marks without end."""

from __future__ import annotations

from harness.metrics.base import Case, Family, Metric, ScoresByMetric


def characters_score(case: Case) -> ScoresByMetric:
    """Characters of the output as the extractor returned it, markup included, divided by its words, from 1 up.

    None for an output without words.
    """
    output = next(text for text in (case.markdown, case.markup, case.text) if text is not None)
    words = len(case.alignment.output.words)
    return {"characters": len(output) / words if words else None}


CHARACTERS = Family(
    (Metric("characters", "characters of the output, markup included, for each of its words", False, None),),
    characters_score,
    order=55,
)
