"""What is shown of the pages of one media type: leaderboard, grids of numbers, spread of scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.analysis.ranks import Ranks

BANDS = (0.25, 0.5, 0.75, 0.9, 0.99)
"""Limits between bands of a page's score, 1 being best."""
QUANTILES = (0.0, 0.05, 0.25, 0.5)
"""At which the spread of the page scores is shown."""


@dataclass(frozen=True)
class LeaderboardRow:
    """One extractor over the pages of a track."""

    extractor: str
    """The extractor's name."""
    version: str | None
    """None where unknown."""
    rank: int | None
    """Shared by those that the data cannot separate; None if it does not compete, or where no test is possible."""
    converted: bool
    """Whether its pages were converted for it."""
    reference: bool
    """Whether it is a reference that does not compete."""
    pages: int
    """Pages that it was run on."""
    value: float | None
    """The track's metric."""
    interval: tuple[float, float] | None
    """The limits of the value's interval over sites."""
    scores: Mapping[str, float | None]
    """All metrics by name."""
    median: float | None
    """The median of the track's metric over pages."""
    answered: float | None
    """The track's metric over the pages with text."""
    outcomes: Mapping[str, int]
    """Pages by outcome."""
    milliseconds: float | None
    """The median time of a page."""
    milliseconds_95: float | None
    """The time within which 95 % of the pages are done."""
    mebibytes: float | None
    """The peak of a worker's memory in MiB."""
    pareto: bool
    """Whether no competitor is both better and faster."""

    @property
    def competes(self) -> bool:
        """Whether the row has a place in the ranking."""
        return not self.converted and not self.reference

    @property
    def without_text(self) -> int:
        """Pages on which it failed or returned nothing."""
        return self.pages - self.outcomes.get("ok", 0)


@dataclass(frozen=True)
class NumberGrid:
    """Numbers by extractor and column."""

    title: str
    """What the columns are."""
    columns: tuple[str, ...]
    """Their heads."""
    pages: tuple[int, ...]
    """Pages of each column, if columns are groups of pages."""
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    """Extractors with their numbers."""
    more: int = 0
    """How many columns with few pages or words are put together in the last one."""


@dataclass(frozen=True)
class Tails:
    """How the scores of an extractor's pages spread."""

    extractor: str
    """The extractor's name."""
    shares: tuple[float, ...]
    """Shares (0…1) of pages without text, then of those in each band of BANDS."""
    quantiles: tuple[float, ...]
    """The page scores at QUANTILES."""


@dataclass(frozen=True)
class Track:
    """Pages of one media type, with the extractors that were run over them."""

    name: str
    """The media type as it is shown, such as `HTML pages`."""
    pages: int
    """Pages of the track."""
    sites: int
    """Sites of these pages."""
    metric: str
    """What extractors are ranked by."""
    higher_is_better: bool
    """Of the metric."""
    headline: str
    """The result in a sentence."""
    notes: tuple[str, ...]
    """Sentences for those who read on."""
    lines: tuple[LeaderboardRow, ...]
    """The leaderboard, those that compete first."""
    no_interval: str
    """Why there are no intervals, or empty."""
    detectable: float | None
    """The true difference from the leader that such pages show in at least four of five cases, for those tied with it."""
    timed_together: bool
    """Whether all times were measured in one run, and can be compared."""
    groups: tuple[NumberGrid, ...]
    """The metric by kind of page, language and set."""
    leaks: NumberGrid
    """Leaked words for every 100 words of the main content, by kind."""
    misses: NumberGrid
    """Missed words for every 100 words of the main content, by kind."""
    failures: NumberGrid
    """Pages by outcome."""
    tails: tuple[Tails, ...]
    """One for each extractor."""
    limits: Mapping[str, str]
    """By set, how far its labellers agree, such as `two labellers agree to F .97`: stands beside each F of the set."""
    disagreement: Ranks | None
    """Places by each metric; None where there is nothing to disagree about."""
