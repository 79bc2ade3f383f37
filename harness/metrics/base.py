"""What a metric is."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol, overload

from harness.alignment.align import Alignment, align
from harness.alignment.fabrication import Fabrication, fabrication
from harness.alignment.words import PageWords
from harness.common.extensions import OTHERS, Extension, error_line, note_failure
from harness.goldens.golden import Golden

ScoresByMetric = Mapping[str, float | None]


@dataclass(frozen=True)
class Case:
    """An output and the golden that it is compared with."""

    golden: Golden
    """The golden of the page."""
    text: str
    """The output as plain text."""
    given_words: PageWords | Callable[[], PageWords] = field(repr=False)
    """The words of the golden's page, or what reads them when a metric first needs them."""
    markup: str | None = None
    """The output as HTML where the extractor returned HTML or Markdown, else None."""
    markdown: str | None = None
    """The output as it is where the extractor returned Markdown, else None."""

    @property
    def words(self) -> PageWords:
        """The words of the golden's page (see harness.alignment.words.page_words)."""
        return self.given_words() if callable(self.given_words) else self.given_words

    @cached_property
    def alignment(self) -> Alignment:
        """The output laid beside the golden."""
        return align(self.words, self.text)

    @cached_property
    def fabrication(self) -> Fabrication:
        """What of the output its page does not have."""
        return fabrication(self.golden.page, self.words, self.alignment.output, self.text)


class Scored(Protocol):
    """What the value of a metric over many pages is computed from: the scores of one page, and the set it is of."""

    @property
    def scores(self) -> ScoresByMetric:
        """The page's value of each metric and count; None where the definition leaves it out."""

    @property
    def set(self) -> str:
        """The set that the page's golden belongs to."""


class ScoredPage(NamedTuple):
    """The least that a value over many pages is computed from."""

    scores: ScoresByMetric
    """The page's value of each metric and count."""
    set: str
    """The set that the page's golden belongs to."""


def has_main_content(golden: Golden) -> bool:
    """Whether a metric that needs the whole main content can be computed."""
    return golden.has_main_content


@dataclass(frozen=True)
class Metric:
    """A number for one output against its golden. All metrics are best at 1 or, if lower is better, at 0."""

    name: str
    """What `-m` takes and tables show."""
    summary: str
    """What it is, in a line."""
    higher_is_better: bool
    """Whether 1 is best; else 0 is."""
    worst: float | None
    """What a page scores whose extractor failed; None where that is not measured."""
    over: Callable[[Sequence[Scored]], float | None] | None = None
    """Its value over many pages; without it, the mean of the pages that have one."""
    version: int = 1
    """Raised whenever its values change: scores of different versions are not compared."""

    @property
    def best(self) -> float:
        """What an output scores that is just the main content."""
        return 1.0 if self.higher_is_better else 0.0

    def over_pages(self, pages: Sequence[Scored]) -> float | None:
        """The metric's value over many pages; None if it is defined on none of them, or if `over` fails, which is told."""
        if self.over is None:
            return mean_of(self.name, pages)
        try:
            return _number(self.over(pages))
        except (Exception, SystemExit) as error:
            note_failure(f"metric {self.name} has no value over pages, because it failed: {error_line(error)}")
            return None


