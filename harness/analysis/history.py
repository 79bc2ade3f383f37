"""How an extractor changed from release to release over the same goldens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.runs.record import Record
from harness.runs.summary import Summary, average_repeats, metrics_with_values, ranking_metric, summarise

NOTICEABLE = 0.005  # difference of a page's score from which on the page is won or lost


@dataclass(frozen=True)
class ReleaseChange:
    """A page whose score differs from the release before."""

    golden: str
    """The golden's id."""
    difference: float
    """Of the metric; positive is better if higher values are."""


@dataclass(frozen=True)
class Release:
    """One release of an extractor."""

    name: str
    """The extractor's name with the release, `NAME@RELEASE`."""
    summary: Summary
    """Its scores over all pages."""
    won: tuple[ReleaseChange, ...]
    """Pages with higher scores than in the release before, the largest change first."""
    lost: tuple[ReleaseChange, ...]
    """Pages with lower scores than in the release before, the largest change first."""


def history(records: Sequence[Record], names: Sequence[str]) -> list[Release]:
    """The releases in the order of their names, of those that were run. The ranking metric's higher values are better."""
    summaries = {summary.extractor: summary for summary in summarise(records)}
    metric = ranking_metric(metrics_with_values(records[0].scores))
    scores: dict[str, dict[str, float]] = {}
    for record in average_repeats(records):
        if (value := record.scores[metric]) is not None:
            scores.setdefault(record.extractor, {})[record.golden] = value
    releases: list[Release] = []
    before: dict[str, float] = {}
    for name in names:
        if name not in summaries:
            continue
        now = scores.get(name, {})
        changes = [ReleaseChange(golden, now[golden] - value) for golden, value in before.items() if golden in now]
        changes.sort(key=lambda change: (-abs(change.difference), change.golden))
        releases.append(
            Release(
                name,
                summaries[name],
                tuple(change for change in changes if change.difference >= NOTICEABLE),
                tuple(change for change in changes if change.difference <= -NOTICEABLE),
            )
        )
        before = now
    return releases
