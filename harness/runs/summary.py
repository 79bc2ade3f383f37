"""Means, medians and counts over the records of a run. Every page counts in every mean, failures with the worst value."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from harness.common.extensions import note
from harness.common.wording import plural
from harness.engine.answer import FAILURES
from harness.metrics import METRICS
from harness.metrics.base import mean_of
from harness.runs.record import Record, Run

KEYS: dict[str, Callable[[Record], str]] = {
    "kind": lambda record: record.kind,
    "lang": lambda record: record.language,
    "set": lambda record: record.set,
    "media": lambda record: record.media,
    "site": lambda record: record.site,
    "size": lambda record: _size(record.page_bytes),
}


@dataclass(frozen=True)
class Cost:
    """Time, memory and money of an extractor, as its workers measured them. None where nothing was measured."""

    milliseconds: float | None
    """Median of the pages, the first page of each worker left out."""
    milliseconds_95: float | None
    """95th percentile of the same pages."""
    first_milliseconds: float | None
    """Median of the first pages of workers, on which libraries load what they need."""
    peak_memory: float | None
    """The most memory that any worker had resident, in bytes."""
    money: float | None
    """Mean cost of a page, in the currency of the extractor, if it names one."""
    tokens_in: float | None
    """Mean number of tokens that a model was given for a page."""
    tokens_out: float | None
    """Mean number of tokens that it wrote for a page."""
    retries: float | None
    """How often a service was asked once more, over all pages."""
    earlier: int
    """Pages whose time was measured in an earlier run; its output came from the cache."""


class MetricValues(Mapping[str, float | None]):
    """The value of each metric, computed when it is asked for; None where no page has one, as of metrics that nobody asked
    the run for."""

    def __init__(self, names: Sequence[str], value_of: Callable[[str], float | None]) -> None:
        """names: of the metrics, in their order."""
        self._names = dict.fromkeys(names)
        self._value_of = value_of
        self._known: dict[str, float | None] = {}

    def __getitem__(self, name: str) -> float | None:
        if name not in self._known:
            if name not in METRICS:
                raise KeyError(name)
            self._known[name] = self._value_of(name) if name in self._names else None
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@dataclass(frozen=True)
class Summary:
    """One extractor over a number of pages, each value computed when it is first asked for.

    A page that was run several times counts once, with the mean of its scores.
    """

    extractor: str
    """Its name."""
    rows: Sequence[Record]
    """Its records, one for each page."""

    @property
    def pages(self) -> int:
        """All pages: `answered`, `empty` and `errors` together."""
        return len(self.rows)

    @cached_property
    def answered(self) -> int:
        """Pages with text."""
        return len(self._answered)

    @cached_property
    def empty(self) -> int:
        """Pages with an answer without text."""
        return sum(row.lacks_text for row in self.rows)

    @property
    def errors(self) -> int:
        """Pages whose outcome is neither an answer nor an empty answer."""
        return self.pages - self.answered - self.empty

    @cached_property
    def outcomes(self) -> Mapping[str, int]:
        """Pages by outcome; where nothing is the right answer, nothing is `ok`."""
        return dict(sorted(Counter("ok" if row.answers else row.outcome for row in self.rows).items()))

    @cached_property
    def coerced(self) -> int:
        """Pages that were converted, since the extractor is made for the other media type."""
        return sum(row.coerced for row in self.rows)

    @cached_property
    def scores(self) -> Mapping[str, float | None]:
        """Each metric over all pages, for most of them the mean (see Metric.over_pages); None where no page has a value."""
        return MetricValues(self._metrics, lambda name: METRICS[name].over_pages(self.rows))

    @cached_property
    def medians(self) -> Mapping[str, float | None]:
        """The median of each metric over all pages; None where no page has a value."""
        return MetricValues(self._metrics, lambda name: _median(name, self.rows))

    @cached_property
    def answered_scores(self) -> Mapping[str, float | None]:
        """Each metric over the answered pages; empty if there are none."""
        return MetricValues(self._metrics if self._answered else [], lambda name: METRICS[name].over_pages(self._answered))

    @cached_property
    def leaks(self) -> Mapping[str, int] | None:
        """Leaked words by where they came from; None where words were not counted."""
        return total_words(row.leaks for row in self.rows) if self._counted else None

    @cached_property
    def misses(self) -> Mapping[str, int] | None:
        """Missed words by kind of text; None where words were not counted."""
        return total_words(row.misses for row in self.rows) if self._counted else None

    @cached_property
    def truncated(self) -> int | None:
        """Pages of which only a part was read, or only a part of the answer came; None if there is none."""
        return sum(row.truncated for row in self.rows) or None

    @cached_property
    def confidence(self) -> float | None:
        """The mean of what the extractor said of how sure it was, over the pages where it did; None if it never did."""
        return _mean_confidence(self.rows)

    @cached_property
    def cost(self) -> Cost:
        """Time and memory, apart from all scores."""
        return _cost(self.rows)

    @cached_property
    def _counted(self) -> bool:
        return any(row.counts for row in self.rows)

    @cached_property
    def _answered(self) -> Sequence[Record]:
        return [row for row in self.rows if row.answers]

    @cached_property
    def _metrics(self) -> Sequence[str]:
        return [name for name in self.rows[0].scores if name in METRICS]


def summarise(records: Sequence[Record]) -> list[Summary]:
    """A summary for each extractor, the best first."""
    by_extractor: dict[str, list[Record]] = {}
    for record in average_repeats(records):
        by_extractor.setdefault(record.extractor, []).append(record)
    return ranked(Summary(name, rows) for name, rows in by_extractor.items())


def summarise_by(records: Sequence[Record], key: str) -> dict[str, list[Summary]]:
    """Summaries for each value of a key of KEYS, values sorted."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(KEYS[key](record), []).append(record)
    return {value: summarise(groups[value]) for value in sorted(groups)}


