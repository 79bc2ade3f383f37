"""Which metrics a command shows of a stored run."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from harness.common.errors import CannotTell
from harness.metrics import METRICS, SHOWN_METRICS
from harness.metrics.choice import metric_names
from harness.runs.record import Run
from harness.runs.summary import note_unknown_metrics


def shown_metrics(run: Run, names: Sequence[str]) -> list[str]:
    """The metrics asked for; without names those that the run was made to show, as far as its goldens have values.

    Raises Impossible for unknown names, CannotTell for metrics that the run was not scored by.
    """
    try:
        metrics = metric_names(names)
    finally:
        note_unknown_metrics(run)
    missing = [name for name in metrics if name not in run.header.metrics]
    if missing:
        raise CannotTell(
            f"run {run.id} was not scored by {', '.join(missing)}; its known outputs are scored again by:\n"
            f"  {command_to_score(run, names)}"
        )
    usual = [name for name in run.header.shown if name in METRICS] or list(SHOWN_METRICS)
    valued = [name for name in usual if any(record.scores.get(name) is not None for record in run.records)]
    return metrics or valued or usual


def command_to_score(run: Run, names: Sequence[str]) -> str:
    """The command line that measures a run, or the baseline, again with further metrics, named as `-m` takes them."""
    words = shlex.join(run.header.request.with_metrics(names).to_words())
    return f"{words} && harness accept" if run.id == "baseline" else words
