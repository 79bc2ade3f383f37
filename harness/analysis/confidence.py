"""What the confidence of extractors says of their scores."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from harness.metrics import METRICS
from harness.runs.record import Record
from harness.runs.summary import average_repeats, ranking_metric_of
from harness.stats.confidence import area_under_risk, auroc, calibration_error, risk_coverage

GOOD = 0.5
"""From this score on, a page counts as good for AUROC."""


@dataclass(frozen=True)
class Confidence:
    """An extractor's confidence beside its scores, over the pages of which it gave one."""

    extractor: str
    """Its name."""
    metric: str
    """The metric that it is compared with, best at 1."""
    pages: int
    """All its pages."""
    told: int
    """Those with a confidence and a score."""
    mean: float
    """Mean confidence, 0…1."""
    score: float
    """Mean score, 0…1."""
    auroc: float | None
    """Whether pages that score GOOD at least have a higher confidence: 0…1, .5 is chance; None where all or none do."""
    calibration_error: float | None
    """How far confidence is from the score, 0…1, 0 is best; None without pages."""
    aurc: float | None
    """Area under the curve, 0…1, 0 is best; None without pages."""
    curve: tuple[tuple[float, float], ...]
    """The risk-coverage curve: shares of the pages, and 1 - their mean score."""


def confidence_of(records: Sequence[Record]) -> list[Confidence]:
    """Those of the extractors that gave a confidence, by name; none where no metric in 0…1 was scored."""
    if not records:
        return []
    metric = METRICS[ranking_metric_of([record.scores for record in records])]
    pages: dict[str, list[Record]] = {}
    for record in average_repeats(records):
        pages.setdefault(record.extractor, []).append(record)
    found = [_confidence(name, pages[name], metric.name) for name in sorted(pages)] if metric.higher_is_better else []
    return [one for one in found if one is not None]


def _confidence(name: str, rows: Sequence[Record], metric: str) -> Confidence | None:
    told = [
        (row.confidence, score)
        for row in rows
        if row.confidence is not None and (score := row.scores.get(metric)) is not None and 0 <= score <= 1
    ]
    if not told:
        return None
    confidences, scores = zip(*told)
    curve = tuple(risk_coverage(confidences, scores))
    return Confidence(
        extractor=name,
        metric=metric,
        pages=len(rows),
        told=len(told),
        mean=statistics.fmean(confidences),
        score=statistics.fmean(scores),
        auroc=auroc(confidences, [score >= GOOD for score in scores]),
        calibration_error=calibration_error(confidences, scores),
        aurc=area_under_risk(curve),
        curve=curve,
    )
