"""A process that crashed, and gave its answer only when it was asked anew, is no green."""

from __future__ import annotations

from factories.records import counted, run_of
from factories.verdicts import gated
from harness.baseline.file import read_baseline, write_baseline
from harness.baseline.model import baseline_of
from harness.common.errors import CANNOT_TELL, OK

SOUND = run_of(counted("core/a"), counted("core/b"))
CRASHED = run_of(counted("core/a"), counted("core/b", retried="crash: killed by SIGSEGV"))
USED_UP = run_of(counted("core/a"), counted("core/b", retried="memory: the worker's memory limit was reached"))


def test_more_crashes_than_the_baseline_has_are_no_green():
    verdict = gated(SOUND, CRASHED)
    assert verdict.code == CANNOT_TELL
    (doubt,) = verdict.doubts
    assert "1 of 2 outputs: crash: killed by SIGSEGV" in doubt.message
    assert doubt.goldens == ("core/b",)


def test_crashes_that_were_accepted_and_memory_that_was_used_up_are_no_reason():
    assert [gated(CRASHED, CRASHED).code, gated(CRASHED, SOUND).code, gated(SOUND, USED_UP).code] == [OK] * 3


def test_a_baseline_keeps_their_number(tmp_path):
    for run, number in ((CRASHED, 1), (SOUND, 0)):
        write_baseline(baseline_of(run), tmp_path / "baseline.json")
        assert read_baseline(tmp_path / "baseline.json").extractors["x"].retried == number
