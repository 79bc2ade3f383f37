"""Scores of one output against its golden.

A metric is a small immutable value; a family computes its metrics in one pass. To add a metric, put it into a family's
file, or add a family to OWN or BENCHMARKS; every command, table and file follows. The names of a public benchmark's
metrics begin with the benchmark's name and a dot.
"""

from harness.metrics.base import Case, Family, Metric, Scored, Scores
from harness.metrics.benchmarks import aeb, cleaneval, rouge5, trafilatura, wceb, wcxb, webmainbench
from harness.metrics.own import edit, lines, origin, structure, words

OWN: tuple[Family, ...] = (words.FAMILY, edit.FAMILY, lines.FAMILY, origin.FAMILY)
BENCHMARKS: tuple[Family, ...] = (
    aeb.FAMILY,
    *wcxb.FAMILIES,
    wceb.FAMILY,
    trafilatura.FAMILY,
    cleaneval.FAMILY,
    rouge5.FAMILY,
    webmainbench.FAMILY,
    structure.FAMILY,
)
FAMILIES: tuple[Family, ...] = (*OWN, *BENCHMARKS)

METRICS: dict[str, Metric] = {metric.name: metric for family in FAMILIES for metric in family.metrics}
OWN_METRICS: tuple[str, ...] = tuple(metric.name for family in OWN for metric in family.metrics)

__all__ = ["BENCHMARKS", "FAMILIES", "METRICS", "OWN", "OWN_METRICS", "Case", "Family", "Metric", "Scored", "Scores"]
