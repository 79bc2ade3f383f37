"""Whether B is better than A, page by page: two extractors of a run, or the same extractors in two runs (docs/compare.md).

A difference is always B minus A, on the pages where both were measured by the same golden and the same definitions. HTML
pages and text dumps are compared apart, as in the result table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from harness import stats
from harness.analysis.history import NOTICEABLE
from harness.metrics import METRICS
from harness.metrics.base import Metric, ScoredPage
from harness.metrics.page_values import page_values, with_value
from harness.runs.comparable import why_not, why_not_golden
from harness.runs.record import Record, Run
from harness.runs.summary import KEYS, average_repeats, total_words
from harness.stats import Estimate

Conclusion = Literal["B better", "A better", "same", "not told apart", "too few pages"]

MATTERS = 0.02  # difference of means that a set of pages must be able to show before "not told apart" says something
TESTABLE = 6  # sites that differ, from which on the test by site can reach ALPHA
BY = ("kind", "lang", "set")
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
    """The metric of A over these pages."""
    second: float
    """The metric of B over these pages."""
    estimate: Estimate
    """Of B minus A."""
    differing: int
    """Sites on which they differ."""
    p: float | None
    """Of the permutation test by site; None where the metric is not defined without some of the sites."""
    adjusted: float | None
    """The same, adjusted by Holm for the number of rows in one table."""
    detectable: float | None
    """The true difference that such pages would show, by `adjusted`, in 80 % of cases or more; None if there is none."""
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
class TrackComparison:
    """A and B on the pages of one track."""

    whole: Difference
    """Over all pages."""
    by: Mapping[str, tuple[Difference, ...]]
    """The same for each value of a key of BY, for the keys that have several values."""
    leaks: tuple[KindCount, ...]
    """Leaked words by kind, the largest change first."""
    misses: tuple[KindCount, ...]
    """Missed words by kind, the largest change first."""
    failed: tuple[int, int]
    """Pages of A and of B without an answer."""
    converted: tuple[int, int]
    """Pages that were converted for A and for B."""
    won: tuple[PageChange, ...]
    """Pages on which B is better by most."""
    lost: tuple[PageChange, ...]
    """Pages on which A is better by most."""


@dataclass(frozen=True)
class Compared:
    """Two extractors, or one extractor in two runs, compared page by page."""

    first: Side
    """A."""
    second: Side
    """B."""
    tracks: Mapping[str, TrackComparison]
    """By media type of the pages, HTML pages first; empty where no page can be compared."""
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

    names: of the runs, for `harness show`. In each track, Holm's adjustment counts all pairs together, and the values of
    one key of one pair together.
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
    found = _differences(joined, METRICS[metric])
    return [_compared(pair, found.get(number, {}), METRICS[metric]) for number, pair in enumerate(joined)]


def values_in_common(first: Run, second: Run, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The metrics that have a value for both sides of every pair, in the order of METRICS."""

    sides = _valued(first), _valued(second)
    common = set(METRICS).intersection(*(sides[0].get(a, set()) & sides[1].get(b, set()) for a, b in pairs))
    return [name for name in METRICS if name in common]


def _valued(run: Run) -> dict[str, set[str]]:
    """The metrics that have a value on one of its pages, by extractor."""
    found: dict[str, set[str]] = {}
    for record in run.records:
        found.setdefault(record.extractor, set()).update(
            [name for name, value in record.scores.items() if value is not None]
        )
    return found


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
        elif unranked and a[golden_id].set in unranked:
            yield golden_id, "their main content is the output of an extractor"
        elif _without_value(METRICS[metric], a[golden_id], b[golden_id]):
            yield golden_id, f"{metric} has no value"


def _without_value(metric: Metric, a: Record, b: Record) -> bool:
    """Whether a page does not count: for a mean both must have a value, any other metric may use a page where one has."""
    missing = [record.scores.get(metric.name) is None for record in (a, b)]
    return any(missing) if metric.over is None else all(missing)


