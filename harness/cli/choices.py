"""What options stand for that several commands take: metrics, and the choice among goldens."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from importlib.util import find_spec

from harness.common.errors import CannotTell, Impossible
from harness.common.wording import did_you_mean
from harness.datasets.choice import Choice
from harness.goldens.vocabulary import FLAGS, PAGE_KINDS
from harness.metrics import FAMILIES, METRICS
from harness.report.result_columns import DEFAULT_METRICS
from harness.runs.file import Run


def metric_names(names: Sequence[str]) -> list[str]:
    """The metrics that names stand for: a metric's own name, or `aeb` for all of that benchmark, or `all`.

    Raises Impossible with all unknown names and all modules that are missing.
    """
    wanted: dict[str, None] = {}
    mistakes: list[str] = []
    for name in names:
        group = [metric for metric in METRICS if name == "all" or metric.startswith(f"{name.removesuffix('.*')}.")]
        if not group and name not in METRICS:
            known = [*METRICS, *dict.fromkeys(metric.partition(".")[0] for metric in METRICS if "." in metric)]
            mistakes.append(f"unknown metric {name!r}{did_you_mean(name, known)}; see `harness list metrics`")
        wanted.update(dict.fromkeys(group or [name]))
    for family in FAMILIES:
        names_of_family = [metric.name for metric in family.metrics if metric.name in wanted]
        missing = [module for module in family.requires if not find_spec(module)]
        if names_of_family and missing:
            named = f"{', '.join(names_of_family)}: {', '.join(missing)} not installed"
            mistakes.append(f"{named}: pip install 'extraction-harness[benchmarks]'")
    if mistakes:
        raise Impossible("\n".join(mistakes))
    return list(wanted)


def default_metrics(names: Sequence[str], groups: Sequence[str]) -> list[str]:
    """The metrics asked for; without names the usual ones and those of the benchmarks whose pages are scored, as far as
    their modules are installed. Raises Impossible."""
    if names:
        return metric_names(names)
    metrics = list(DEFAULT_METRICS)
    for group in groups:
        with contextlib.suppress(Impossible):
            metrics += metric_names([group])
    return metrics


def shown_metrics(run: Run, names: Sequence[str]) -> list[str]:
    """The metrics asked for; without names those that the run was made to show, as far as its goldens have values.

    Raises Impossible for unknown names, CannotTell for metrics that the run was not scored by.
    """
    scored = run.header.get("metrics", [])
    metrics = metric_names(names)
    missing = [name for name in metrics if name not in scored]
    if missing:
        raise CannotTell(
            f"run {run.id} was not scored by {', '.join(missing)}: run again with `-m {' -m '.join(names)}`; "
            "what is known from it is not run again"
        )
    usual = [name for name in run.header.get("shown", DEFAULT_METRICS) if name in METRICS]
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
