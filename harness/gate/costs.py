"""The gate's rules on time and memory: ratios to another extractor of the same run."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from harness.gate.rules import Ratio, Rules
from harness.gate.verdict import BrokenRule, Doubt
from harness.runs.record import Run
from harness.runs.summary import Cost, summarise


def broken_ratios(run: Run, rules: Rules, extractors: Sequence[str]) -> tuple[list[BrokenRule], list[Doubt]]:
    """The rules on time and memory that extractors break, and what was not measured in this run."""
    broken: list[BrokenRule] = []
    doubts: list[Doubt] = []
    if not rules.speed and not rules.memory:
        return broken, doubts
    costs = {summary.extractor: summary.cost for summary in summarise(run.records)}
    fresh = shlex.join([*run.header.request.to_words(), "--fresh"])
    if run.header.request.predictions:
        fresh = "run the extractors with harness run: these outputs were made elsewhere"
    cached = {record.extractor for record in run.records if record.cached}
    for rule, ratio, unit in (("speed", rules.speed, "ms"), ("memory", rules.memory, "MB")):
        if ratio is None:
            continue
        if ratio.reference not in costs:
            doubts.append(
                Doubt(
                    f"{ratio.reference}, the reference of the rule on {rule}, is not in the run",
                    shlex.join(run.header.request.with_extractors((*extractors, ratio.reference)).to_words()),
                )
            )
            continue
        for name in extractors:
            if name == ratio.reference:
                continue
            known = [other for other in (name, ratio.reference) if other in cached]
            took, reference = _cost(costs[name], rule), _cost(costs[ratio.reference], rule)
            if known:
                doubts.append(Doubt(f"{rule} of {' and '.join(known)} was measured in an earlier run", fresh))
            elif took is None or not reference:
                doubts.append(Doubt(f"{rule} of {name if took is None else ratio.reference} was not measured", fresh))
            elif took > ratio.ratio * reference:
                broken.append(_broken(name, rule, ratio, took, reference, unit))
    return broken, doubts


def _cost(cost: Cost, rule: str) -> float | None:
    if rule == "speed":
        return cost.milliseconds
    return None if cost.peak_memory is None else cost.peak_memory / 1e6


def _broken(name: str, rule: str, ratio: Ratio, took: float, reference: float, unit: str) -> BrokenRule:
    found, allowed = f"{took / reference:.1f} times", f"{ratio.ratio:g} times"
    what = "median of a page" if rule == "speed" else "peak"
    sides = f"{took:.3g} {unit} and {reference:.3g} {unit}"
    message = f"{rule} ({what}): {found} {ratio.reference} ({sides}); {allowed} allowed"
    return BrokenRule(name, rule, "", found, allowed, message)
