"""What a scorecard shows of a matrix of `harness fuzz`."""

from __future__ import annotations

from dataclasses import dataclass

DOSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Limits between bins of doses: inserted text for one of main content."""
LOSSES = tuple(number / 100 for number in range(100))
"""Losses of F at which LossTail has shares."""
LISTED_LOSSES = (0.0, 0.05, 0.1, 0.2, 0.5)
"""The values of LOSSES that a table shows."""


@dataclass(frozen=True)
class Resistance:
    """What changes of the layout do to one extractor, all operators of a nature together (docs/fuzzing.md).

    Values are None where nothing of the kind was run.
    """

    extractor: str
    """The extractor's name."""
    noise_change: float | None
    """Mean change of F under natural noise."""
    interval: tuple[float, float] | None
    """The limits of its interval over sites."""
    violation_rate: float | None
    """Share (0…1) of outputs that change where they must not."""
    expected_change: float | None
    """Mean change of F by errors of authors, as often as pages have them."""
    worst_hostile: tuple[float, str] | None
    """The largest mean change by one of those errors, and its operator."""


@dataclass(frozen=True)
class HeatRow:
    """One operator."""

    operator: str
    """The operator as Python."""
    label: str
    """The operator as it is shown."""
    pages: int
    """Pages that it applies to."""
    changes: tuple[float | None, ...]
    """Mean change of F for each extractor."""


@dataclass(frozen=True)
class Heat:
    """The operators of one nature."""

    nature: str
    """One of the natures of operators (docs/fuzzing.md)."""
    rows: tuple[HeatRow, ...]
    """The most harmful first."""


@dataclass(frozen=True)
class DosePoint:
    """Pages that were given related stories in doses of one bin."""

    low: float
    """The dose is more than this."""
    high: float | None
    """The dose is at most this; None for no limit."""
    pages: int
    """Pages with a dose in the bin."""
    pairs: int
    """Pairs of page and operator."""
    change: float
    """Mean change of F."""
    interval: tuple[float, float] | None
    """The limits of the change's interval over sites."""
    leaked: float | None
    """Mean share (0…1) of the inserted grams that came out."""


@dataclass(frozen=True)
class DoseCurve:
    """What related stories do to one extractor."""

    extractor: str
    """The extractor's name."""
    markup: str
    """Of the stories: `neutral` or `telling`."""
    points: tuple[DosePoint, ...]
    """The smallest dose first."""


@dataclass(frozen=True)
class LossTail:
    """How often noise costs an extractor much."""

    extractor: str
    """The extractor's name."""
    pairs: int
    """Pairs of page and noise operator."""
    shares: tuple[float, ...]
    """Shares (0…1) of the pairs that lose more F than each of LOSSES."""

    def share(self, loss: float) -> float:
        """The share that loses more than one of LOSSES."""
        return self.shares[LOSSES.index(loss)]


@dataclass(frozen=True)
class WorstPair:
    """The page on which an operator costs an extractor most F."""

    extractor: str
    """The extractor's name."""
    label: str
    """Of the operator."""
    golden: str
    """The golden's id."""
    before: float
    """F without the change."""
    after: float
    """F with it."""


@dataclass(frozen=True)
class RobustTrack:
    """Changed layouts of one media type."""

    name: str
    """The media type as it is shown, such as `HTML pages`."""
    pages: int
    """Pages of the track."""
    sites: int
    """Sites of these pages."""
    resistances: tuple[Resistance, ...]
    """One for each extractor."""
    heats: tuple[Heat, ...]
    """By nature; their columns are in the order of the resistances."""
    doses: tuple[DoseCurve, ...]
    """For each extractor and markup of stories."""
    tails: tuple[LossTail, ...]
    """One for each extractor that noise operators were run on."""
    worst_pairs: tuple[WorstPair, ...]
    """For each extractor, the noise operators that cost it most, each on its worst page."""


@dataclass(frozen=True)
class Robustness:
    """What a matrix of `harness fuzz` says of the extractors of the run."""

    warnings: tuple[str, ...]
    """What it cannot say."""
    pages: int
    """Pages of the matrix."""
    shared: int
    """How many of them are in the run, too."""
    tracks: tuple[RobustTrack, ...]
    """One for each media type."""
