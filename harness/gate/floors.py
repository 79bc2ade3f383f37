"""Floors: values that extractors must reach over all pages, whatever the baseline says."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace

from harness.baseline.accept import sets_of, why_incomplete
from harness.baseline.model import Baseline
from harness.common.wording import did_you_mean, plural
from harness.gate.pages import TOLERANCE
from harness.gate.rules import Floor
from harness.gate.verdict import BrokenRule, Doubt, FloorResult
from harness.gate.wording import value_and_limit
from harness.goldens.hashes import goldens_hash
from harness.metrics import FAMILIES, METRICS
from harness.runs.record import Record, Run
from harness.runs.summary import average_repeats


def judge_floors(
    run: Run, after: Baseline, floors: Sequence[Floor]
) -> tuple[list[FloorResult], list[BrokenRule], list[Doubt]]:
    """The value of each floor, the floors that are not reached, and those of which nobody can tell. after: what the run
    measured."""
    results: list[FloorResult] = []
    broken: list[BrokenRule] = []
    doubts: list[Doubt] = []
    for floor in floors:
        own = [record for record in run.records if record.extractor == floor.extractor and floor.set in ("", record.set)]
        metric = METRICS[floor.metric]
        pages = average_repeats(own)
        valued = [page for page in pages if _has_value(page, floor.metric)]
        unscored = {record.golden: record.unscored[floor.metric] for record in own if floor.metric in record.unscored}
        value = metric.over_pages(pages) if pages else None
        found = goldens_hash({record.golden: run.header.golden(record.golden).hashes for record in own})
        again = shlex.join(run.header.request.to_words())
        if not pages:
            doubts.append(_not_run(run, after, floor))
        elif value is None:
            asked = shlex.join(run.header.request.with_metrics([floor.metric]).to_words())
            doubts.append(Doubt(f"there is a floor for {floor}, which has no value", asked))
        elif unscored:
            reason = next(iter(unscored.values()))
            message = f"the floor for {floor} is for all pages, and it failed on {plural(len(unscored), 'page')}: {reason}"
            doubts.append(Doubt(message, f"mend the metric, then {again}", tuple(unscored)))
        elif floor.goldens and floor.goldens != found:
            message = f"the floor for {floor} is for the goldens {floor.goldens}, and the run has {found}"
            doubts.append(Doubt(message, "look at what changed; then write that hash and the new value into the rules"))
        elif not floor.goldens and (reasons := _left_out(run, after)):
            message = f"the floor for {floor} is for all pages, and the run may lack some: {', '.join(reasons)}"
            doubts.append(Doubt(message, f"run all pages, or pin those of the run: goldens = '{found}'"))
        else:
            results.append(FloorResult(floor.extractor, floor.metric, floor.set, floor.value, value, len(valued), found))
            short = (floor.value - value) * (1 if metric.higher_is_better else -1)
            if short > TOLERANCE:
                broken.append(_broken(floor, value, len(valued)))
    return results, broken, doubts


def _not_run(run: Run, after: Baseline, floor: Floor) -> Doubt:
    """The run lacks the extractor of a floor, or its set."""
    request = run.header.request
    message = f"there is a floor for {floor.extractor}{f' on {floor.set}' if floor.set else ''}, which the run does not have"
    if floor.extractor not in after.extractors:
        request = request.with_extractors((*after.extractors, floor.extractor))
        message += did_you_mean(floor.extractor, after.extractors)
    if floor.set and floor.set not in (sets := sets_of(after)):
        request = replace(request, goldens=(*(request.goldens or sets), floor.set))
        message += did_you_mean(floor.set, sets)
    return Doubt(message, shlex.join(request.to_words()))


def _has_value(page: Record, metric: str) -> bool:
    """Whether a page counts in the metric over all pages: it has a value, or counts that one is computed from."""
    return any(page.scores.get(name) is not None for name in (metric, *FAMILIES[metric].counts))


def _left_out(run: Run, after: Baseline) -> list[str]:
    skipped = run.header.skipped
    gone = [f"{plural(len(skipped), 'page')} could not be found"] if skipped else []
    return [*why_incomplete(run, after), *gone]


def _broken(floor: Floor, value: float, pages: int) -> BrokenRule:
    found, limit = value_and_limit(value, floor.value)
    bound = "least" if METRICS[floor.metric].higher_is_better else "most"
    message = f"{floor.metric} is {found} over {plural(pages, 'page')}; at {bound} {limit} is required"
    where = f"set {floor.set}" if floor.set else ""
    return BrokenRule(floor.extractor, "floor", where, found, limit, message)
