"""What a metric is."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from harness.alignment.align import Alignment, PageWords, align
from harness.goldens.golden import Golden

Scores = Mapping[str, float | None]


@dataclass(frozen=True)
class Case:
    """An output and the golden that it is compared with.

    text: the output as plain text. markup: the output as HTML where the extractor returned HTML or Markdown, else None.
    markdown: the output as it is where the extractor returned Markdown, else None.
    words: the words of the golden's page (see harness.alignment.align.page_words).
    """

    golden: Golden
    text: str
    words: PageWords
    markup: str | None = None
    markdown: str | None = None

    @cached_property
    def alignment(self) -> Alignment:
        """The output laid beside the golden."""
        return align(self.words, self.text)


class Scored(Protocol):
    """What the value of a metric over many pages is computed from: the scores of one page, and the set it is of."""

    @property
    def scores(self) -> Scores:
        """The page's value of each metric and count; None where the definition leaves it out."""

    @property
    def set(self) -> str:
        """The set that the page's golden belongs to."""


def has_main_content(golden: Golden) -> bool:
    """Whether a metric that needs the whole main content can be computed."""
    return golden.has_main_content


@dataclass(frozen=True)
class Metric:
    """A number for one output against its golden.

    `worst` is what a page scores whose extractor failed; `higher_is_better` says which way to sort. All metrics are
    best at 1 or, if lower is better, at 0. `over`, where given, computes the value over many pages; without it that is
    the mean of the pages that have one.
    """

    name: str
    summary: str
    higher_is_better: bool
    worst: float
    over: Callable[[Sequence[Scored]], float | None] | None = None

    @property
    def best(self) -> float:
        """What an output scores that is just the main content."""
        return 1.0 if self.higher_is_better else 0.0

    def over_pages(self, pages: Sequence[Scored]) -> float | None:
        """The metric's value over many pages; None if it is defined on none of them."""
        return self.over(pages) if self.over else mean_of(self.name, pages)


@dataclass(frozen=True)
class Family:
    """Metrics that one function computes together.

    score: the values of one output, one for each metric and each name in `counts`; None where the definition of a public
    benchmark leaves a page out. counts: numbers of one page that are no metrics, which values over many pages are
    computed from. applies: whether a golden has what is needed; if not, all values are None. failed: the values of a
    page whose extractor failed; without it those are the metrics' worst ones, and the counts are those of an empty output.
    requires: modules that must be importable, which come with the extra `benchmarks`.
    """

    metrics: tuple[Metric, ...]
    score: Callable[[Case], Scores]
    counts: tuple[str, ...] = ()
    applies: Callable[[Golden], bool] = has_main_content
    requires: tuple[str, ...] = ()
    failed: Callable[[Case], Scores] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Metrics, then counts."""
        return (*(metric.name for metric in self.metrics), *self.counts)


def mean_of(name: str, pages: Sequence[Scored]) -> float | None:
    """The mean of the pages that have a value."""
    values = [value for page in pages if (value := page.scores.get(name)) is not None]
    return statistics.fmean(values) if values else None
