"""Where metrics rank the same extractors differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.metrics import METRICS
from harness.runs.summary import Summary
from harness.stats import kendall_tau


@dataclass(frozen=True)
class Ranks:
    """How metrics order the same extractors."""

    metrics: tuple[str, ...]
    """Their names, in the order of the rows and columns of `taus`."""
    taus: tuple[tuple[float | None, ...], ...]
    """Kendall's tau-b of each two metrics, from -1 (opposite order) to 1 (same order); None where a metric ties all
    extractors."""
    extractors: tuple[str, ...]
    """In the order of the first metric."""
    places: tuple[tuple[int, ...], ...]
    """Each extractor's place by each metric; equals share the best one."""


def ranks(summaries: Sequence[Summary], metrics: Sequence[str]) -> Ranks:
    """How metrics rank the extractors; metrics without a value for one of them are left out."""
    valued = [name for name in metrics if all(summary.scores.get(name) is not None for summary in summaries)]
    scores = [[_goodness(summary, name) for name in valued] for summary in summaries]
    taus = kendall_tau(scores).tolist() if scores and valued else []
    rows = [
        (summary.extractor, tuple(1 + sum(other[m] > own[m] for other in scores) for m in range(len(valued))))
        for summary, own in zip(summaries, scores)
    ]
    rows.sort(key=lambda row: (row[1], row[0]))
    return Ranks(
        tuple(valued),
        tuple(tuple(None if tau != tau else float(tau) for tau in line) for line in taus),
        tuple(name for name, _ in rows),
        tuple(places for _, places in rows),
    )


def _goodness(summary: Summary, name: str) -> float:
    value = summary.scores[name]
    assert value is not None
    return value if METRICS[name].higher_is_better else -value