@dataclass(frozen=True)
class Family(Extension):
    """Metrics that one function computes together."""

    metrics: tuple[Metric, ...]
    """The metrics that it computes."""
    score: Callable[[Case], ScoresByMetric]
    """The values of one output, one for each metric and each name in `counts`; None where the definition of a public
    benchmark leaves a page out."""
    counts: tuple[str, ...] = ()
    """Numbers of one page that are no metrics, which values over many pages are computed from."""
    applies: Callable[[Golden], bool] = has_main_content
    """Whether a golden has what is needed; if not, all values are None."""
    requires: tuple[str, ...] = ()
    """Modules that must be importable; those of built-in metrics come with the extra `benchmarks`."""
    failed: Callable[[Case], ScoresByMetric] | None = None
    """The values of a page whose extractor failed; without it those are the metrics' worst ones, and the counts are those
    of an empty output."""
    order: int = OTHERS
    """Where it stands in tables: small numbers first."""
    usual: bool = False
    """Whether it is computed where nobody asks for metrics. Only families that come with the harness may."""
    of_words: bool = False
    """Whether it is about words kept, missed and leaked. All its metrics are computed together, and with them a record's
    numbers of words."""
    citation: str = ""
    """The publication to cite for it; empty for one that is defined here."""

    @property
    def names(self) -> tuple[str, ...]:
        """Metrics, then counts."""
        return (*(metric.name for metric in self.metrics), *self.counts)

    @cached_property
    def by_name(self) -> Mapping[str, Metric]:
        """The metrics by their names."""
        return {metric.name: metric for metric in self.metrics}

    @property
    def missing(self) -> list[str]:
        """The modules that are required and not there."""
        return [module for module in self.requires if not _is_there(module)]

    def values(self, case: Case, *, failed: bool = False) -> dict[str, float | None]:
        """The value of each metric and count. failed: of a page whose extractor failed.

        Raises whatever the family's functions raise, KeyError for a name that they leave out, TypeError or ValueError for
        what is no finite number.
        """
        scores: ScoresByMetric
        if not self.applies(case.golden):
            return dict.fromkeys(self.names)
        if not failed:
            scores = self.score(case)
        elif self.failed:
            scores = self.failed(case)
        else:
            counts = self.score(Case(case.golden, "", case.given_words)) if self.counts else {}
            scores = {**counts, **{metric.name: metric.worst for metric in self.metrics}}
        return {name: _number(scores[name]) for name in self.names}


Function = Callable[[Case], float | None]


@overload
def metric(function: Function) -> Family: ...


@overload
def metric(
    *,
    name: str = ...,
    summary: str = ...,
    higher_is_better: bool = ...,
    worst: float | None = ...,
    over: Callable[[Sequence[Scored]], float | None] | None = ...,
    version: int = ...,
    applies: Callable[[Golden], bool] = ...,
    requires: Sequence[str] = ...,
) -> Callable[[Function], Family]: ...


def metric(
    function: Function | None = None,
    *,
    name: str = "",
    summary: str = "",
    higher_is_better: bool = True,
    worst: float | None = None,
    over: Callable[[Sequence[Scored]], float | None] | None = None,
    version: int = 1,
    applies: Callable[[Golden], bool] = has_main_content,
    requires: Sequence[str] = (),
) -> Family | Callable[[Function], Family]:
    """Make a metric of a function that takes a Case and returns a number, or None to leave the page out.

    name: the function's name if not given. summary: the first line of its docstring if not given. worst: 0 if not given,
    or 1 if lower is better. The others are those of Metric and Family. Raises TypeError for what is no function.
    """

    def made(function: Function) -> Family:
        if not callable(function):
            raise TypeError(f"it is of type {type(function).__name__}, not a function of a Case")
        own = name or getattr(function, "__name__", "")
        about = summary or (getattr(function, "__doc__", None) or "").strip().partition("\n")[0].rstrip(".")
        low = (0.0 if higher_is_better else 1.0) if worst is None else worst
        declared = Metric(own, about, higher_is_better, low, over, version)
        return Family((declared,), lambda case: {own: function(case)}, applies=applies, requires=tuple(requires))

    return made if function is None else made(function)


def mean_of(name: str, pages: Sequence[Scored]) -> float | None:
    """The mean of the pages that have a value."""
    values = [value for page in pages if (value := page.scores.get(name)) is not None]
    return statistics.fmean(values) if values else None


def _number(value: Any) -> float | None:
    """A value as it is stored. Raises TypeError or ValueError for what is no finite number."""
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)):
        return value
    if isinstance(value, str):
        raise TypeError(f"its value is {value!r} and no number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"its value is {number}")
    return number


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
