"""What the records of a run say of language models: words that no page says, and what their confidence is worth."""

from __future__ import annotations

from collections.abc import Sequence

from harness.analysis.confidence import confidence_of
from harness.analysis.fabrication import fabrication_of
from harness.metrics.own.fabrication import FABRICATED
from harness.runs.record import Record, Run
from harness.scorecard.values.models import ModelsView

_PASSAGES = 5  # of an extractor


def models(run: Run, records: Sequence[Record]) -> ModelsView | None:
    """None where neither an extractor gave a confidence nor the run shows what was fabricated."""
    fabrication = fabrication_of(records, _PASSAGES) if FABRICATED in run.header.shown else []
    fabrication.sort(key=lambda one: -(one.share or 0.0))
    confidence = confidence_of(records)
    return ModelsView(tuple(fabrication), tuple(confidence)) if fabrication or confidence else None
