"""What a scorecard shows, as plain values. Texts are those of strangers: whoever writes them makes them harmless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from harness.alignment.diff import Status
from harness.analysis.ranks import Ranks
from harness.scorecard.robustness_data import Robustness


@dataclass(frozen=True)
class Line:
    """A row of a leaderboard: one extractor over the pages of a track.

    rank: shared by those that the data cannot separate; None for who does not compete, or where no test is possible.
    converted: its pages were converted for it. reference: it does not compete. value: of the track's metric, with its
    interval and standard error over sites, where there is one. answered: the same over the pages with text. pareto: no
    competitor is both better and faster. milliseconds, milliseconds_95: of a page; mebibytes: the peak; None where unknown.
    """

    extractor: str
    version: str | None
    rank: int | None
    converted: bool
    reference: bool
    pages: int
    value: float | None
    interval: tuple[float, float] | None
    scores: Mapping[str, float | None]
    median: float | None
    answered: float | None
    outcomes: Mapping[str, int]
    milliseconds: float | None
    milliseconds_95: float | None
    mebibytes: float | None
    pareto: bool

    @property
    def competes(self) -> bool:
        """Whether the row has a place in the ranking."""
        return not self.converted and not self.reference

    @property
    def without_text(self) -> int:
        """Pages on which it failed or returned nothing."""
        return self.pages - self.outcomes.get("ok", 0)


@dataclass(frozen=True)
class Grid:
    """Numbers by extractor and column. title: what the columns are. pages: of each column, if columns are groups of pages.

    more: how many columns with few pages or words are put together in the last one.
    """

    title: str
    columns: tuple[str, ...]
    pages: tuple[int, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    more: int = 0


@dataclass(frozen=True)
class Tails:
    """How the pages of an extractor spread. shares: of pages without text, then of those in each band of BANDS, 0…1.

    quantiles: of the page scores, at QUANTILES.
    """

    extractor: str
    shares: tuple[float, ...]
    quantiles: tuple[float, ...]


BANDS = (0.25, 0.5, 0.75, 0.9, 0.99)  # limits between bands of a page's score, 1 being best
QUANTILES = (0.0, 0.05, 0.25, 0.5)


@dataclass(frozen=True)
class Track:
    """Pages of one media type, with the extractors that were run over them.

    headline: the result in a sentence; notes: sentences for who reads on. lines: the leaderboard, those that compete first.
    no_interval: why there are no intervals, or empty. detectable: the true difference from the leader that such pages
    show in four of five cases, for those that are tied with it. groups: the metric by kind of page, language and set.
    leaks, misses: words for every 100 words of the main content, by kind. failures: pages by outcome.
    """

    name: str
    pages: int
    sites: int
    metric: str
    higher_is_better: bool
    headline: str
    notes: tuple[str, ...]
    lines: tuple[Line, ...]
    no_interval: str
    detectable: float | None
    groups: tuple[Grid, ...]
    leaks: Grid
    misses: Grid
    failures: Grid
    tails: tuple[Tails, ...]
    disagreement: Ranks | None


@dataclass(frozen=True)
class Passage:
    """A run of a diff: its status and kind, and its text in pieces, with whether a piece bears the mark of the status.

    status is `folded` for a note on what is not shown.
    """

    status: Status | str
    kind: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class PageResult:
    """One extractor on one page. diff: None where the texts are not here, for the reason in `why`. command: shows it."""

    extractor: str
    golden: str
    kind: str
    lang: str
    site: str
    outcome: str
    error: str
    metric: str
    value: float
    counts: Mapping[str, int]
    leaks: Mapping[str, int]
    misses: Mapping[str, int]
    command: str
    diff: tuple[Passage, ...] | None
    why: str = ""


@dataclass(frozen=True)
class Pages:
    """The worst pages, by extractor and then by score. note: which are shown and what is left out."""

    results: tuple[PageResult, ...]
    note: str


@dataclass(frozen=True)
class Moved:
    """A page that changed since the baseline."""

    golden: str
    before: float | None
    after: float | None
    outcomes: tuple[str, str]


@dataclass(frozen=True)
class Changes:
    """One extractor since the baseline, over the pages that can be compared; incomparable: how many others the run has.

    difference: the mean of after minus before, with its interval over sites. moved: pages that changed, the largest first.
    """

    extractor: str
    metric: str
    versions: tuple[str | None, str | None]
    pages: int
    incomparable: int
    difference: float | None
    interval: tuple[float, float] | None
    better: int
    worse: int
    newly_failing: int
    fixed: int
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Profile:
    """One extractor in a few sentences: what it is good at, what it is bad at. tracks: names of those it is made for."""

    extractor: str
    version: str | None
    tracks: tuple[str, ...]
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]


@dataclass(frozen=True)
class ReleasePoint:
    """One release of an extractor; won and lost: pages against the release before."""

    name: str
    value: float | None
    interval: tuple[float, float] | None
    milliseconds: float | None
    without_text: int
    won: int | None
    lost: int | None
    largest: tuple[Moved, ...]


@dataclass(frozen=True)
class History:
    """Releases of one extractor, oldest first."""

    extractor: str
    metric: str
    pages: int
    points: tuple[ReleasePoint, ...]


@dataclass(frozen=True)
class GoldenFact:
    """A golden as it was measured: hashes of its page and of its labels."""

    id: str
    kind: str
    lang: str
    site: str
    page: str
    labels: str
    flags: tuple[str, ...]


@dataclass(frozen=True)
class ExtractorFact:
    """An extractor as it was run. options: as JSON. code, identity: hashes, empty where unknown."""

    name: str
    version: str | None
    options: str
    code: str
    identity: str


@dataclass(frozen=True)
class Facts:
    """What is needed to get the same numbers again. facts: names and values; digest: one hash over all goldens."""

    facts: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    digest: str
    goldens: tuple[GoldenFact, ...]
    extractors: tuple[ExtractorFact, ...]


@dataclass(frozen=True)
class Scorecard:
    """All that is shown. title: what it is of; warnings: what a reader must know first."""

    title: str
    run: str
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    profile: Profile | None
    tracks: tuple[Track, ...]
    changes: tuple[Changes, ...]
    history: tuple[History, ...]
    pages: Pages
    facts: Facts
    times: bool
    robustness: Robustness | None = None


def scorecard_object(card: Scorecard) -> dict[str, Any]:
    """The scorecard for programs, as JSON has it; without `robustness` where there was no matrix."""
    written = asdict(card)
    if card.robustness is None:
        del written["robustness"]
    return written
