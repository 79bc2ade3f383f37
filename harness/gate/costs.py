"""The gate's rules on time and memory: ratios to another extractor of the same run."""

from __future__ import annotations

import shlex
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from harness.common.wording import did_you_mean, plural
from harness.gate.rules import Ratio, Rules
from harness.gate.verdict import BrokenRule, Doubt
from harness.gate.wording import times
from harness.runs.record import Run
from harness.runs.summary import summarise

_REPEAT = 3  # of which one is the first of a worker


def broken_ratios(run: Run, rules: Rules, extractors: Sequence[str]) -> tuple[list[BrokenRule], list[Doubt]]:
    """The rules on time and memory that extractors break, and what was not measured in this run."""
    broken: list[BrokenRule] = []
    doubts: list[Doubt] = []
    request = run.header.request
    fresh = shlex.join([*request.to_words(), "--fresh"])
    # Where each worker had one page only, the first, running them afresh would give no other times.
    repeated = shlex.join([*replace(request, repeat=max(request.repeat + 1, _REPEAT)).to_words(), "--fresh"])
    if request.predictions:
        fresh = "run the extractors with `harness run`: these outputs were made elsewhere"
    measured = {record.extractor for record in run.records}
    cached = {record.extractor for record in run.records if record.cached}
    for rule, ratio in (("speed", rules.speed), ("memory", rules.memory)):
        if ratio is None:
            continue
        if ratio.reference not in measured:
            doubts.append(
                Doubt(
                    f"{ratio.reference}, the reference of the rule on {rule}, is not in the run"
                    f"{did_you_mean(ratio.reference, measured)}",
                    shlex.join(request.with_extractors((*extractors, ratio.reference)).to_words()),
                )
            )
            continue
        values = _milliseconds(run) if rule == "speed" else _peaks(run)
        reference = values.get(ratio.reference, {})
        for name in extractors:
            if name == ratio.reference:
                continue
            own = values.get(name, {})
            pages = [page for page in own if page in reference]
            known = [other for other in (name, ratio.reference) if other in cached]
            if known:
                doubts.append(Doubt(f"{rule} of {' and '.join(known)} was measured in an earlier run", fresh))
            elif not pages:
                missing = ratio.reference if own else name
                first = rule == "speed" and any(r.extractor == missing and "first_wall" in r.timing for r in run.records)
                why = " but on the first page of each worker, on which libraries are loaded" if first else ""
                doubts.append(Doubt(f"{rule} of {missing} was not measured{why}", repeated if first else fresh))
            elif rule == "memory":
                broken += _broken_memory(name, ratio, own, reference)
            else:
                broken += _broken_speed(name, ratio, {page: (own[page], reference[page]) for page in pages})
    return broken, doubts


def _milliseconds(run: Run) -> dict[str, dict[str, float]]:
    """By extractor and page the median of its repeats, of pages that took time."""
    walls: dict[str, dict[str, list[float]]] = {}
    for record in run.records:
        if wall := record.timing.get("wall"):
            walls.setdefault(record.extractor, {}).setdefault(record.golden, []).append(1000 * wall)
    return {name: {page: statistics.median(each) for page, each in pages.items()} for name, pages in walls.items()}


def _peaks(run: Run) -> dict[str, dict[str, float]]:
    """By extractor the peak of its workers, in MB, as that of the page `all`."""
    peaks = {summary.extractor: summary.cost.peak_memory for summary in summarise(run.records)}
    return {name: {"all": peak / 1e6} for name, peak in peaks.items() if peak}


def _broken_memory(
    name: str, ratio: Ratio, own: Mapping[str, float], reference: Mapping[str, float]
) -> Iterator[BrokenRule]:
    took, other = own["all"], reference["all"]
    if took > ratio.ratio * other:
        yield _broken(
            name, "memory", "peak", took / other, ratio.reference, ratio.ratio, f"{took:.3g} MB and {other:.3g} MB"
        )


def _broken_speed(name: str, ratio: Ratio, pages: Mapping[str, tuple[float, float]]) -> Iterator[BrokenRule]:
    """The limits that the ratios of the pages break. Each page is compared with itself, so that it does not matter which are
    slow for everyone; the sum and the worst page show slow pages that are too few to move the median.
    """
    ratios = {page: took / other for page, (took, other) in pages.items()}
    sides = [sum(side) for side in zip(*pages.values())]
    worst = max(ratios, key=lambda page: (ratios[page], page))
    on_worst = f"{worst}: {pages[worst][0]:.3g} ms and {pages[worst][1]:.3g} ms"
    for what, found, allowed, detail in (
        ("median of the pages' ratios", statistics.median(ratios.values()), ratio.ratio, plural(len(ratios), "page")),
        ("all pages together", sides[0] / sides[1], ratio.sum, f"{sides[0]:.3g} ms and {sides[1]:.3g} ms; {on_worst}"),
        ("worst page", ratios[worst], ratio.worst, on_worst),
    ):
        if found > allowed:
            yield _broken(name, "speed", what, found, ratio.reference, allowed, detail)


def _broken(name: str, rule: str, what: str, found: float, reference: str, allowed: float, detail: str) -> BrokenRule:
    shown, limit = f"{times(found)} times", f"{allowed:g} times"
    message = f"{rule} ({what}): {shown} {reference} ({detail}); {limit} allowed"
    return BrokenRule(name, rule, "", shown, limit, message)
