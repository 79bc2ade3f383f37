"""From the names that a user gives to metrics."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from harness.common.errors import Impossible
from harness.common.wording import did_you_mean
from harness.metrics import FAMILIES, METRICS

DEFAULT_METRICS = ("P", "R", "F", "MER")


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


def default_metrics(groups: Sequence[str]) -> tuple[list[str], list[str]]:
    """The usual metrics and those of benchmarks, and why some of a benchmark's are not computed here."""
    metrics = list(DEFAULT_METRICS)
    missing: list[str] = []
    for group in groups:
        try:
            metrics += metric_names([group])
        except Impossible as error:
            missing += str(error).splitlines()
    return metrics, missing
