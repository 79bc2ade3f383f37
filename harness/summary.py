"""Means, medians and counts over the records of a run. Every page counts in every mean, failures with the worst value."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.engine.answer import FAILURES
from harness.metrics import METRICS
from harness.store import Record

KEYS: dict[str, Callable[[Record], str]] = {
    "kind": lambda record: record.kind,
    "lang": lambda record: record.lang,
    "set": lambda record: record.golden.rpartition("/")[0],
    "media": lambda record: record.media,
    "site": lambda record: record.site,
}


@dataclass(frozen=True)
class Summary:
    """One extractor over a number of pages.

    answered: pages with text; empty: pages with an answer without text; errors: pages with neither; they add up to
    `pages`. means, medians: over all pages; answered_means: over the answered ones. leaks, misses: words by kind.
    milliseconds: median time of a page in the worker, None if none was measured.
    """

    extractor: str
    pages: int
    answered: int
    empty: int
    outcomes: Mapping[str, int]
    coerced: int
    means: Mapping[str, float]
    medians: Mapping[str, float]
    answered_means: Mapping[str, float]
    leaks: Mapping[str, int]
    misses: Mapping[str, int]
    milliseconds: float | None

    @property
    def errors(self) -> int:
        """Pages whose outcome is neither an answer nor an empty answer."""
        return self.pages - self.answered - self.empty


def summarise(records: Sequence[Record]) -> list[Summary]:
    """A summary for each extractor, the best first."""
    by_extractor: dict[str, list[Record]] = {}
    for record in records:
        by_extractor.setdefault(record.extractor, []).append(record)
    return ranked(_summary(name, rows) for name, rows in by_extractor.items())


def summarise_by(records: Sequence[Record], key: str) -> dict[str, list[Summary]]:
    """Summaries for each value of a key of KEYS, values sorted."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(KEYS[key](record), []).append(record)
    return {value: summarise(groups[value]) for value in sorted(groups)}


def ranking_metric(names: Iterable[str]) -> str:
    """The metric that tables are sorted by: F where it was scored, else the first one."""
    names = list(names)
    return "F" if "F" in names else names[0]


def ranked(summaries: Iterable[Summary]) -> list[Summary]:
    """Summaries with the best first; equals by name."""

    def key(summary: Summary) -> tuple[float, str]:
        metric = METRICS[ranking_metric(summary.means)]
        value = summary.means[metric.name]
        return (-value if metric.higher_is_better else value), summary.extractor

    return sorted(summaries, key=key)


def leading(track: Sequence[Record], references: frozenset[str]) -> str:
    """The best extractor of a track: of those made for it that compete, if there are any."""
    own = [record for record in track if not record.coerced]
    competing = [record for record in own if record.extractor not in references]
    return summarise(competing or own or track)[0].extractor


def worst(records: Iterable[Record], number: int) -> list[Record]:
    """The records that score worst by the ranking metric; failures come first among equals."""

    def key(record: Record) -> tuple[float, bool, str, str]:
        metric = METRICS[ranking_metric(record.scores)]
        value = record.scores[metric.name]
        return (
            (value if metric.higher_is_better else -value),
            record.outcome not in FAILURES,
            record.golden,
            record.extractor,
        )

    return sorted(records, key=key)[:number]


def _summary(name: str, rows: Sequence[Record]) -> Summary:
    metrics = list(rows[0].scores)
    answered = [row for row in rows if row.outcome == "ok"]
    times = [row.timing["wall"] for row in rows if row.timing.get("wall") is not None]
    return Summary(
        extractor=name,
        pages=len(rows),
        answered=len(answered),
        empty=sum(row.outcome == "empty" for row in rows),
        outcomes=dict(sorted(Counter(row.outcome for row in rows).items())),
        coerced=sum(row.coerced for row in rows),
        means={m: statistics.fmean(row.scores[m] for row in rows) for m in metrics},
        medians={m: statistics.median(row.scores[m] for row in rows) for m in metrics},
        answered_means={m: statistics.fmean(row.scores[m] for row in answered) for m in metrics} if answered else {},
        leaks=_total(row.leaks for row in rows),
        misses=_total(row.misses for row in rows),
        milliseconds=1000 * statistics.median(t for t in times if t is not None) if times else None,
    )


def _total(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))
