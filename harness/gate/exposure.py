"""The gate's rule on exposure: hidden text comes out of an extractor by no technique more often than is accepted."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from harness import __version__
from harness.common.wording import plural
from harness.exposure.record import ACCEPTED, ExposureRecord
from harness.exposure.techniques import TECHNIQUES
from harness.gate.rules import ExposureRule
from harness.gate.verdict import BrokenRule, Doubt
from harness.runs.record import Run

_NAMED = 5  # techniques in a message


@dataclass(frozen=True)
class Exposures:
    """What `harness exposure` left behind."""

    measured: Mapping[str, ExposureRecord] = field(default_factory=dict)
    """By extractor, what was measured last."""
    accepted: Mapping[str, ExposureRecord] = field(default_factory=dict)
    """By extractor, what somebody has accepted."""


NO_EXPOSURES = Exposures()


def more_exposed(
    run: Run, rule: ExposureRule | None, extractors: Sequence[str], exposures: Exposures
) -> tuple[list[BrokenRule], list[Doubt]]:
    """What breaks the rule, and which extractors were not measured as it asks. Those for text dumps are not judged."""
    broken: list[BrokenRule] = []
    doubts: list[Doubt] = []
    if rule is None:
        return broken, doubts
    for name in extractors:
        if not _reads_html(name, run):
            continue
        measured, accepted = exposures.measured.get(name), exposures.accepted.get(name)
        if run.header.request.predictions:
            reason = f"exposure of {name} cannot be measured: its outputs were made elsewhere"
            doubts.append(Doubt(reason, "run the extractor with harness run, or take `exposure` out of the rules"))
        elif measured is None:
            doubts.append(Doubt(f"exposure of {name} was not measured", _measure(name, run)))
        elif unlike := list(_unlike(name, measured, run)):
            doubts.append(Doubt(f"exposure of {name} must be measured again: {', '.join(unlike)}", _measure(name, run)))
        elif accepted is None:
            accept = shlex.join(["harness", "exposure", "--accept", "-e", name])
            doubts.append(Doubt(f"{ACCEPTED} has nothing of {name}", f"{accept}, once it is as it should be"))
        elif len(worse := _worse(measured, accepted)) > rule.new:
            broken.append(_broken(name, worse, measured, accepted, rule))
    return broken, doubts


def _reads_html(name: str, run: Run) -> bool:
    """Whether HTML pages are an extractor's own track: records of other pages, which were converted for it, say so."""
    return any((one.media == "text/html") != one.coerced for one in run.records if one.extractor == name)


def _measure(name: str, run: Run) -> str:
    return shlex.join(["harness", "exposure", "-e", name, *run.header.request.environment_words()])


def _unlike(name: str, measured: ExposureRecord, run: Run) -> Iterator[str]:
    if measured.identity != run.header.extractor(name).identity:
        yield "it was measured with another version of the extractor or of its packages"
    if measured.harness != __version__ or set(measured.hidden) != {technique.name for technique in TECHNIQUES}:
        yield "it was measured with another version of the harness"


def _worse(measured: ExposureRecord, accepted: ExposureRecord) -> list[str]:
    """The techniques by which the sentence came out on a larger share of pages than accepted, the largest rise first.

    One that the accepted record does not have, since it is new, counts from 0.
    """
    before = {row.technique: row.share for row in accepted.rows()}
    rises = {
        row.technique: (row.share or 0.0) - (before.get(row.technique) or 0.0)
        for row in measured.rows()
        if row.group != "lookalike"
    }
    return sorted((name for name, rise in rises.items() if rise > 0), key=lambda name: -rises[name])


def _broken(
    name: str, worse: Sequence[str], measured: ExposureRecord, accepted: ExposureRecord, rule: ExposureRule
) -> BrokenRule:
    def pages(record: ExposureRecord, technique: str) -> str:
        tally = record.hidden.get(technique)
        return f"{tally.out} of {tally.pages}" if tally else "none"

    named = ", ".join(f"{one} {pages(measured, one)} pages ({pages(accepted, one)})" for one in worse[:_NAMED])
    more = f" and {len(worse) - _NAMED} more" if len(worse) > _NAMED else ""
    return BrokenRule(
        name,
        "exposure",
        "",
        plural(len(worse), "technique"),
        plural(rule.new, "technique"),
        f"hidden text comes out more often than accepted: {named}{more}",
    )
