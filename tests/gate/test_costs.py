"""Time and memory are judged as ratios to another extractor of the same run."""

from __future__ import annotations

from dataclasses import replace

from factories.records import EVERYTHING, counted, run_of
from factories.verdicts import gated
from harness.common.errors import CANNOT_TELL, OK
from harness.gate.rules import Ratio, Rules
from harness.runs.record import Record


def timed(extractor: str, seconds: float, *, cached: bool = False) -> Record:
    timing = {"wall": seconds, "peak_memory": 1e8 * seconds}
    return replace(counted(extractor=extractor), timing=timing, cached=cached)


def test_time_and_memory_are_ratios_to_an_extractor_of_the_same_run():
    run = run_of(timed("x", 0.5), timed("reference", 0.1))
    for name in ("speed", "memory"):
        assert gated(run, run, Rules(**{name: Ratio("reference", 5)})).code == OK
        verdict = gated(run, run, Rules(**{name: Ratio("reference", 4.9)}))
        assert [(rule.extractor, rule.rule, rule.found) for rule in verdict.broken] == [("x", name, "5.0 times")]
        known = run_of(timed("x", 0.5, cached=True), timed("reference", 0.1))
        assert gated(run, known, Rules(**{name: Ratio("reference", 4)})).code == CANNOT_TELL
        assert gated(run, run, Rules(**{name: Ratio("other", 5)})).code == CANNOT_TELL
        untimed = run_of(counted(), timed("reference", 0.1))
        assert gated(run, untimed, Rules(**{name: Ratio("reference", 5)})).code == CANNOT_TELL
    assert gated(run, run_of(timed("x", 9.0), timed("reference", 0.1))).code == OK  # nobody asked


def test_what_was_not_timed_is_run_by_the_whole_command_of_the_run():
    run = run_of(
        timed("x", 0.5, cached=True), timed("reference", 0.1), arguments={**EVERYTHING, "goldens": ["core"], "timeout": 5.0}
    )
    (doubt,) = gated(run, run, Rules(speed=Ratio("reference", 9))).doubts
    assert doubt.remedy == "harness run -g core --timeout 5 --fresh"
