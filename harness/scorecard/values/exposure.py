"""What a scorecard shows of text that no reader sees: a heat map of techniques by extractors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ExposureRow:
    """One technique, or all of a group."""

    technique: str
    """The technique's name."""
    shares: tuple[float | None, ...]
    """For each extractor the share of pages on which the sentence came out; None where it was not measured."""


@dataclass(frozen=True)
class ExposureGroup:
    """Techniques with something in common."""

    name: str
    """As the table calls it."""
    meaning: str
    """Who gets to the sentence."""
    is_visible: bool
    """Whether readers see the sentence, so that it should come out."""
    total: ExposureRow
    """All of the group's pages together."""
    rows: tuple[ExposureRow, ...]
    """Those by which the sentence comes out most often first."""


@dataclass(frozen=True)
class ExposureView:
    """The heat map."""

    warnings: tuple[str, ...]
    """What a reader must know first."""
    extractors: tuple[str, ...]
    """The columns."""
    groups: tuple[ExposureGroup, ...]
    """In the order of the catalogue."""
