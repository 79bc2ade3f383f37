"""What a scorecard shows of extractors that are language models."""

from __future__ import annotations

from dataclasses import dataclass

from harness.analysis.confidence import Confidence
from harness.analysis.fabrication import FabricationSummary


@dataclass(frozen=True)
class ModelsView:
    """What a scorecard shows of them."""

    fabrication: tuple[FabricationSummary, ...]
    """One for each extractor, the largest share first; empty where the run does not show it."""
    confidence: tuple[Confidence, ...]
    """One for each extractor that gave a confidence."""
