"""The leaderboard of a track: means with intervals, ranks that the data supports, the trade of quality for time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from harness.common.wording import plural
from harness.metrics.base import Metric
from harness.metrics.page_values import estimates_of, page_values
from harness.report.kit.numbers import number
from harness.runs.record import Record
from harness.runs.summary import Summary, summarise
from harness.scorecard.values.track import LeaderboardRow
from harness.stats import ALPHA, Comparison, Estimate, compare, ranks, sites_of
from harness.stats.sites import Sites

UNRANKED = "the main content of these pages is the output of an extractor, which no other can be ranked by"


@dataclass(frozen=True)
class Board:
    """A leaderboard, and what the comparison of those who compete says of the leader."""

    lines: tuple[LeaderboardRow, ...]
    """Those who compete first, by rank and then by mean."""
    leader: LeaderboardRow
    """Who has the best mean of those who compete."""
    tied: tuple[str, ...] | None
    """Extractors that the data cannot tell from the leader; None where no test is possible."""
    detectable: float | None
    """The true difference that these pages would show in at least four of five cases, for the least certain comparison."""
    no_interval: str
    """Why there are no intervals, or empty."""
    sites: int
    """Sites of the pages that are ranked."""


def board(
    records: Sequence[Record],
    metric: Metric,
    versions: Mapping[str, str | None],
    references: frozenset[str],
    *,
    ranked: bool,
    timed_together: bool,
) -> Board:
    """The leaderboard of the records of one track, of which each extractor and page has one.

    ranked: whether the pages can rank extractors. timed_together: whether all times are of one run, and can be compared.
    """
    summaries = {summary.extractor: summary for summary in summarise(records)}
    names = sorted(summaries)
    columns, sites = columns_of(records, names)
    found = estimates_of(metric, columns, sites)
    lines = {
        name: _line(summaries[name], metric.name, versions.get(name), name in references, estimate)
        for name, estimate in zip(names, found)
    }
    competing = [name for name in names if lines[name].competes]
    comparisons: list[Comparison] = []
    if ranked and len(competing) > 1:
        own = [columns[names.index(name)] for name in competing]
        comparisons = compare(page_values(metric, own, sites), sites)
        places = ranks(len(competing), comparisons, higher_is_better=metric.higher_is_better)
        lines |= {name: replace(lines[name], rank=place) for name, place in zip(competing, places)}
    if timed_together:
        lines |= {name: replace(lines[name], pareto=True) for name in _pareto([lines[name] for name in competing], metric)}
    order = sorted(names, key=lambda name: (lines[name].rank or 0, _place(lines[name], metric, ranked)))
    order.sort(key=lambda name: not lines[name].competes)
    leader = min(order, key=lambda name: _place(lines[name], metric, ranked))
    tied, detectable = _about_leader(competing, leader, comparisons)
    reasons = [] if any(estimate.interval for estimate in found) else [estimate.reason for estimate in found]
    return Board(
        lines=tuple(lines[name] for name in order),
        leader=lines[leader],
        tied=None if tied is None else tuple(name for name in order if name in tied),
        detectable=detectable,
        no_interval=next(filter(None, reasons), "") if ranked else UNRANKED,
        sites=len(sites.stratum),
    )


def headline(board: Board, metric: Metric, pages: int) -> str:
    """The result in one sentence."""
    first = board.leader
    others = [line for line in board.lines if line.competes and line is not first]
    score = f"{metric.name}\N{NO-BREAK SPACE}{number(first.value)}"
    if board.no_interval == UNRANKED:
        return f"No extractor is ranked on {plural(pages, 'page')}: {UNRANKED}."
    if not others:
        return f"{first.extractor} scores {score} on {plural(pages, 'page')}."
    best = f"{first.extractor} has the best {'value' if metric.over else 'mean'}, {score}"
    if board.tied is None:
        return f"{best}."
    if not board.tied:
        return f"{first.extractor} leads with {score}, clearly ahead of all others."
    if len(board.tied) == len(others):
        return f"{best}, but these pages cannot tell it from any other."
    return f"{best}; these pages cannot tell it from {join_names(board.tied)}."


def columns_of(records: Sequence[Record], names: Sequence[str]) -> tuple[list[list[Record | None]], Sites]:
    """For each extractor its records, page by page, None where it has none; and the sites of the pages."""
    pages: dict[str, Record] = {}
    for record in records:
        pages.setdefault(record.golden, record)
    order = sorted(pages)
    found = {(record.extractor, record.golden): record for record in records}
    columns = [[found.get((name, golden)) for golden in order] for name in names]
    return columns, sites_of([pages[golden].site for golden in order], [pages[golden].set for golden in order])


def interval_of(estimate: Estimate) -> tuple[float, float] | None:
    """The limits of an estimate's interval."""
    return (estimate.interval.low, estimate.interval.high) if estimate.interval else None


def join_names(names: Sequence[str], most: int = 3) -> str:
    """Names as a sentence lists them."""
    shown = list(names) if len(names) <= most + 1 else [*names[:most], f"{len(names) - most} others"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _line(summary: Summary, metric: str, version: str | None, reference: bool, estimate: Estimate) -> LeaderboardRow:
    return LeaderboardRow(
        extractor=summary.extractor,
        version=version,
        rank=None,
        converted=bool(summary.coerced),
        reference=reference,
        pages=summary.pages,
        value=summary.scores[metric],
        interval=interval_of(estimate),
        scores=dict(summary.scores),
        median=summary.medians[metric],
        answered=summary.answered_scores.get(metric),
        outcomes=summary.outcomes,
        milliseconds=summary.cost.milliseconds,
        milliseconds_95=summary.cost.milliseconds_95,
        mebibytes=None if summary.cost.peak_memory is None else summary.cost.peak_memory / 2**20,
        pareto=False,
    )


def _place(line: LeaderboardRow, metric: Metric, ranked: bool) -> tuple[bool, float, str]:
    if not ranked or line.value is None:
        return not line.competes, 0.0 if not ranked else float("inf"), line.extractor
    return not line.competes, -line.value if metric.higher_is_better else line.value, line.extractor


def _pareto(lines: Sequence[LeaderboardRow], metric: Metric) -> list[str]:
    """Those that no other one beats in quality without being slower."""

    def goodness(line: LeaderboardRow) -> float:
        if line.value is None:
            return float("-inf")
        return line.value if metric.higher_is_better else -line.value

    front: list[str] = []
    best = float("-inf")
    timed = [(line.milliseconds, -goodness(line), line.extractor) for line in lines if line.milliseconds is not None]
    for _, badness, name in sorted(timed):
        if -badness > best:
            front.append(name)
            best = -badness
    return front


def _about_leader(
    competing: Sequence[str], leader: str, comparisons: Sequence[Comparison]
) -> tuple[tuple[str, ...] | None, float | None]:
    if leader not in competing:
        return None, None
    place = competing.index(leader)
    own = [pair for pair in comparisons if place in (pair.first, pair.second)]
    tested = [pair for pair in own if pair.adjusted is not None]
    tied = [
        competing[pair.second if pair.first == place else pair.first]
        for pair in tested
        if pair.adjusted is not None and pair.adjusted > ALPHA
    ]
    unseen = [pair.detectable for pair in tested if (pair.adjusted or 0) > ALPHA and pair.detectable is not None]
    return tuple(tied) if tested else None, max(unseen, default=None)
