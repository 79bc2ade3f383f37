"""What changed since the baseline, and from release to release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MovedPage:
    """A page that changed since the baseline, or since the release before."""

    golden: str
    """The golden's id."""
    before: float | None
    """Its score then; None without a value."""
    after: float | None
    """Its score now; None without a value."""
    outcomes: tuple[str, str]
    """Before and after; empty between releases."""


@dataclass(frozen=True)
class Changes:
    """One extractor since the baseline."""

    extractor: str
    """The extractor's name."""
    track: str
    """The name of the track; empty where the run has one only."""
    metric: str
    """What pages are compared by."""
    versions: tuple[str | None, str | None]
    """In the baseline, and now."""
    pages: int
    """Pages that can be compared."""
    incomparable: int
    """Pages of the run that cannot."""
    reasons: Mapping[str, int]
    """Why they cannot, with the number of pages for each reason."""
    difference: float | None
    """The metric over these pages, after minus before."""
    interval: tuple[float, float] | None
    """The limits of the difference's interval over sites."""
    better: int
    """Pages with better scores."""
    worse: int
    """Pages with worse scores."""
    newly_failing: int
    """Pages that fail now and did not before."""
    fixed: int
    """Pages that failed before and do not now."""
    moved: tuple[MovedPage, ...]
    """The pages that changed most, the largest change first."""

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return f"{self.extractor}, {self.track}" if self.track else self.extractor


@dataclass(frozen=True)
class ReleasePoint:
    """One release of an extractor."""

    name: str
    """The release."""
    value: float | None
    """Of the history's metric."""
    interval: tuple[float, float] | None
    """The limits of the value's interval over sites."""
    milliseconds: float | None
    """The median time of a page."""
    without_text: int
    """Pages on which it failed or returned nothing."""
    won: int | None
    """Pages that are better than with the release before; None for the first release."""
    lost: int | None
    """Pages that are worse than with the release before; None for the first release."""
    largest: tuple[MovedPage, ...]
    """Those that changed most."""


@dataclass(frozen=True)
class ReleaseHistory:
    """Releases of one extractor."""

    extractor: str
    """The extractor's name."""
    track: str
    """The name of the track; empty where the run has one only."""
    metric: str
    """What releases are compared by."""
    pages: int
    """Pages that all releases have."""
    points: tuple[ReleasePoint, ...]
    """Oldest first."""

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return f"{self.extractor}, {self.track}" if self.track else self.extractor
