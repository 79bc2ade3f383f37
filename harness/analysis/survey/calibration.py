"""How often F was below .5 at which agreement, on labelled pages (docs/survey.md has how it was measured)."""

from __future__ import annotations

from bisect import bisect

BOUNDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Where one class of agreement ends and the next one begins."""
FAILED = (0.96, 0.83, 0.70, 0.48, 0.25, 0.15, 0.07, 0.02, 0.00)
"""The share of outputs with F < .5 in each class: 26 extractors on 240 pages of the development set of WCXB."""


def failed_at(agreement: float) -> float:
    """How often F was below .5 at this agreement, in 0…1."""
    return FAILED[bisect(BOUNDS, agreement)]
