"""What options stand for that several commands take: metrics, and the choice among goldens."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from harness.common.errors import CannotTell, Impossible
from harness.common.wording import did_you_mean
from harness.datasets.choice import Choice
from harness.goldens.vocabulary import FLAGS, PAGE_KINDS
from harness.metrics import METRICS, SHOWN_METRICS
from harness.metrics.choice import metric_names, usual_metrics
from harness.runs.file import Run
from harness.runs.summary import note_unknown_metrics


def default_metrics(names: Sequence[str], groups: Sequence[str]) -> tuple[list[str], list[str]]:
    """The metrics asked for; without names the usual ones and those of the benchmarks whose pages are scored, as far as
    their modules are installed; and what is missing, for people. Raises Impossible."""
    return (metric_names(names), []) if names else usual_metrics(groups)


def shown_metrics(run: Run, names: Sequence[str]) -> list[str]:
    """The metrics asked for; without names those that the run was made to show, as far as its goldens have values.

    Raises Impossible for unknown names, CannotTell for metrics that the run was not scored by.
    """
    scored = run.header.get("metrics", [])
    try:
        metrics = metric_names(names)
    finally:
        note_unknown_metrics(run)
    missing = [name for name in metrics if name not in scored]
    if missing:
        raise CannotTell(
            f"run {run.id} was not scored by {', '.join(missing)}: run again with `-m {' -m '.join(names)}`; "
            "what is known from it is not run again"
        )
    usual = [name for name in run.header.get("shown", ()) if name in METRICS] or list(SHOWN_METRICS)
    valued = [name for name in usual if any(record.scores.get(name) is not None for record in run.records)]
    return metrics or valued or usual


def choice_of(arguments: argparse.Namespace) -> Choice:
    """The choice among goldens that the arguments make. Raises Impossible for kinds and flags that do not exist."""
    mistakes = [
        f"unknown {what} {name!r}{did_you_mean(name, known)}; known: {', '.join(known)}"
        for what, names, known in (
            ("kind of page", arguments.kind, PAGE_KINDS),
            ("flag", arguments.without_flag, FLAGS),
        )
        for name in names
        if name not in known
    ]
    if mistakes:
        raise Impossible("\n".join(mistakes))
    return Choice(
        kinds=arguments.kind,
        langs=arguments.lang,
        sites=arguments.site,
        without_flags=arguments.without_flag,
        sample=getattr(arguments, "sample", None),
        seed=getattr(arguments, "seed", 0),
        limit=getattr(arguments, "limit", None),
        shard=getattr(arguments, "shard", None),
    )
