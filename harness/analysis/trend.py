"""How one extractor changed from run to run: runs over the same pages, each a step as a release is one in a history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.metrics import METRICS
from harness.runs.comparable import why_not
from harness.runs.record import Record, Run, with_equal_scores
from harness.runs.summary import metrics_with_values, ranking_metric


@dataclass(frozen=True)
class Step:
    """One run of the extractor."""

    name: str
    """What the step is called, such as the id of the run."""
    run: str
    """The id of the run."""
    started: str
    """When the run began: ISO 8601, UTC; empty where unknown."""
    version: str | None
    """The version of the extractor; None where unknown."""
    about: str = ""
    """What is known of the step beside that, such as the message of a commit."""


@dataclass(frozen=True)
class Trend:
    """An extractor over the pages of its last run, in all runs that have all of them."""

    extractor: str
    """The extractor's name."""
    steps: tuple[Step, ...]
    """Oldest first."""
    records: tuple[Record, ...]
    """Of these pages, each with the name of its step in place of the extractor's."""
    left_out: Mapping[str, int]
    """Why other runs of the extractor are no steps, with their number."""


def trend(runs: Iterable[Run], extractor: str, last: int, named: Mapping[str, tuple[str, str]] | None = None) -> Trend:
    """The last steps of an extractor. runs: the newest first, of which no more are taken than are needed.

    named: by id of a run, what its step is called and what is known of it.
    """
    steps: list[Step] = []
    records: list[Record] = []
    left_out: Counter[str] = Counter()
    newest: Run | None = None
    pages: frozenset[str] = frozenset()
    for run in runs:
        own = [record for record in run.records if record.extractor == extractor]
        if not own:
            continue
        if not run.finished:
            left_out["not finished"] += 1
            continue
        if newest is None:
            newest, pages = run, frozenset(record.golden for record in own)
        if why := _why_no_step(run, own, newest, pages):
            left_out[why] += 1
            continue
        name, about = (named or {}).get(run.id, (run.id, ""))
        steps.append(Step(name, run.id, run.header.started, run.versions.get(extractor), about))
        records += [replace(record, extractor=name) for record in own if record.golden in pages]
        if len(steps) == last:
            break
    return Trend(extractor, tuple(reversed(steps)), with_equal_scores(records), left_out)


def _why_no_step(run: Run, own: Sequence[Record], newest: Run, pages: frozenset[str]) -> str:
    if not pages <= {record.golden for record in own}:
        return "without some of these pages"
    metric = ranking_metric([name for name in metrics_with_values(own[0].scores) if name in METRICS] or ["F"])
    reasons = (why_not(run.header, newest.header, golden=golden, metric=metric) for golden in sorted(pages))
    return next(filter(None, reasons), "")
