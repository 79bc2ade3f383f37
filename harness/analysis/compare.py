"""Whether B is better than A, page by page: two extractors of a run, or the same extractors in two runs (docs/compare.md).

A difference is always B minus A, on the pages where both were measured by the same golden and the same definitions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from harness import stats
from harness.analysis.history import NOTICEABLE
from harness.metrics import METRICS
from harness.runs.comparable import why_not, why_not_golden
from harness.runs.record import Record, Run
from harness.runs.summary import KEYS, average_repeats
from harness.stats import Estimate
from harness.stats.sites import Floats

Conclusion = Literal["B better", "A better", "same", "not told apart", "too few pages"]

MATTERS = 0.02  # difference of means that a set of pages must be able to show before "not told apart" says something
TESTABLE = 6  # sites that differ, from which on the test by site can reach ALPHA
BY = ("kind", "lang", "set", "media")
LARGEST = 5  # pages named each way

_DIGITS = 9  # of a score, as many as a baseline has; in the rest machines may differ


@dataclass(frozen=True)
class Side:
    """One of the two that are compared."""

    run: str
    """The name of its run, as `harness show` takes it."""
    extractor: str
    """The extractor's name."""
    version: str | None
    """None where unknown."""


@dataclass(frozen=True)
class Difference:
    """A and B over some pages."""

    name: str
    """Which pages: the name of a kind, a language …, empty for all."""
    pages: int
    """Pages that both have."""
    first: float
    """The mean of A."""
    second: float
    """The mean of B."""
    estimate: Estimate
    """Of B minus A."""
    differing: int
    """Sites on which they differ."""
    p: float
    """Of the permutation test by site."""
    adjusted: float
    """The same, adjusted by Holm for the number of rows in one table."""
    detectable: float | None
    """The true difference that such pages would show in 80 % of cases; None without a standard error."""
    won: int
    """Pages on which B is noticeably better."""
    tied: int
    """Pages on which the two are about as good."""
    lost: int
    """Pages on which A is noticeably better."""
    verdict: Conclusion
    """What can be said of the difference."""


@dataclass(frozen=True)
class KindCount:
    """How many words of one kind of text A and B leaked, or missed, on the pages compared."""

    kind: str
    """The kind of text."""
    first: int
    """Words of A."""
    second: int
    """Words of B."""


@dataclass(frozen=True)
class PageChange:
    """A page with the values of A and B."""

    golden: str
    """The golden's id."""
    kind: str
    """The kind of page."""
    first: float
    """The value of A."""
    second: float
    """The value of B."""
    gain: float
    """By how much B is better; negative if A is."""
    outcomes: tuple[str, str]
    """Of A and of B."""


@dataclass(frozen=True)
class Compared:
    """A and B compared."""

    first: Side
    """A."""
    second: Side
    """B."""
    whole: Difference | None
    """Over all pages; None where no page can be compared."""
    by: Mapping[str, tuple[Difference, ...]]
    """The same for each value of a key of BY, for the keys that have several values."""
    leaks: tuple[KindCount, ...]
    """Leaked words by kind, the largest change first."""
    misses: tuple[KindCount, ...]
    """Missed words by kind, the largest change first."""
    failed: tuple[int, int]
    """Pages of A and of B without text."""
    converted: tuple[int, int]
    """Pages that were converted for A and for B."""
    won: tuple[PageChange, ...]
    """Pages on which B is better by most."""
    lost: tuple[PageChange, ...]
    """Pages on which A is better by most."""
    left_out: Mapping[str, tuple[str, ...]]
    """Ids of the pages that are not compared, by the reason."""


@dataclass(frozen=True)
class _Pair:
    """The records of A and of B."""

    first: Side
    second: Side
    records: Mapping[str, tuple[Record, Record]]
    """Those that can be compared, by golden."""
    left_out: Mapping[str, tuple[str, ...]]
    """Ids of the others, by the reason."""


def pages_of(run: Run) -> Mapping[str, Mapping[str, Record]]:
    """A run's records, the mean of repeats, by extractor and golden."""
    pages: dict[str, dict[str, Record]] = {}
    for record in average_repeats(run.records):
        pages.setdefault(record.extractor, {})[record.golden] = record
    return pages


