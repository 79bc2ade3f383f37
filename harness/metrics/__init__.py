"""Scores of one output against its golden, read off an alignment.

A metric is a small immutable value; a family computes its metrics in one pass. To add a metric, put it into a family's
file, or add a family to FAMILIES; every command, table and file follows.
"""

from harness.metrics import edit, lines, origin, words
from harness.metrics.base import Family, Metric

FAMILIES: tuple[Family, ...] = (words.FAMILY, edit.FAMILY, lines.FAMILY, origin.FAMILY)

METRICS: dict[str, Metric] = {metric.name: metric for family in FAMILIES for metric in family.metrics}

__all__ = ["FAMILIES", "METRICS", "Family", "Metric"]
