"""Precision and recall of facts, by category: of the texts that facts name, which came out as they must?

A text that must not come out is no text for recall, and a text that only must come out is none for precision, so `absent`
has precision only: the share that stayed out, which does not count in the precision of all facts, where right is what came
out. `present` has recall only. Facts are few on a page, so the counts are summed over all pages before a rate is computed.
A rate of nothing has no value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from harness.goldens.facts import CATEGORIES
from harness.goldens.golden import Golden
from harness.metrics.base import Case, Family, Metric, Scored, ScoresByMetric
from harness.metrics.counts import totals
from harness.metrics.facts import judge_facts

_GROUPS = ("facts", *(f"facts.{category}" for category in CATEGORIES))
_PARTS = ("right", "wrong", "missing")
_NOT_MEASURED = {("facts.absent", "R"), ("facts.present", "P")}
_RATES = tuple((group, name) for group in _GROUPS for name in "PR" if (group, name) not in _NOT_MEASURED)
_COUNTS = tuple(f"{group}.{part}" for group in _GROUPS for part in _PARTS)


def fact_scores(case: Case) -> ScoresByMetric:
    """P and R of each category and of all, in 0…1; None where no text counts. And the counts that they are made of."""
    counts = dict.fromkeys(_COUNTS, 0.0)
    for judged in judge_facts(case):
        category = judged.fact.category
        for part in _PARTS:
            counts[f"facts.{category}.{part}"] += getattr(judged, part)
            if (category, part) != ("absent", "right"):
                counts[f"facts.{part}"] += getattr(judged, part)
    return {**counts, **{f"{group}.{name}": _rate(name, _parts(group, counts)) for group, name in _RATES}}


def _parts(group: str, counts: Mapping[str, float]) -> list[float]:
    return [counts[f"{group}.{part}"] for part in _PARTS]


def _rate(name: str, counts: Sequence[float]) -> float | None:
    right, wrong, missing = counts
    whole = right + (wrong if name == "P" else missing)
    return right / whole if whole else None


def _over_pages(group: str, name: str, pages: Sequence[Scored]) -> float | None:
    """A rate of the counts summed over pages."""
    counts = totals([f"{group}.{part}" for part in _PARTS], pages)
    return None if counts is None else _rate(name, counts)


def _has_facts(golden: Golden) -> bool:
    return bool(golden.facts)


def _metric(group: str, name: str) -> Metric:
    category = group.partition(".")[2]
    facts = f"facts of the category `{category}`" if category else "all facts"
    summary = {"P": "right / (right + wrong)", "R": "right / (right + missing)"}[name]
    over = partial(_over_pages, group, name)
    return Metric(f"{group}.{name}", f"{facts}: {summary}, summed over pages", True, 0.0, over)


FACTS = Family(
    tuple(_metric(group, name) for group, name in _RATES),
    fact_scores,
    counts=_COUNTS,
    applies=_has_facts,
    order=60,
)
