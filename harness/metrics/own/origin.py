"""Words that no boilerplate explains: said twice, in another place than on the page, or not on the page at all."""

from __future__ import annotations

from collections import Counter

from harness.alignment.origins import DUPLICATED, INVENTED, MOVED
from harness.metrics.base import Case, Family, Metric


def origin_scores(case: Case) -> dict[str, float]:
    """Shares of the output's words, each in 0…1; 0 for an empty output."""
    alignment = case.alignment
    total = len(alignment.output.words)
    origins = Counter(alignment.leaks.values())
    return {name: origins[name] / total if total else 0.0 for name in (DUPLICATED, MOVED, INVENTED)}


ORIGIN = Family(
    (
        Metric(DUPLICATED, "share of the output's words that repeat text more often than the page has it", False, 1.0),
        Metric(MOVED, "share of the output's words that belong to the page but came out in another place", False, 1.0),
        Metric(INVENTED, "share of the output's words that are not on the page", False, 1.0),
    ),
    origin_scores,
    order=40,
    usual=True,
    of_words=True,
)
