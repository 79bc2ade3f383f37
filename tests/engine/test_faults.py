"""Every fault of an extractor has its outcome and its reason, and the pages around it are unharmed."""

import pytest

from factories.extractors import answers_of, run_pages
from factories.faults import MEMORY, bad_extractor, by_page, fault_page
from factories.pages import text_page
from harness.engine.answer import FAILURES

FAULT_OUTCOMES = {
    "exits_at_once": "crash",
    "segfaults": "crash",
    "reads_address_zero": "crash",
    "raises": "error",
    "raises_unprintable": "error",
    "raises_with_surrogates": "error",
    "raises_with_bytes_that_are_not_utf_8": "error",
    "raises_with_escapes": "error",
    "leaves_by_sys_exit": "error",
    "recurses_forever": "error",
    "returns_none": "invalid",
    "returns_bytes": "invalid",
    "returns_int": "invalid",
    "returns_surrogates": "invalid",
    "returns_spaces": "empty",
    "eats_memory": "memory",
    "asks_for_a_terabyte": "memory",
    "prints_megabytes": "ok",
    "prints_a_gigabyte": "ok",
    "prints_a_forged_answer": "ok",
    "closes_stdout": "ok",
    "reads_standard_input": "ok",
    "installs_signal_handlers": "ok",
    "changes_the_working_directory": "ok",
    "closes_everything": "crash",
    "scribbles_into_every_pipe": "invalid",
}
HANGS = ("endless_loop", "endless_loop_in_c", "endless_loop_deaf_to_signals", "closes_everything_and_stays")


def among_innocents(faults, timeout: float):
    """The answers to a page for each fault, with an innocent page before each and after the last one."""
    pages = []
    for name in faults:
        pages += [(f"before {name}", text_page(f"innocent page before {name}")), (name, fault_page(name))]
    pages.append(("last", text_page("innocent last page")))
    events = run_pages([(bad_extractor("faulty"), pages)], timeout=timeout, memory=MEMORY)
    return {key: answer for (_, key), answer in by_page(events).items()}


@pytest.fixture(scope="module")
def all_faults():
    return among_innocents(FAULT_OUTCOMES, timeout=30) | among_innocents(HANGS, timeout=1.5)


@pytest.mark.parametrize(("fault", "outcome"), [*FAULT_OUTCOMES.items(), *((name, "timeout") for name in HANGS)])
def test_a_fault_has_its_outcome_and_says_why(all_faults, fault, outcome):
    answer = all_faults[fault]
    assert answer.outcome == outcome, answer
    assert bool(answer.error) == (outcome in FAILURES)
    assert "\n" not in answer.error
    assert bool(answer.text) == (outcome == "ok")


def test_innocent_pages_between_faults_are_unharmed(all_faults):
    innocent = {key: answer for key, answer in all_faults.items() if key not in {*FAULT_OUTCOMES, *HANGS}}
    assert len(innocent) == len(FAULT_OUTCOMES) + len(HANGS) + 1
    for key, answer in innocent.items():
        assert (answer.outcome, answer.text) == ("ok", "innocent last page" if key == "last" else f"innocent page {key}")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("exits_at_once", "exit code 3"),
        ("segfaults", "SIGSEGV"),
        ("reads_address_zero", "SIGSEGV"),
        ("raises", "ValueError: the ladder is too short at faulty.py:"),
        ("raises_unprintable", "Unprintable"),
        ("raises_with_surrogates", "half a character"),
        ("leaves_by_sys_exit", "SystemExit: enough"),
        ("recurses_forever", "RecursionError"),
        ("returns_none", "NoneType"),
        ("returns_bytes", "bytes"),
        ("raises_with_bytes_that_are_not_utf_8", "no file caf"),
        ("eats_memory", "memory limit"),
        ("endless_loop", "1.5 s"),
    ],
)
def test_the_reason_names_what_happened(all_faults, fault, words):
    assert words in all_faults[fault].error


def test_what_an_extractor_prints_or_reads_does_not_reach_the_protocol(all_faults):
    for fault in ("prints_megabytes", "prints_a_gigabyte", "prints_a_forged_answer", "closes_stdout"):
        assert all_faults[fault].text == "the answer"
    assert all_faults["reads_standard_input"].text == "read: ''"


def test_the_end_of_standard_error_is_kept_whatever_its_bytes(all_faults):
    assert all_faults["raises_with_bytes_that_are_not_utf_8"].stderr.endswith("stderr: \ufffd\ufffd")


def test_what_an_extractor_wrote_to_standard_error_before_it_hung_is_kept():
    (answer,) = answers_of(bad_extractor("faulty"), [fault_page("complains_and_hangs")], timeout=1)
    assert (answer.outcome, answer.stderr) == ("timeout", "waiting for the tide")


@pytest.mark.parametrize(("fault", "outcome"), [("hoards_for_good", "memory"), ("hoards_for_good_and_answers", "ok")])
def test_what_a_page_keeps_in_memory_is_not_missing_for_the_next_ones(fault, outcome):
    pages = [text_page("first page"), fault_page(fault), *[fault_page("needs_memory")] * 4]
    found = answers_of(bad_extractor("faulty"), pages, memory=MEMORY)
    assert [answer.outcome for answer in found] == ["ok", outcome, "ok", "ok", "ok", "ok"]
    assert found[2].text == "100000000 bytes"


def test_an_exception_outside_exception_is_a_failure_that_names_it():
    pages = [("panic", fault_page("panics_outside_exception")), ("next", text_page("next page"))]
    found = by_page(run_pages([(bad_extractor("faulty"), pages)], timeout=10))
    panic = found["faulty", "panic"]
    assert panic.outcome in ("error", "crash")
    assert "PanicException: index out of bounds" in panic.error + panic.stderr
    assert found["faulty", "next"].outcome == "ok"