def ranking_metric(names: Iterable[str]) -> str:
    """The metric that tables are sorted by: F where it was scored, else the first F of a benchmark, else the first one.

    Where none is known here, it is F all the same, of which nothing has a value.
    """
    names = [name for name in names if name in METRICS] or ["F"]
    return next((name for name in names if name == "F"), next((name for name in names if name.endswith(".F")), names[0]))


def metrics_with_values(scores: Mapping[str, float | None]) -> list[str]:
    """The metrics that have a value; all of them if none has. Only metrics that are known here."""
    known = [name for name in scores if name in METRICS]
    return [name for name in known if scores[name] is not None] or known


def ranking_metric_of(pages: Sequence[Mapping[str, float | None]]) -> str:
    """The metric that tables are sorted by, of those that have a value on one of the pages at least."""
    if any(scores.get("F") is not None for scores in pages):
        return "F"  # as below, without a look at all others
    return ranking_metric(dict.fromkeys(name for scores in pages for name in metrics_with_values(scores)))


def note_unknown_metrics(run: Run) -> None:
    """Report metrics of a run that are not known here, since they are not shown."""
    unknown = [name for name in run.header.metrics if name not in METRICS]
    if unknown:
        sources = run.header.metric_sources
        named = ", ".join(f"{name} ({sources[name]})" if name in sources else name for name in unknown)
        note(f"run {run.id} was scored by metrics that are not known here and not shown: {named}")


def metric_failures(records: Iterable[Record]) -> list[str]:
    """Which metrics failed, why, and on how many outputs, a line for each."""
    failed: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        for metric, reason in record.unscored.items():
            failed.setdefault((metric, reason), []).append(record)
    return [
        f"metric {metric} failed on {plural(len(where), 'output')} and has no value there: {reason} "
        f"(first: {where[0].extractor} on {where[0].golden})"
        for (metric, reason), where in failed.items()
    ]


