"""What a scorecard shows of a matrix of `harness fuzz`, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Resistance:
    """What changes of the layout do to one extractor, all operators of a nature together (docs/fuzzing.md).

    drop: mean change of F under natural noise, with its interval over sites. violated: share of outputs that change where
    they must not. expected: mean change of F by errors of authors, as often as pages have them. worst: the largest mean
    change by one of those errors, and its operator. None where nothing of the kind was run.
    """

    extractor: str
    drop: float | None
    interval: tuple[float, float] | None
    violated: float | None
    expected: float | None
    worst: tuple[float, str] | None


@dataclass(frozen=True)
class HeatRow:
    """One operator: the mean change of F over the pages that it applies to, for each extractor; pages: how many."""

    operator: str
    label: str
    pages: int
    changes: tuple[float | None, ...]


@dataclass(frozen=True)
class Heat:
    """The operators of one nature, the most harmful first."""

    nature: str
    rows: tuple[HeatRow, ...]


@dataclass(frozen=True)
class DosePoint:
    """Pages that were given related stories, by dose: more than `low` and up to `high` of inserted text for one of main
    content, above which there is no limit where it is None. pairs: of page and operator. change: mean change of F, with its
    interval over sites. leaked: mean share of the inserted grams that came out.
    """

    low: float
    high: float | None
    pages: int
    pairs: int
    change: float
    interval: tuple[float, float] | None
    leaked: float | None


@dataclass(frozen=True)
class DoseCurve:
    """What related stories do to one extractor, the smallest dose first. markup: `neutral` or `telling`."""

    extractor: str
    markup: str
    points: tuple[DosePoint, ...]


DOSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # limits between bins


@dataclass(frozen=True)
class LossTail:
    """Shares of the pairs of page and noise operator that lose more F than each of LOSSES."""

    extractor: str
    pairs: int
    shares: tuple[float, ...]

    def share(self, loss: float) -> float:
        """The share that loses more than one of LOSSES."""
        return self.shares[LOSSES.index(loss)]


LOSSES = tuple(number / 100 for number in range(100))
LISTED_LOSSES = (0.0, 0.05, 0.1, 0.2, 0.5)


@dataclass(frozen=True)
class WorstPair:
    """The page on which an operator costs an extractor most F."""

    extractor: str
    label: str
    golden: str
    before: float
    after: float


@dataclass(frozen=True)
class RobustTrack:
    """Changed layouts of one media type. heats: by nature, their columns in the order of the resistances."""

    name: str
    pages: int
    sites: int
    resistances: tuple[Resistance, ...]
    heats: tuple[Heat, ...]
    doses: tuple[DoseCurve, ...]
    tails: tuple[LossTail, ...]
    worst: tuple[WorstPair, ...]


@dataclass(frozen=True)
class Robustness:
    """What a matrix of `harness fuzz` says of the extractors of the run.

    warnings: what it cannot say. pages: of the matrix; shared: how many of them are in the run, too.
    """

    warnings: tuple[str, ...]
    pages: int
    shared: int
    tracks: tuple[RobustTrack, ...]
