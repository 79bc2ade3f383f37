"""The rules of the gate: what they allow, and the presets that come with the harness (docs/gate.md)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import get_args

from packaging.version import Version

from harness.fuzz.measure.relations import Level
from harness.metrics.base import Metric
from harness.metrics.own.fabrication import FABRICATED

ANY = "any"
LEVELS: tuple[Level, ...] = get_args(Level)  # of findings, the worst first
OFF = math.inf
PAGE_RULES = ("page_drop", "page_leak_growth", "new_failures", "page_optional_loss", "characters_growth")
"""The rules that a single page can break."""
_ROUNDED = 0.0005  # reports have scores with three decimals, and `value` is copied from one


@dataclass(frozen=True)
class Amount:
    """A number of words, or a share of the words of the main content."""

    words: float = 0.0
    """The number, where there is no share."""
    share: float | None = None
    """0 or more; None for a number of words."""

    def of(self, main_words: int) -> float:
        """The words that are allowed where the main content has so many."""
        return self.words if self.share is None else self.share * main_words

    def __str__(self) -> str:
        words = "1 word" if self.words == 1 else f"{self.words:g} words"
        return words if self.share is None else f"{100 * self.share:g} % of the main content"


@dataclass(frozen=True)
class Amounts:
    """What is allowed for each kind of text."""

    others: Amount = Amount()
    """For all kinds that are not named; `any` in a file of rules."""
    kinds: Mapping[str, Amount] = field(default_factory=dict)
    """For the kinds that are named."""

    def of(self, kind: str) -> Amount:
        """What is allowed for a kind of text."""
        return self.kinds.get(kind, self.others)


@dataclass(frozen=True)
class Limits:
    """What is allowed on the pages that these limits are for; infinity switches a rule off."""

    mean_drop: float = 0.0
    """By how much the metric's mean may fall."""
    page_drop: float = 0.0
    """By how much the metric may fall on a page."""
    new_failures: float = 0.0
    """Pages that may have no text now and had text in the baseline."""
    leak_growth: Amounts = Amounts()
    """Words of a kind that may leak more than before, over all pages."""
    page_leak_growth: Amounts = Amounts()
    """Words of a kind that may leak more than before on a page."""
    optional_loss: Amounts = Amounts()
    """Words of `maybe` texts of a kind that may be missing now, over all pages."""
    page_optional_loss: Amounts = Amounts()
    """Words of `maybe` texts of a kind that may be missing now on a page."""
    characters_growth: float = 2.0
    """How many times as many characters for each word as before the output of a page may have."""


@dataclass(frozen=True)
class Ratio:
    """A limit on time or memory, relative to another extractor of the same run."""

    reference: str
    """The other extractor."""
    ratio: float
    """How many times as much as the other one is allowed, above 0: of time the median of the pages' own ratios, of memory
    the ratio of the peaks."""
    sum: float = OFF
    """The same for the time of all pages together, which shows pages that are much slower and too few to move a median."""
    worst: float = OFF
    """The same for the page on which the ratio is largest."""


@dataclass(frozen=True)
class FindingsRule:
    """The search that each extractor must have had, and how many new findings it may have had."""

    seed: int = 0
    """Of the search, as `harness fuzz --search` takes it."""
    examples: int = 300
    """Layouts that the search tries."""
    new: int = 0
    """Findings that may be there without having been accepted."""
    level: Level = "low"
    """The mildest findings that count."""


@dataclass(frozen=True)
class ExposureRule:
    """That `harness exposure` has measured each extractor, and by how many techniques it may expose more than accepted."""

    new: int = 0
    """Techniques by which hidden text may come out on more pages than was accepted."""


@dataclass(frozen=True)
class Floor:
    """A value that an extractor must reach over all pages, whatever the baseline says."""

    extractor: str
    """The extractor's name."""
    metric: str
    """Any metric that the run was scored by."""
    value: float
    """The least value; of a metric where lower is better, the largest one."""
    set: str = ""
    """The set whose pages count; empty for all pages of the run."""
    goldens: str = ""
    """The hash of the pages and labels that the value is for, as `goldens_hash` gives it; empty where any will do."""

    def __str__(self) -> str:
        return f"{self.metric} of {self.extractor}" + (f" on {self.set}" if self.set else "")