def _grouped(reasons: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for golden_id, reason in reasons.items():
        groups.setdefault(reason, []).append(golden_id)
    return groups


@dataclass(frozen=True)
class _Slice:
    """Some pages of a pair: all of a track, or those with one value of a key."""

    pair: int
    track: str
    key: str
    name: str
    first: Mapping[str, ScoredPage]
    """What A scored, by golden."""
    second: Mapping[str, ScoredPage]
    """What B scored, by golden."""

    @property
    def table(self) -> tuple[str, str, int]:
        """The table that it is a row of: all pairs of a track are in one."""
        return self.track, self.key, self.pair if self.key else -1

    def differs(self, golden_id: str, metric: str) -> bool:
        """Whether A and B have different values of a metric on a page."""
        return self.first[golden_id].scores.get(metric) != self.second[golden_id].scores.get(metric)


def _rows(pairs: Sequence[_Pair], metric: Metric) -> Iterator[_Slice]:
    """Every pair over all pages of a track, and by every key that has several values."""
    for number, pair in enumerate(pairs):
        scored = {golden: (_scored(a, metric), _scored(b, metric)) for golden, (a, b) in pair.records.items()}
        for track in sorted({record.media for record, _ in pair.records.values()}):
            ids = sorted(golden_id for golden_id, (record, _) in pair.records.items() if record.media == track)
            groups = {("", ""): ids}
            for key in BY:
                values: dict[str, list[str]] = {}
                for golden_id in ids:
                    values.setdefault(KEYS[key](pair.records[golden_id][0]), []).append(golden_id)
                if len(values) > 1:
                    groups |= {(key, value): values[value] for value in sorted(values)}
            for (key, value), own in groups.items():
                first, second = ({golden: scored[golden][side] for golden in own} for side in (0, 1))
                if all(metric.over_pages(list(side.values())) is not None for side in (first, second)):
                    yield _Slice(number, track, key, value, first, second)


def _differences(pairs: Sequence[_Pair], metric: Metric) -> dict[int, dict[str, dict[str, list[Difference]]]]:
    """By pair, track and key, `` for all pages, the difference of each row."""
    found: dict[int, dict[str, dict[str, list[Difference]]]] = {}
    by_track: dict[str, list[_Slice]] = {}
    for row in _rows(pairs, metric):
        by_track.setdefault(row.track, []).append(row)
    for rows in by_track.values():
        about = {golden_id: pairs[row.pair].records[golden_id][0] for row in rows for golden_id in row.first}
        for row, test in zip(rows, _tests(rows, about, metric)):
            differing = {(about[page].set, about[page].site) for page in row.first if row.differs(page, metric.name)}
            tables = found.setdefault(row.pair, {}).setdefault(row.track, {})
            tables.setdefault(row.key, []).append(_difference(row, test, len(differing), metric))
    return found


def _tests(rows: Sequence[_Slice], about: Mapping[str, Record], metric: Metric) -> list[stats.Comparison]:
    """B minus A of each row. about: a record of each page."""
    ids = sorted(about)
    sites = stats.sites_of([about[golden_id].site for golden_id in ids], [about[golden_id].set for golden_id in ids])
    columns = [[side.get(golden_id) for golden_id in ids] for row in rows for side in (row.first, row.second)]
    return stats.compare(
        page_values(metric, columns, sites),
        sites,
        [(2 * number + 1, 2 * number) for number in range(len(rows))],
        families=[row.table for row in rows],
    )


def _difference(row: _Slice, test: stats.Comparison, differing: int, metric: Metric) -> Difference:
    first, second = (metric.over_pages(list(side.values())) for side in (row.first, row.second))
    assert first is not None and second is not None, "rows without a value are left out"
    sign = 1 if metric.higher_is_better else -1
    gains = [sign * (b - a) for a, b in _values(row, metric)]
    won, lost = sum(gain >= NOTICEABLE for gain in gains), sum(gain <= -NOTICEABLE for gain in gains)
    verdict: Conclusion
    if not differing:
        verdict = "same"
    elif test.adjusted is not None and test.adjusted <= stats.ALPHA:
        verdict = "B better" if sign * (second - first) > 0 else "A better"
    elif differing >= TESTABLE and test.detectable is not None and test.detectable <= MATTERS:
        verdict = "not told apart"
    else:
        verdict = "too few pages"
    return Difference(
        name=row.name,
        pages=len(row.first),
        first=first,
        second=second,
        estimate=with_value(test.difference, second - first),
        differing=differing,
        p=test.p,
        adjusted=test.adjusted,
        detectable=test.detectable,
        won=won,
        tied=len(gains) - won - lost,
        lost=lost,
        verdict=verdict,
    )


def _compared(pair: _Pair, tracks: Mapping[str, Mapping[str, Sequence[Difference]]], metric: Metric) -> Compared:
    left_out = dict(pair.left_out)
    if unvalued := sorted(golden for golden, (record, _) in pair.records.items() if "" not in tracks.get(record.media, {})):
        left_out[f"{metric.name} has no value over them"] = tuple(unvalued)
    return Compared(
        first=pair.first,
        second=pair.second,
        tracks={track: _track(pair, track, tracks[track], metric) for track in sorted(tracks) if "" in tracks[track]},
        left_out=left_out,
    )


def _track(pair: _Pair, track: str, found: Mapping[str, Sequence[Difference]], metric: Metric) -> TrackComparison:
    records = {golden: both for golden, both in pair.records.items() if both[0].media == track}
    firsts, seconds = [a for a, _ in records.values()], [b for _, b in records.values()]
    counted = [(a, b) for a, b in records.values() if a.counts and b.counts]
    changes = sorted(_changes(records, metric), key=lambda change: (-abs(change.gain), change.golden))
    return TrackComparison(
        whole=found[""][0],
        by={key: tuple(found[key]) for key in BY if key in found},
        leaks=_words([a.leaks for a, _ in counted], [b.leaks for _, b in counted]),
        misses=_words([a.misses for a, _ in counted], [b.misses for _, b in counted]),
        failed=(sum(not record.answers for record in firsts), sum(not record.answers for record in seconds)),
        converted=(sum(record.coerced for record in firsts), sum(record.coerced for record in seconds)),
        won=tuple(change for change in changes if change.gain >= NOTICEABLE)[:LARGEST],
        lost=tuple(change for change in changes if change.gain <= -NOTICEABLE)[:LARGEST],
    )


def _changes(records: Mapping[str, tuple[Record, Record]], metric: Metric) -> Iterator[PageChange]:
    for golden_id, (a, b) in records.items():
        first, second = _rounded(a.scores.get(metric.name)), _rounded(b.scores.get(metric.name))
        if first is not None and second is not None:
            gain = second - first if metric.higher_is_better else first - second
            yield PageChange(golden_id, a.kind, first, second, gain, (a.outcome, b.outcome))


def _words(first: Iterable[Mapping[str, int]], second: Iterable[Mapping[str, int]]) -> tuple[KindCount, ...]:
    before, after = total_words(first), total_words(second)
    words = (KindCount(kind, before.get(kind, 0), after.get(kind, 0)) for kind in {*before, *after})
    return tuple(sorted(words, key=lambda w: (-abs(w.second - w.first), w.kind)))


def _values(row: _Slice, metric: Metric) -> Iterator[tuple[float, float]]:
    """The values of A and B on each page where both have one."""
    for golden_id, page in row.first.items():
        a, b = page.scores.get(metric.name), row.second[golden_id].scores.get(metric.name)
        if a is not None and b is not None:
            yield a, b


def _scored(record: Record, metric: Metric) -> ScoredPage:
    """What a page scored, to the digits that count: by the metric, and by all that its value over pages may depend on."""
    if metric.over is None:
        return ScoredPage({metric.name: _rounded(record.scores.get(metric.name))}, record.set)
    return ScoredPage({name: _rounded(value) for name, value in record.scores.items()}, record.set)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
