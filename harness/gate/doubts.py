"""Why the gate cannot answer, or not in full: nothing measured is never green."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from harness.baseline.model import Baseline
from harness.common.wording import command_line, did_you_mean, plural
from harness.datasets.choice import Choice
from harness.gate.verdict import Doubt, JudgedPage
from harness.runs.record import Run

_ACCEPT = "harness accept"


def doubts_of(
    run: Run,
    before: Baseline,
    after: Baseline,
    judged: Sequence[JudgedPage],
    metric: str,
    watch: Sequence[str],
    run_name: str,
) -> Iterator[Doubt]:
    """What could not be judged, the most basic reason first. watch: the metrics that are watched beside `metric`."""
    if not run.finished:
        yield Doubt(f"run {run.id} was not finished", command_line("run", "--resume", run.id))
    for name, reason in run.not_loaded.items():
        if before.rows and name not in before.extractors:
            continue
        yield Doubt(f"{name} could not be loaded: {reason}", f"harness run -e {shlex.quote(name)}, once it can be")
    if not after.rows:
        yield Doubt(f"run {run.id} holds no result", "harness run")
        return
    if not before.rows:
        yield Doubt("the baseline is empty", _ACCEPT)
        return
    yield from _missing_extractors(run, before, after)
    yield from _missing_goldens(run, before, after)
    for name in before.extractors:
        pages = [
            page.golden
            for page in judged
            if page.extractor == name
            and page.state == "missing"
            and name in after.extractors
            and page.golden in after.goldens
        ]
        if pages:
            yield Doubt(f"{name} was not run on {plural(len(pages), 'page')} of the baseline", "harness run", tuple(pages))
    reasons: dict[str, dict[str, None]] = {}
    for page in judged:
        if page.state == "not comparable":
            reasons.setdefault(page.why, {})[page.golden] = None
    for why, goldens in reasons.items():
        yield Doubt(
            f"{plural(len(goldens), 'page')} cannot be compared: {why}",
            f"look at what changed, then {_ACCEPT} {shlex.quote(run_name)}",
            tuple(goldens),
        )
    unkept = [name for name in watch if _has(after, name) and not _has(before, name)]
    if unkept and not reasons:
        yield Doubt(f"the baseline has no value of {', '.join(unkept)}", f"{_ACCEPT} {shlex.quote(run_name)}")
    valued = [page for page in judged if page.extractor in before.extractors and page.before and page.after and not page.why]
    if not reasons and any(page.before and page.after for page in judged) and not valued:
        yield Doubt(f"no page has a value of {metric}", "set `metric` in the rules to one that the goldens have values of")


def _has(side: Baseline, metric: str) -> bool:
    return any(metric in row.scores for row in side.rows.values())


def _missing_extractors(run: Run, before: Baseline, after: Baseline) -> Iterator[Doubt]:
    unjudged = [name for name in after.extractors if name not in before.extractors]
    for name in before.extractors:
        if name not in after.extractors and name not in run.not_loaded:
            hint = did_you_mean(name, unjudged) or (f"; the run has {', '.join(unjudged)}" if unjudged else "")
            again = replace(run.header.request, extractors=tuple(before.extractors))
            remedy = f"{shlex.join(again.to_words())}; if it is gone or has another name, {_ACCEPT} --prune"
            yield Doubt(f"the extractor {name} of the baseline is not in the run{hint}", remedy)


def _missing_goldens(run: Run, before: Baseline, after: Baseline) -> Iterator[Doubt]:
    gone = [golden_id for golden_id in before.goldens if golden_id not in after.goldens]
    skipped = [golden_id for golden_id in gone if golden_id in run.header.skipped]
    if skipped:
        message = f"{plural(len(skipped), 'page')} of the baseline could not be found"
        yield Doubt(message, "supply them with harness run --dumps DIR", tuple(skipped))
    others = [golden_id for golden_id in gone if golden_id not in skipped]
    if others:
        broken = run.header.broken
        everything = replace(run.header.request, choice=Choice())
        again = f"{shlex.join(everything.to_words())}; if they are gone, {_ACCEPT} --prune"
        remedy = "harness check" if broken else again
        why = ", which left out broken goldens" if broken else ""
        yield Doubt(f"{plural(len(others), 'golden')} of the baseline not in the run{why}", remedy, tuple(others))
