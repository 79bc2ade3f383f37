"""One track of a scorecard: its leaderboard, and where the differences come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from harness.analysis.ranks import Ranks, ranks
from harness.common.wording import plural
from harness.engine.answer import OUTCOMES
from harness.metrics import METRICS
from harness.metrics.base import Metric
from harness.report.kit.numbers import number
from harness.report.leaderboard import TRACKS
from harness.runs.record import Record
from harness.runs.summary import KEYS, ranking_metric_of, summarise
from harness.scorecard.gather.board import Board, board, headline, join_names
from harness.scorecard.values.track import BANDS, QUANTILES, LeaderboardRow, NumberGrid, Tails, Track

_GROUPS = {"kind": "kind of page", "lang": "language", "set": "set"}
_COLUMNS = 12  # of a grid; what is smaller is put together


def track(
    media: str,
    records: Sequence[Record],
    chosen: frozenset[str],
    versions: Mapping[str, str | None],
    references: frozenset[str],
    unranked: frozenset[str],
    merged: bool = False,
    limits: Mapping[str, str] = MappingProxyType({}),
) -> Track:
    """What is shown of the pages of one media type. merged: the records are of several runs. limits: see Track.

    records: one for each extractor and page. chosen: the extractors that all but the leaderboard is about.
    """
    metric = METRICS[ranking_metric_of([record.scores for record in records])]
    timed = [record for record in records if record.timing.get("wall") is not None]
    earlier = sum(record.cached for record in timed)
    ranked = any(record.set not in unranked for record in records)
    timed_together = not merged and not earlier
    found = board(records, metric, versions, references, ranked=ranked, timed_together=timed_together)
    lines = [line for line in found.lines if line.extractor in chosen]
    names = [line.extractor for line in lines]
    shown = [record for record in records if record.extractor in chosen]
    pages = len({record.golden for record in records})
    return Track(
        name=TRACKS.get(media, media),
        pages=pages,
        sites=found.sites,
        metric=metric.name,
        higher_is_better=metric.higher_is_better,
        headline=headline(found, metric, pages),
        notes=(*_notes(found, lines), *_time_notes(len(timed), earlier, merged)),
        lines=found.lines,
        no_interval=found.no_interval,
        detectable=found.detectable,
        timed_together=timed_together,
        groups=tuple(_group(shown, names, key, metric) for key in _GROUPS),
        leaks=_words(shown, names, "leaked words by where they came from", lambda record: record.leaks),
        misses=_words(shown, names, "missed words by their kind", lambda record: record.misses),
        failures=_failures(lines),
        tails=tuple(_tails(name, [r for r in shown if r.extractor == name], metric) for name in names),
        limits={name: limits[name] for name in sorted({record.set for record in shown} & limits.keys())},
        disagreement=_disagreement(shown, [line for line in lines if line.competes]),
    )


def _notes(found: Board, lines: Sequence[LeaderboardRow]) -> list[str]:
    notes = []
    competing = [line for line in lines if line.competes] or list(lines)
    silent = [line for line in competing if line.without_text]
    if not silent:
        notes.append(
            "Every extractor returned text for every page." if len(lines) > 1 else "It returned text for every page."
        )
    else:
        most = sorted(silent, key=lambda line: (-line.without_text, line.extractor))
        by_name = join_names([f"{line.extractor}\N{NO-BREAK SPACE}{line.without_text}" for line in most])
        total = sum(line.without_text for line in silent)
        notes.append(f"{plural(total, 'answer')} without text, each scored as the worst: {by_name}.")
    front = [line.extractor for line in found.lines if line.pareto]
    if len(front) > 1:
        notes.append(f"Best trades of quality for time: {join_names(front, 5)}.")
    if found.detectable is not None:
        size, leader = number(found.detectable), found.leader.extractor
        notes.append(
            f"Such pages show a true difference of {size} from {leader} in at least four of five cases, "
            "smaller ones less often."
        )
    return notes


def _time_notes(timed: int, earlier: int, merged: bool) -> list[str]:
    """Why times of different extractors cannot be compared."""
    if earlier:
        return [
            f"Earlier runs measured {earlier} of {plural(timed, 'time')}, so no best trades of quality for time are named."
        ]
    if merged and timed:
        return ["The times come from several runs, so no best trades of quality for time are named."]
    return []


def _group(records: Sequence[Record], names: Sequence[str], key: str, metric: Metric) -> NumberGrid:
    """The metric by extractor and by the value of a key; the groups with most pages first."""
    of = KEYS[key]
    groups: dict[str, set[str]] = {}
    for record in records:
        groups.setdefault(of(record), set()).add(record.golden)
    order = sorted(groups, key=lambda value: (-len(groups[value]), value))
    most = _COLUMNS if len(order) <= _COLUMNS else _COLUMNS - 1
    together = [order[:most][index : index + 1] for index in range(len(order[:most]))]
    if order[most:]:
        together.append(order[most:])
    columns = []
    for values in together:
        summaries = {s.extractor: s for s in summarise([record for record in records if of(record) in values])}
        columns.append([summaries[name].scores[metric.name] if name in summaries else None for name in names])
    return NumberGrid(
        title=_GROUPS[key],
        columns=tuple(values[0] if len(values) == 1 else "others" for values in together),
        pages=tuple(sum(len(groups[value]) for value in values) for values in together),
        rows=tuple((name, tuple(column[index] for column in columns)) for index, name in enumerate(names)),
        more=len(order[most:]),
    )


def _words(
    records: Sequence[Record], names: Sequence[str], title: str, words: Callable[[Record], Mapping[str, int]]
) -> NumberGrid:
    """Words for every 100 of the main content, by kind; all kinds together in the first column."""
    totals: dict[str, Counter[str]] = {name: Counter() for name in names}
    content: Counter[str] = Counter()
    for record in records:
        totals[record.extractor].update(words(record))
        content[record.extractor] += record.counts.get("kept", 0) + record.counts.get("missed", 0)
    all_kinds: Counter[str] = Counter()
    for total in totals.values():
        all_kinds.update(total)
    kinds = sorted((kind for kind in all_kinds if all_kinds[kind]), key=lambda kind: (-all_kinds[kind], kind))
    most = _COLUMNS if len(kinds) <= _COLUMNS else _COLUMNS - 1
    columns: list[list[str]] = [kinds, *([kind] for kind in kinds[:most]), *([kinds[most:]] if kinds[most:] else [])]

    def share(name: str, kinds: Sequence[str]) -> float | None:
        return 100 * sum(totals[name][kind] for kind in kinds) / content[name] if content[name] else None

    return NumberGrid(
        title=title,
        columns=("all", *kinds[:most], *(["others"] if kinds[most:] else [])),
        pages=(),
        rows=tuple((name, tuple(share(name, column) for column in columns)) for name in names),
        more=len(kinds[most:]),
    )


def _failures(lines: Sequence[LeaderboardRow]) -> NumberGrid:
    outcomes = [name for name in OUTCOMES if name != "ok" and any(line.outcomes.get(name) for line in lines)]
    silent = [line for line in lines if line.without_text]
    rows = tuple((line.extractor, tuple(float(line.outcomes.get(name, 0)) for name in outcomes)) for line in silent)
    return NumberGrid("pages without text by outcome", tuple(outcomes), (), rows)


def _tails(name: str, records: Sequence[Record], metric: Metric) -> Tails:
    scores = [(value, record) for record in records if (value := record.scores[metric.name]) is not None]
    answered = [value if metric.higher_is_better else 1 - value for value, record in scores if record.outcome == "ok"]
    bands = np.bincount(np.searchsorted(BANDS, answered, side="right"), minlength=len(BANDS) + 1)
    pages = max(1, len(scores))
    shares = ((len(scores) - len(answered)) / pages, *(int(number) / pages for number in bands))
    values = sorted(value if metric.higher_is_better else 1 - value for value, _ in scores)
    return Tails(name, shares, tuple(float(q) for q in np.quantile(values, QUANTILES)) if values else ())


def _disagreement(records: Sequence[Record], competing: Sequence[LeaderboardRow]) -> Ranks | None:
    """Places by every F and by MER, of those that compete; None where there is nothing to disagree about."""
    if len(competing) < 2:
        return None
    names = {line.extractor for line in competing}
    summaries = summarise([record for record in records if record.extractor in names])
    metrics = [name for name in summaries[0].scores if name in ("F", "MER") or name.endswith(".F")]
    found = ranks(summaries, metrics)
    return found if len(found.metrics) > 1 else None