@dataclass(frozen=True)
class KnownFailure:
    """A page on which an extractor may break rules until some day or release. It breaks one if it does no more."""

    extractor: str
    """The extractor's name."""
    page: str
    """The golden's id."""
    reason: str
    """Why it is allowed, in the user's words."""
    until: date | Version
    """The first day, or the first version of the extractor, at which it is not allowed any more."""
    value: float
    """The least value of the metric that it covers, 0 for a page without text; the largest, where lower is better."""
    rules: tuple[str, ...] = PAGE_RULES[:3]
    """What it covers: rules of PAGE_RULES, and watched metrics, which may fall. By default the rules whose breach the metric
    shows, so that `value` bounds it."""

    def covers(self, value: float, metric: Metric) -> bool:
        """Whether a value of the metric is as good as the one that was noted."""
        return (value - self.value) * (1 if metric.higher_is_better else -1) >= -_ROUNDED

    def is_of(self, extractor: str, page: str) -> bool:
        """Whether it is about this page of this extractor."""
        return (self.extractor, self.page) == (extractor, page)

    def has_ended(self, today: date, version: str | None) -> bool:
        """Whether the day or the version has come. Raises InvalidVersion for a version of the extractor that is none."""
        if isinstance(self.until, date):
            return today >= self.until
        return Version(version or "") >= self.until


@dataclass(frozen=True)
class Rules:
    """What the gate allows; by default no loss of any sort."""

    metric: str | None = None
    """What pages are compared by; None for the metric that tables are ranked by."""
    watch: tuple[str, ...] = ("blocks.F", "punctuation", "code", FABRICATED)
    """Further metrics whose means, and whose values on a page, may fall by as much as that one's."""
    limits: Limits = Limits()
    """For all pages that no other limits are for."""
    slices: tuple[str, ...] = ()
    """Keys, such as `kind`, by whose values the mean is judged, too."""
    slice_drop: float = 0.0
    """By how much the mean over the pages of one such value may fall."""
    speed: Ratio | None = None
    """Of the time of a page."""
    memory: Ratio | None = None
    """Of the peak of a worker's memory."""
    findings: FindingsRule | None = None
    """None: searches are not judged."""
    exposure: ExposureRule | None = None
    """None: exposure is not judged."""
    pages: Mapping[str, Limits] = field(default_factory=dict)
    """Limits for a page, by the golden's id."""
    sites: Mapping[str, Limits] = field(default_factory=dict)
    """Limits for the pages of a site."""
    extractors: Mapping[str, Limits] = field(default_factory=dict)
    """Limits for all pages of an extractor."""
    kinds: Mapping[str, Limits] = field(default_factory=dict)
    """Limits for the pages of a kind."""
    sets: Mapping[str, Limits] = field(default_factory=dict)
    """Limits for the pages of a set."""
    floors: tuple[Floor, ...] = ()
    """Values that extractors must reach."""
    known_failures: tuple[KnownFailure, ...] = ()
    """Pages that may break rules for a time."""
    uses_baseline: bool = True
    """Whether runs are compared with a baseline; without one, floors only are judged."""

    def section(self, *, extractor: str, golden: str, site: str, kind: str) -> str:
        """The name of the limits that a page falls under, such as `kind forum`: those of the page, else of the site, of the
        extractor, of the kind, of the set; empty for `limits`.
        """
        names = {"page": golden, "site": site, "extractor": extractor, "kind": kind, "set": golden.rpartition("/")[0]}
        sections = self._tables()
        return next((f"{key} {name}" for key, name in names.items() if name in sections[key]), "")

    def sections(self) -> dict[str, Limits]:
        """All limits by the names that `section` gives."""
        tables = self._tables().items()
        return {"": self.limits, **{f"{key} {name}": limits for key, table in tables for name, limits in table.items()}}

    def only(self, extractors: Collection[str]) -> Rules:
        """The rules that can hold where these extractors alone are judged, without those about other extractors."""
        return replace(
            self,
            floors=tuple(floor for floor in self.floors if floor.extractor in extractors),
            known_failures=tuple(one for one in self.known_failures if one.extractor in extractors),
        )

    def named(self) -> Iterator[tuple[str, str]]:
        """What limits are for: `page`, `site`, `extractor` or `set`, and the name."""
        yield from ((key, name) for key, table in self._tables().items() if key != "kind" for name in table)

    def _tables(self) -> dict[str, Mapping[str, Limits]]:
        return {
            "page": self.pages,
            "site": self.sites,
            "extractor": self.extractors,
            "kind": self.kinds,
            "set": self.sets,
        }


_ANY_WORDS = Amounts(Amount(OFF))

PRESETS: Mapping[str, Rules] = {
    "commit": Rules(),
    "release": Rules(
        watch=(FABRICATED,),
        limits=Limits(
            mean_drop=0.002,
            page_drop=0.05,
            leak_growth=_ANY_WORDS,
            page_leak_growth=_ANY_WORDS,
            optional_loss=_ANY_WORDS,
            page_optional_loss=_ANY_WORDS,
        ),
    ),
    "floors": Rules(uses_baseline=False),
}
"""Rules to begin with: `commit` allows no loss, `release` judges by metric and failures, `floors` by no baseline."""
