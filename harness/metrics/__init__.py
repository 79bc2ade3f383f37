"""Scores of one output against its golden.

A metric is a small immutable value; a family computes its metrics in one pass. To add a metric, put it into a family's
file, or a file with a `Family` into `own/` or `benchmarks/`; every command, table and file follows. The names of a public
benchmark's metrics begin with the benchmark's name and a dot. Metrics of packages and plugin files are found in the same
way (docs/extending.md).
"""

import math
import re
from collections.abc import Iterator, Mapping

from harness.common.extensions import Extensions
from harness.metrics.base import Case, Family, Metric, Scored, ScoresByMetric, metric

__all__ = [
    "FAMILIES",
    "METRICS",
    "OWN_METRICS",
    "SHOWN_METRICS",
    "USUAL_METRICS",
    "Case",
    "Family",
    "Metric",
    "Scored",
    "ScoresByMetric",
    "metric",
]

_NAME = re.compile(r"\w[\w.-]*")


class _Metrics(Mapping[str, Metric]):
    """Every metric of every family, in the order of tables."""

    def __getitem__(self, name: str) -> Metric:
        return FAMILIES[name].by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in FAMILIES

    def __iter__(self) -> Iterator[str]:
        return iter(FAMILIES)

    def __len__(self) -> int:
        return len(FAMILIES)


def _mistake(family: Family) -> str:
    if not family.metrics:
        return "it has no metric"
    for one in family.metrics:
        if type(one.version) is not int or not math.isfinite(one.worst or 0):
            return f"{one.name!r} has no whole number as its version, or no finite worst value"
    wrong = [name for name in family.names if not _NAME.fullmatch(name) or name == "all"]
    return f"{wrong[0]!r} is no name: use letters, digits, _, . and -" if wrong else ""


FAMILIES: Extensions[Family] = Extensions(
    "harness.metrics",
    "metric",
    ("harness.metrics.own", "harness.metrics.benchmarks"),
    is_one=lambda value: isinstance(value, Family),
    names=lambda family: tuple(metric.name for metric in family.metrics),
    order=lambda family: (family.order, family.names),
    mistake=_mistake,
    made_of=lambda name, function: metric(name=name)(function),
)
"""The family of each metric, by the metric's name."""

METRICS: Mapping[str, Metric] = _Metrics()

OWN_METRICS: tuple[str, ...] = tuple(
    metric.name for family in FAMILIES.built_in() if family.of_words for metric in family.metrics
)
"""Our own metrics of words kept, missed and leaked."""

USUAL_METRICS: tuple[str, ...] = tuple(
    metric.name for family in FAMILIES.built_in() if family.usual for metric in family.metrics
)
"""The metrics that are computed where nobody asks for any."""

SHOWN_METRICS = ("P", "R", "F", "MER")
"""The metrics that tables show where nobody asks for others."""
