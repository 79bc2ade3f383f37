"""What a metric is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.align import Alignment


@dataclass(frozen=True)
class Metric:
    """A number for one output against its golden.

    `worst` is what a page scores whose extractor failed; `higher_is_better` says which way to sort. All metrics are
    best at 1 or, if lower is better, at 0.
    """

    name: str
    summary: str
    higher_is_better: bool
    worst: float

    @property
    def best(self) -> float:
        """What an output scores that is just the main content."""
        return 1.0 if self.higher_is_better else 0.0


@dataclass(frozen=True)
class Family:
    """Metrics that one function computes together."""

    metrics: tuple[Metric, ...]
    score: Callable[[Alignment], Mapping[str, float]]
