"""What the records of a run say of language models: words that no page says, and what their confidence is worth."""

from __future__ import annotations

from collections.abc import Sequence

from harness.analysis.confidence import confidence_of
from harness.metrics import METRICS
from harness.metrics.own.fabrication import FABRICATED
from harness.report.fabrication import worst_passages
from harness.runs.record import Record, Run
from harness.scorecard.values.models import FabricationLine, ModelsView

_PASSAGES = 5  # of an extractor


def models(run: Run, records: Sequence[Record]) -> ModelsView | None:
    """None where neither an extractor gave a confidence nor the run shows what was fabricated."""
    names = sorted({record.extractor for record in records}) if FABRICATED in run.header.shown else []
    lines = [_line(name, [record for record in records if record.extractor == name]) for name in names]
    lines.sort(key=lambda line: -(line.share or 0.0))
    confidence = confidence_of(records)
    return ModelsView(tuple(lines), tuple(confidence)) if lines or confidence else None


def _line(name: str, own: Sequence[Record]) -> FabricationLine:
    share = METRICS[FABRICATED].over_pages(own)
    some = sum(bool(record.fabricated) for record in own)
    return FabricationLine(name, share, len(own), some, tuple(worst_passages(own, _PASSAGES)))
