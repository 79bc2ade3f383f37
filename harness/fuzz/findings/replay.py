"""Asks an extractor for the page of a finding again: is it fixed?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from harness.engine.seat import CannotLoad, Seat
from harness.fuzz.findings.finding import Finding
from harness.fuzz.measure import repeat
from harness.fuzz.measure.bench import Bench
from harness.fuzz.measure.relations import FLOORS, failure, severities

ReplayState = Literal["FIXED", "FAILED", "CHANGED", "ERROR"]

_AS_GOOD = 0.2  # of retention, by which the control page may come out worse than when the finding was made


@dataclass(frozen=True)
class ReplayResult:
    """What became of a finding."""

    finding: Finding
    """The finding."""

    state: ReplayState
    """`FAILED`: it fails in the same way; `CHANGED`: in another way; `FIXED`: it does not fail; `ERROR`: nobody can tell."""

    detail: str
    """Why."""

    severity: float = 0.0
    """How bad the failure is now, 0…1."""


def replay(finding: Finding, seat: Seat) -> ReplayResult:
    """The state of a finding with the extractor as it is now."""
    try:
        if finding.kind == "non-determinism":
            return _steady(finding, seat)
        if finding.kind == "non-idempotence":
            return _own_output(finding, seat)
        return _layout(finding, seat)
    except CannotLoad as error:
        return ReplayResult(finding, "ERROR", str(error))


def _layout(finding: Finding, seat: Seat) -> ReplayResult:
    if "control" not in finding.pages:
        return ReplayResult(finding, "ERROR", "the page without the change is missing; search again")
    bench = Bench(seat)
    before = bench.side_of(finding.pages["control"])
    if before.reading.failed:
        return ReplayResult(finding, "ERROR", f"the page without the change fails, too: {before.answer.error}")
    was = float(finding.before.get("retention") or 0.0)
    if before.reading.retention < was - _AS_GOOD:
        now = f"{before.reading.retention:.2f} of its main content comes out, {was:.2f} when the finding was made"
        return ReplayResult(finding, "CHANGED", f"the page without the change has changed: {now}")
    after = bench.side_of(finding.page, finding.inserted)
    found = failure(severities(before.truth, before.reading, after.truth, after.reading))
    if found is None:
        return ReplayResult(finding, "FIXED", f"F is {after.reading.f:.2f}, {before.reading.f:.2f} without the change")
    kind, severity = found
    if kind != finding.kind:
        return ReplayResult(finding, "CHANGED", f"{kind} {severity:.2f} instead of {finding.kind}", severity)
    return ReplayResult(finding, "FAILED", f"severity {severity:.2f}, {finding.severity:.2f} when it was found", severity)


def _steady(finding: Finding, seat: Seat) -> ReplayResult:
    before = finding.pages.get("before")
    severity = repeat.largest_difference(seat, finding.page.page, before.page if before else None)
    if severity < FLOORS["non-determinism"]:
        return ReplayResult(finding, "FIXED", "every answer is the same")
    return ReplayResult(finding, "FAILED", f"answers differ in {severity:.0%} of their words", severity)


def _own_output(finding: Finding, seat: Seat) -> ReplayResult:
    side = Bench(seat).side_of(finding.page)
    severity = 1 - side.reading.retention
    if side.reading.failed:
        return ReplayResult(finding, "CHANGED", f"{side.answer.outcome}: {side.answer.error}", 1.0)
    if severity < FLOORS["non-idempotence"]:
        return ReplayResult(finding, "FIXED", f"{side.reading.retention:.2f} of its own output comes out again")
    return ReplayResult(finding, "FAILED", f"{severity:.2f} of its own output is lost", severity)
