"""What changed: extractors since the baseline, and releases of one extractor one after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from packaging.version import InvalidVersion, Version

from harness.analysis.history import Change, history
from harness.metrics import METRICS
from harness.runs.comparable import why_not
from harness.runs.record import Record, Run
from harness.runs.summary import average_repeats, metrics_with_values, ranking_metric
from harness.scorecard.gather.board import interval_of, matrix
from harness.scorecard.values.changes import Changes, History, MovedPage, ReleasePoint
from harness.stats import estimates, resampled_means, sites_of

_MOVED = 10  # pages that are shown of those that changed
_LARGEST = 3  # pages that are shown of those that a release won, and of those that it lost
_SAME = 1e-8  # a baseline has scores with nine decimals

_RELEASE = re.compile(r"(?P<name>[^@:]+)@(?P<release>[^@]+)")


def changes(run: Run, records: Sequence[Record], baseline: Run | None, names: Sequence[str]) -> tuple[Changes, ...]:
    """Each extractor that the baseline has, compared with it page by page. records: one for each extractor and page."""
    if baseline is None:
        return ()
    before = {(record.extractor, record.golden): record for record in average_repeats(baseline.records)}
    known = {extractor for extractor, _ in before}
    return tuple(_changes(run, baseline, name, records, before) for name in names if name in known)


def _changes(
    run: Run, baseline: Run, name: str, records: Sequence[Record], before: Mapping[tuple[str, str], Record]
) -> Changes:
    own = [record for record in records if record.extractor == name]
    both = [(before[name, record.golden], record) for record in own if (name, record.golden) in before]
    reasons = Counter({"not in the baseline": len(own) - len(both)})
    known = dict.fromkeys(
        metric for old, new in both for metric in metrics_with_values(new.scores) if old.scores.get(metric) is not None
    )
    metric = METRICS[ranking_metric(known) if any(name in METRICS for name in known) else "F"]
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
    differences = np.array([difference for *_, difference in valued], dtype=np.float64)[:, None]
    (estimate,) = estimates(resampled_means(differences, sites))
    moved = [row for row in valued if abs(row[2]) > _SAME or row[0].outcome != row[1].outcome]
    moved.sort(key=lambda row: (-abs(row[2]), row[1].golden))
    return Changes(
        extractor=name,
        metric=metric.name,
        versions=(baseline.versions.get(name), run.versions.get(name)),
        pages=len(pairs),
        incomparable=len(own) - len(pairs),
        reasons={why: number for why, number in reasons.most_common() if number},
        difference=estimate.value,
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


def histories(records: Sequence[Record]) -> tuple[History, ...]:
    """The history of every extractor of which several releases were run (NAME@1, NAME@2)."""
    releases: dict[str, list[tuple[Version, str]]] = {}
    for extractor in sorted({record.extractor for record in records}):
        if match := _RELEASE.fullmatch(extractor):
            try:
                releases.setdefault(match["name"], []).append((Version(match["release"]), extractor))
            except InvalidVersion:
                continue
    return tuple(
        _history(name, [extractor for _, extractor in sorted(found)], records)
        for name, found in releases.items()
        if len(found) > 1
    )


def _history(name: str, extractors: Sequence[str], records: Sequence[Record]) -> History:
    own = [record for record in records if record.extractor in extractors]
    metric = METRICS[ranking_metric(metrics_with_values(own[0].scores))]
    values, sites = matrix(own, extractors, metric.name)
    intervals = (
        [None] * len(extractors) if metric.over else [interval_of(e) for e in estimates(resampled_means(values, sites))]
    )
    scores = {(record.extractor, record.golden): record.scores[metric.name] for record in own}
    points = []
    before = ""
    for release, interval in zip(history(own, extractors), intervals):

        def moved(changes: Sequence[Change], now: str = release.name, then: str = before) -> list[MovedPage]:
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
    return History(name, metric.name, len({record.golden for record in own}), tuple(points))