def failures(records: Iterable[Record]) -> dict[str, str]:
    """Extractors that failed on pages, by name: on how many of how many, and the reason of most of them, in a line."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if record.repeat == 0:
            found.setdefault(record.extractor, []).append(record)
    return {name: line for name, rows in found.items() if (line := _failure(rows))}


def retries(records: Iterable[Record]) -> dict[str, str]:
    """Extractors of which pages were given to a new worker, by name: how many of how many, and why most of them were."""
    found: dict[str, list[str]] = {}
    for record in records:
        found.setdefault(record.extractor, []).append(record.retried)
    return {name: _most(reasons, len(reasons), "output") for name, reasons in found.items() if any(reasons)}


def earlier_times(summaries: Sequence[Summary]) -> str:
    """Whose times were measured in earlier runs, in a line; empty if all are of this one."""
    if summaries and all(summary.cost.earlier == summary.pages for summary in summaries):
        return "all times are of earlier runs (measure them by: harness run --fresh)"
    known = [
        summary.extractor + (f" {earlier} of {plural(summary.pages, 'page')}" if earlier < summary.pages else "")
        for summary in summaries
        if (earlier := summary.cost.earlier)
    ]
    return f"times of earlier runs (measure all by: harness run --fresh): {', '.join(known)}" if known else ""


def _failure(rows: Sequence[Record]) -> str:
    reasons = [row.error.partition("\n")[0] or row.outcome for row in rows if row.outcome in FAILURES]
    return _most(reasons, len(rows), "page") if reasons else ""


def _most(reasons: Iterable[str], of: int, what: str) -> str:
    """`2 of 5 pages: REASON`, with the one that is found most often; empty reasons do not count."""
    counted = Counter(filter(None, reasons))
    reason, number = counted.most_common(1)[0]
    others = counted.total() - number
    more = f" (another reason on {plural(others, what)})" if others else ""
    return f"{counted.total()} of {plural(of, what)}: {reason}{more}"


def ranked(summaries: Iterable[Summary]) -> list[Summary]:
    """Summaries with the best first; equals by name."""

    def key(summary: Summary) -> tuple[float, str]:
        metric = METRICS[ranking_metric_of([summary.scores])]
        value = summary.scores[metric.name]
        return (0.0 if value is None else -value if metric.higher_is_better else value), summary.extractor

    return sorted(summaries, key=key)


def best_extractor(track: Sequence[Record], references: frozenset[str]) -> str:
    """The best extractor of a track: of those made for it that compete, if there are any."""
    own = [record for record in track if not record.coerced]
    competing = [record for record in own if record.extractor not in references]
    return summarise(competing or own or track)[0].extractor


def worst_pages(records: Iterable[Record], number: int, metric_name: str | None = None) -> list[Record]:
    """The pages that score worst by a metric, else the ranking metric, where it has a value; failures come first among
    equals."""
    pages = average_repeats(records)
    metric = METRICS[metric_name or ranking_metric_of([record.scores for record in pages])]

    def key(page: tuple[float, Record]) -> tuple[float, bool, str, str]:
        value, record = page
        better = value if metric.higher_is_better else -value
        return better, record.outcome not in FAILURES, record.golden, record.extractor

    valued = ((value, record) for record in pages if (value := record.scores.get(metric.name)) is not None)
    return [record for _, record in sorted(valued, key=key)[:number]]


def average_repeats(records: Iterable[Record]) -> list[Record]:
    """One record for each extractor and page: of a page that was run several times, the mean of its repeats.

    Its outcome is the worst one: a failure is worse than an empty answer, which is worse than an answer. Its text is that of
    the first repeat.
    """
    pages: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        pages.setdefault((record.extractor, record.golden), []).append(record)
    return [rows[0] if len(rows) == 1 else _average(sorted(rows, key=lambda row: row.repeat)) for rows in pages.values()]


def _average(rows: Sequence[Record]) -> Record:
    worst_row = max(rows, key=lambda row: (row.outcome in FAILURES, row.outcome == "empty"))
    return replace(
        rows[0],
        outcome=worst_row.outcome,
        error=worst_row.error,
        scores={name: mean_of(name, rows) for name in rows[0].scores},
        counts=_mean_counts([row.counts for row in rows]),
        leaks=_mean_counts([row.leaks for row in rows]),
        misses=_mean_counts([row.misses for row in rows]),
        frees=_mean_counts([row.frees for row in rows]),
        timing=_mean_timing([row.timing for row in rows]),
        confidence=_mean_confidence(rows),
        truncated=any(row.truncated for row in rows),
        cached=any(row.cached for row in rows),
    )


def _mean_confidence(rows: Sequence[Record]) -> float | None:
    told = [row.confidence for row in rows if row.confidence is not None]
    return statistics.fmean(told) if told else None


def _mean_counts(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Whole words, so that shares add up."""
    return {name: round(total / len(counts)) for name, total in total_words(counts).items()}


def _mean_timing(timings: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    measured: dict[str, list[float]] = {}
    for timing in timings:
        for name, value in timing.items():
            if value is not None:
                measured.setdefault(name, []).append(value)
    return {name: statistics.fmean(values) for name, values in measured.items()}


def _median(name: str, rows: Sequence[Record]) -> float | None:
    values = [value for row in rows if (value := row.scores.get(name)) is not None]
    return statistics.median(values) if values else None


def total_words(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Words of pages by kind, added up, kinds sorted."""
    total: dict[str, int] = {}
    for count in counts:
        for kind, words in count.items():
            total[kind] = total.get(kind, 0) + words
    return dict(sorted(total.items()))


def _cost(rows: Sequence[Record]) -> Cost:
    def values_of(name: str) -> list[float]:
        return sorted(value for row in rows if (value := row.timing.get(name)) is not None)

    times, first, memory, money = (values_of(name) for name in ("wall", "first_wall", "peak_memory", "cost"))
    read, written, retries = (values_of(name) for name in ("tokens_in", "tokens_out", "retries"))
    return Cost(
        milliseconds=1000 * statistics.median(times) if times else None,
        milliseconds_95=1000 * times[math.ceil(0.95 * len(times)) - 1] if times else None,
        first_milliseconds=1000 * statistics.median(first) if first else None,
        peak_memory=memory[-1] if memory else None,
        money=sum(money) / len(rows) if money else None,
        tokens_in=sum(read) / len(rows) if read else None,
        tokens_out=sum(written) / len(rows) if written else None,
        retries=sum(retries) if retries else None,
        earlier=sum(row.cached and any(value is not None for value in row.timing.values()) for row in rows),
    )


def _size(page_bytes: int) -> str:
    """The class of a page's size; classes sort as text."""
    limits = ((10_000, "1: below 10 KB"), (50_000, "2: 10 to 50 KB"), (200_000, "3: 50 to 200 KB"))
    return next((name for limit, name in limits if page_bytes < limit), "4: above 200 KB")
