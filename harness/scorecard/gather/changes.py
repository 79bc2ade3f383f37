"""What changed: extractors since the baseline, and releases of one extractor one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from packaging.version import InvalidVersion, Version

from harness.analysis.history import ReleaseChange, history
from harness.metrics import METRICS
from harness.metrics.page_values import estimates_of, page_values
from harness.report.leaderboard import TRACKS
from harness.runs.comparable import why_not
from harness.runs.record import Record, Run
from harness.runs.summary import average_repeats, metrics_with_values, ranking_metric
from harness.scorecard.gather.board import columns_of, interval_of
from harness.scorecard.values.changes import Changes, MovedPage, ReleaseHistory, ReleasePoint
from harness.stats import estimates, resampled_means, sites_of

_MOVED = 10  # pages that are shown of those that changed
_LARGEST = 3  # pages that are shown of those that a release won, and of those that it lost
_SAME = 1e-8  # a baseline has scores with nine decimals

_RELEASE = re.compile(r"(?P<name>[^@:]+)@(?P<release>[^@]+)")


def changes(run: Run, records: Sequence[Record], baseline: Run | None, names: Sequence[str]) -> tuple[Changes, ...]:
    """Each extractor that the baseline has, compared with it page by page, by track. records: one for each extractor and
    page.
    """
    if baseline is None:
        return ()
    before = {(record.extractor, record.golden): record for record in average_repeats(baseline.records)}
    known = {extractor for extractor, _ in before}
    tracks = _by_track(records)
    return tuple(
        _changes(run, baseline, name, track, own, before)
        for name in names
        if name in known
        for track, all_of in tracks.items()
        if (own := [record for record in all_of if record.extractor == name])
    )


def _by_track(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Records by the name of their track, which is empty if there is one only."""
    media = sorted({record.media for record in records})
    names = [TRACKS.get(one, one) if len(media) > 1 else "" for one in media]
    return {name: [record for record in records if record.media == one] for name, one in zip(names, media)}


def _changes(
    run: Run, baseline: Run, name: str, track: str, own: Sequence[Record], before: Mapping[tuple[str, str], Record]
) -> Changes:
    both = [(before[name, record.golden], record) for record in own if (name, record.golden) in before]
    reasons = Counter({"not in the baseline": len(own) - len(both)})
    metric = METRICS[_metric_of(both)]
    pairs = []
    for old, new in both:
        if why := why_not(baseline.header, run.header, golden=new.golden, metric=metric.name):
            reasons[why] += 1
        else:
            pairs.append((old, new))
    sign = 1 if metric.higher_is_better else -1
    valued = [
        (old, new, after - earlier)
        for old, new in pairs
        if (earlier := old.scores.get(metric.name)) is not None and (after := new.scores.get(metric.name)) is not None
    ]
    sites = sites_of([new.site for _, new, _ in valued], [new.set for _, new, _ in valued])
    sides = [old for old, _, _ in valued], [new for _, new, _ in valued]
    values = page_values(metric, sides, sites)
    (estimate,) = estimates(resampled_means(values[:, 1:] - values[:, :1], sites))
    then, now = (metric.over_pages(side) for side in sides)
    moved_by = None if then is None or now is None else now - then
    moved = [row for row in valued if abs(row[2]) > _SAME or row[0].outcome != row[1].outcome]
    moved.sort(key=lambda row: (-abs(row[2]), row[1].golden))
    return Changes(
        extractor=name,
        track=track,
        metric=metric.name,
        versions=(baseline.versions.get(name), run.versions.get(name)),
        pages=len(pairs),
        incomparable=len(own) - len(pairs),
        reasons={why: number for why, number in reasons.most_common() if number},
        difference=moved_by,
        interval=interval_of(estimate),
        better=sum(sign * difference > _SAME for *_, difference in valued),
        worse=sum(sign * difference < -_SAME for *_, difference in valued),
        newly_failing=sum(old.outcome == "ok" != new.outcome for old, new in pairs),
        fixed=sum(old.outcome != "ok" == new.outcome for old, new in pairs),
        moved=tuple(
            MovedPage(new.golden, old.scores[metric.name], new.scores[metric.name], (old.outcome, new.outcome))
            for old, new, _ in moved[:_MOVED]
        ),
    )


def _metric_of(both: Sequence[tuple[Record, Record]]) -> str:
    """The metric that changes are measured by: the ranking metric of those that have a value on both sides of a page."""
    if any(old.scores.get("F") is not None and new.scores.get("F") is not None for old, new in both):
        return "F"  # as below, without a look at all others
    known = dict.fromkeys(
        metric for old, new in both for metric in metrics_with_values(new.scores) if old.scores.get(metric) is not None
    )
    return ranking_metric(known) if any(name in METRICS for name in known) else "F"


def histories(records: Sequence[Record]) -> tuple[ReleaseHistory, ...]:
    """The history of every extractor of which several releases were run (NAME@1, NAME@2), by track."""
    releases: dict[str, list[tuple[Version, str]]] = {}
    for extractor in sorted({record.extractor for record in records}):
        if match := _RELEASE.fullmatch(extractor):
            try:
                releases.setdefault(match["name"], []).append((Version(match["release"]), extractor))
            except InvalidVersion:
                continue
    found = []
    for name, of_name in releases.items():
        extractors = [extractor for _, extractor in sorted(of_name)]
        own = [record for record in records if record.extractor in extractors]
        if len(extractors) > 1:
            found += [release_history(name, track, extractors, inside) for track, inside in _by_track(own).items()]
    return tuple(found)


def release_history(name: str, track: str, extractors: Sequence[str], own: Sequence[Record]) -> ReleaseHistory:
    """The history of an extractor. extractors: its releases, oldest first, as records name them. own: their records."""
    metric = METRICS[ranking_metric(metrics_with_values(own[0].scores))]
    columns, sites = columns_of(own, extractors)
    intervals = [interval_of(estimate) for estimate in estimates_of(metric, columns, sites)]
    scores = {(record.extractor, record.golden): record.scores[metric.name] for record in own}
    points = []
    before = ""
    for release, interval in zip(history(own, extractors), intervals):

        def moved(changes: Sequence[ReleaseChange], now: str = release.name, then: str = before) -> list[MovedPage]:
            found = changes[:_LARGEST]
            return [MovedPage(c.golden, scores[then, c.golden], scores[now, c.golden], ("", "")) for c in found]

        summary = release.summary
        points.append(
            ReleasePoint(
                name=release.name.rpartition("@")[2],
                value=summary.scores[metric.name],
                interval=interval,
                milliseconds=summary.cost.milliseconds,
                without_text=summary.pages - summary.answered,
                won=len(release.won) if before else None,
                lost=len(release.lost) if before else None,
                largest=tuple(moved(release.won) + moved(release.lost)),
            )
        )
        before = release.name
    return ReleaseHistory(name, track, metric.name, len({record.golden for record in own}), tuple(points))