def compare(
    first: Run,
    second: Run,
    pairs: Sequence[tuple[str, str]],
    metric: str,
    *,
    names: tuple[str, str] | None = None,
) -> list[Compared]:
    """Extractors of the first run compared with extractors of the second, which may be the same run.

    names: of the runs, for `harness show`. Holm's adjustment counts all pairs together, and the values of one key of one
    pair together.
    """
    shown = names or (first.id, second.id)
    rows = pages_of(first), pages_of(second)
    joined = []
    for a, b in pairs:
        sides = Side(shown[0], a, first.versions.get(a)), Side(shown[1], b, second.versions.get(b))
        reasons = dict(_left_out(first, second, rows[0].get(a, {}), rows[1].get(b, {}), metric))
        joined.append(
            _Pair(
                *sides,
                {
                    golden_id: (record, rows[1][b][golden_id])
                    for golden_id, record in rows[0].get(a, {}).items()
                    if golden_id not in reasons
                },
                {reason: tuple(sorted(ids)) for reason, ids in _grouped(reasons).items()},
            )
        )
    found = _differences(joined, metric)
    return [_compared(pair, found.get(number, {}), metric) for number, pair in enumerate(joined)]


def values_in_common(first: Run, second: Run, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The metrics that have a value for both sides of every pair, in the order of METRICS."""

    def valued(run: Run, extractor: str) -> set[str]:
        own = (record for record in run.records if record.extractor == extractor)
        return {name for record in own for name, value in record.scores.items() if value is not None}

    common = set(METRICS).intersection(*(valued(first, a) & valued(second, b) for a, b in pairs))
    return [name for name in METRICS if name in common]


def _left_out(
    first: Run, second: Run, a: Mapping[str, Record], b: Mapping[str, Record], metric: str
) -> Iterator[tuple[str, str]]:
    """Each golden that cannot be compared, with the reason."""
    unranked = {*first.header.unranked, *second.header.unranked}
    redefined = why_not(first.header, second.header, metric=metric)
    for golden_id in sorted({*a, *b}):
        if golden_id not in a or golden_id not in b:
            yield golden_id, "only A has them" if golden_id in a else "only B has them"
        elif redefined:
            yield golden_id, redefined
        elif why := why_not_golden(first.header.golden(golden_id), second.header.golden(golden_id)):
            yield golden_id, why
        elif a[golden_id].set in unranked:
            yield golden_id, "their main content is the output of an extractor"
        elif a[golden_id].scores.get(metric) is None or b[golden_id].scores.get(metric) is None:
            yield golden_id, f"{metric} has no value"


def _grouped(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for golden_id, reason in reasons.items():
        groups.setdefault(reason, []).append(golden_id)
    return groups


@dataclass(frozen=True)
class _Slice:
    """Some pages of a pair: all, or those with one value of a key."""

    pair: int
    key: str
    name: str
    ids: tuple[str, ...]


def _rows(pairs: Sequence[_Pair]) -> Iterator[_Slice]:
    """Every pair over all its pages, and by every key that has several values."""
    for number, pair in enumerate(pairs):
        if pair.records:
            yield _Slice(number, "", "", tuple(sorted(pair.records)))
        for key in BY:
            values: dict[str, list[str]] = {}
            for golden_id in sorted(pair.records):
                values.setdefault(KEYS[key](pair.records[golden_id][0]), []).append(golden_id)
            if len(values) > 1:
                yield from (_Slice(number, key, value, tuple(values[value])) for value in sorted(values))


def _differences(pairs: Sequence[_Pair], metric: str) -> dict[int, dict[str, list[Difference]]]:
    """By pair and key, `` for all pages, the difference of each row."""
    rows = list(_rows(pairs))
    about = {golden_id: record for pair in pairs for golden_id, (record, _) in pair.records.items()}
    number = {golden_id: index for index, golden_id in enumerate(sorted(about))}
    scores = np.full((len(number), 2 * len(rows)), math.nan)
    for column, row in enumerate(rows):
        for golden_id in row.ids:
            scores[number[golden_id], 2 * column : 2 * column + 2] = _values(pairs[row.pair].records[golden_id], metric)
    sites = stats.sites_of([about[golden_id].site for golden_id in number], [about[golden_id].set for golden_id in number])
    tests = stats.compare(scores, sites, [(2 * column + 1, 2 * column) for column in range(len(rows))])
    tables: dict[tuple[int, str], list[int]] = {}
    for column, row in enumerate(rows):
        tables.setdefault((row.pair, row.key) if row.key else (-1, ""), []).append(column)
    found: dict[int, dict[str, list[Difference]]] = {}
    for columns in tables.values():
        for column, adjusted in zip(columns, stats.holm([tests[column].p for column in columns])):
            row = rows[column]
            known = scores[[number[golden_id] for golden_id in row.ids], 2 * column : 2 * column + 2]
            moved = sites.sums(np.nan_to_num(scores[:, [2 * column + 1]] - scores[:, [2 * column]]))
            differing = int((np.abs(moved) > 10**-_DIGITS).sum())
            difference = _difference(row.name, known, differing, tests[column], adjusted, METRICS[metric].higher_is_better)
            found.setdefault(row.pair, {}).setdefault(row.key, []).append(difference)
    return found


def _difference(
    name: str, scores: Floats, differing: int, test: stats.Comparison, adjusted: float | None, higher: bool
) -> Difference:
    """scores: of A and B, a row for each page."""
    value = test.difference.value
    assert value is not None and test.p is not None and adjusted is not None, "a row has pages, and they have values"
    gains = (scores[:, 1] - scores[:, 0]) * (1 if higher else -1)
    won, lost = int((gains >= NOTICEABLE).sum()), int((gains <= -NOTICEABLE).sum())
    verdict: Conclusion
    if not gains.any():
        verdict = "same"
    elif adjusted <= stats.ALPHA:
        verdict = "B better" if (value > 0) == higher else "A better"
    elif differing >= TESTABLE and test.detectable is not None and test.detectable <= MATTERS:
        verdict = "not told apart"
    else:
        verdict = "too few pages"
    return Difference(
        name=name,
        pages=len(scores),
        first=float(scores[:, 0].mean()),
        second=float(scores[:, 1].mean()),
        estimate=test.difference,
        differing=differing,
        p=test.p,
        adjusted=adjusted,
        detectable=test.detectable,
        won=won,
        tied=len(scores) - won - lost,
        lost=lost,
        verdict=verdict,
    )


def _compared(pair: _Pair, found: Mapping[str, Sequence[Difference]], metric: str) -> Compared:
    firsts, seconds = [a for a, _ in pair.records.values()], [b for _, b in pair.records.values()]
    changes = sorted(_changes(pair, metric), key=lambda change: (-abs(change.gain), change.golden))
    return Compared(
        first=pair.first,
        second=pair.second,
        whole=found[""][0] if found else None,
        by={key: tuple(found[key]) for key in BY if key in found},
        leaks=_words([record.leaks for record in firsts], [record.leaks for record in seconds]),
        misses=_words([record.misses for record in firsts], [record.misses for record in seconds]),
        failed=(sum(record.outcome != "ok" for record in firsts), sum(record.outcome != "ok" for record in seconds)),
        converted=(sum(record.coerced for record in firsts), sum(record.coerced for record in seconds)),
        won=tuple(change for change in changes if change.gain >= NOTICEABLE)[:LARGEST],
        lost=tuple(change for change in changes if change.gain <= -NOTICEABLE)[:LARGEST],
        left_out=pair.left_out,
    )


def _changes(pair: _Pair, metric: str) -> Iterator[PageChange]:
    for golden_id, (a, b) in pair.records.items():
        first, second = _values((a, b), metric)
        gain = second - first if METRICS[metric].higher_is_better else first - second
        yield PageChange(golden_id, a.kind, first, second, gain, (a.outcome, b.outcome))


def _words(first: Iterable[Mapping[str, int]], second: Iterable[Mapping[str, int]]) -> tuple[KindCount, ...]:
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for total, counts in ((before, first), (after, second)):
        for count in counts:
            total.update(count)
    words = (KindCount(kind, before[kind], after[kind]) for kind in {*before, *after})
    return tuple(sorted(words, key=lambda w: (-abs(w.second - w.first), w.kind)))


def _values(records: tuple[Record, Record], metric: str) -> tuple[float, float]:
    """The values of A and B, to the digits that count."""
    first, second = (record.scores[metric] for record in records)
    assert first is not None and second is not None, "pages without a value are left out"
    return round(first, _DIGITS), round(second, _DIGITS)
