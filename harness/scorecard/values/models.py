"""What a scorecard shows of extractors that are language models."""

from __future__ import annotations

from dataclasses import dataclass

from harness.analysis.confidence import Confidence


@dataclass(frozen=True)
class FabricationLine:
    """What an extractor wrote that its pages do not have."""

    extractor: str
    """The extractor's name."""
    share: float | None
    """The mean share of an output's words; None where no output has words."""
    pages: int
    """All its pages."""
    with_some: int
    """Those whose output has such words."""
    passages: tuple[str, ...]
    """The passages with most of them, each with its page."""


@dataclass(frozen=True)
class ModelsView:
    """What a scorecard shows of them."""

    fabrication: tuple[FabricationLine, ...]
    """One for each extractor, the largest share first; empty where the run does not show it."""
    confidence: tuple[Confidence, ...]
    """One for each extractor that gave a confidence."""
