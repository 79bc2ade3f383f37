"""Real workers with faulty extractors: every fault has its outcome, and nobody else is harmed."""

import ctypes
import os
import signal
import socketserver
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from helpers import answers_of, can_cut_network, python_runnable, still_alive, text_page

from harness import launch
from harness.engine import local
from harness.engine.answer import FAILURES, OUTCOMES
from harness.page import Page
from harness.runnable import Runnable

FAULTY = Path(__file__).with_name("faulty_extractors.py")
MEMORY = 400 * 1024**2

EXPECTED = {
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


def runnable(function: str, source: Path = FAULTY, **options: object) -> Runnable:
    return python_runnable(source, function, **options)


def fault_page(name: str, url: str | None = None) -> Page:
    return text_page(f"fault: {name}\n", url)


def answers(events):
    return {(event.runnable.name, event.key): event.answer for event in events if isinstance(event, local.Result)}


def among_innocents(faults, timeout: float):
    """The answers to a page for each fault, with an innocent page before each and after the last one."""
    pages = []
    for name in faults:
        pages += [(f"before {name}", text_page(f"innocent page before {name}")), (name, fault_page(name))]
    pages.append(("last", text_page("innocent last page")))
    events = local.run([(runnable("faulty"), pages)], jobs=2, timeout=timeout, memory=MEMORY)
    return {key: answer for (_, key), answer in answers(events).items()}


@pytest.fixture(scope="module")
def all_faults():
    return among_innocents(EXPECTED, timeout=30) | among_innocents(HANGS, timeout=1.5)


@pytest.mark.parametrize(("fault", "outcome"), [*EXPECTED.items(), *((name, "timeout") for name in HANGS)])
def test_a_fault_has_its_outcome_and_says_why(all_faults, fault, outcome):
    answer = all_faults[fault]
    assert answer.outcome == outcome, answer
    assert bool(answer.error) == (outcome in FAILURES)
    assert "\n" not in answer.error
    assert bool(answer.text) == (outcome == "ok")


def test_innocent_pages_between_faults_are_unharmed(all_faults):
    innocent = {key: answer for key, answer in all_faults.items() if key not in {*EXPECTED, *HANGS}}
    assert len(innocent) == len(EXPECTED) + len(HANGS) + 1
    for key, answer in innocent.items():
        assert (answer.outcome, answer.text) == ("ok", "innocent last page" if key == "last" else f"innocent page {key}")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("exits_at_once", "exit code 3"),
        ("segfaults", "SIGSEGV"),
        ("reads_address_zero", "SIGSEGV"),
        ("raises", "ValueError: the ladder is too short at faulty_extractors.py:"),
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
    (answer,) = answers_of(runnable("faulty"), [fault_page("complains_and_hangs")], timeout=1)
    assert (answer.outcome, answer.stderr) == ("timeout", "waiting for the tide")


def test_an_exception_outside_exception_is_a_failure_that_names_it():
    pages = [("panic", fault_page("panics_outside_exception")), ("next", text_page("next page"))]
    found = answers(local.run([(runnable("faulty"), pages)], jobs=1, timeout=10))
    panic = found["faulty", "panic"]
    assert panic.outcome in ("error", "crash")
    assert "PanicException: index out of bounds" in panic.error + panic.stderr
    assert found["faulty", "next"].outcome == "ok"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import surely_not_installed\n", "surely_not_installed"),
        ("def other(page): return ''\n", "extract"),
        ("def extract(page:\n", "SyntaxError"),
        ("import sys; sys.exit(0)\n", "SystemExit"),
        ("import os; os._exit(7)\n", "exit code 7"),
    ],
)
def test_an_extractor_that_cannot_be_loaded_fails_every_page_and_no_other_extractor(tmp_path, source, words):
    (tmp_path / "broken.py").write_text(source)
    pages = [(str(n), text_page(f"page {n}")) for n in range(3)]
    runnables = [runnable("extract", tmp_path / "broken.py"), runnable("shouts")]
    found = answers(local.run([(r, pages) for r in runnables], jobs=2, timeout=10))
    assert [found["shouts", key].text for key, _ in pages] == ["PAGE 0!", "PAGE 1!", "PAGE 2!"]
    for key, _ in pages:
        assert found["extract", key].outcome in FAILURES
        assert words in found["extract", key].error


def test_options_of_a_variant_reach_the_function_and_unknown_ones_are_errors():
    pages = [("a", text_page("hear"))]
    good = answers(local.run([(runnable("shouts", mark="?"), pages)], jobs=1))
    bad = answers(local.run([(runnable("shouts", no_such_option=1), pages)], jobs=1))
    assert good["shouts", "a"].text == "HEAR?"
    assert bad["shouts", "a"].outcome == "error"
    assert "no_such_option" in bad["shouts", "a"].error


def test_one_result_for_each_pair_and_the_same_ones_for_any_number_of_jobs():
    pages = [(f"p{n}", fault_page("exits_at_once") if n in (5, 70) else text_page(f"page {n} of 130")) for n in range(130)]
    pages.append(("twin of p1", pages[1][1]))
    runnables = [runnable("faulty"), runnable("shouts"), runnable("missing_function")]

    def results(jobs):
        events = list(local.run([(r, pages) for r in runnables], jobs=jobs, timeout=20))
        for name in ("faulty", "shouts"):
            first = next(event for event in events if event.runnable.name == name)
            assert isinstance(first, local.Loaded)
        pairs = Counter((event.runnable.name, event.key) for event in events if isinstance(event, local.Result))
        assert pairs == {(r.name, key): 1 for r in runnables for key, _ in pages}
        return {pair: (answer.outcome, answer.text, answer.error) for pair, answer in answers(events).items()}

    alone = results(1)
    assert Counter(outcome for outcome, _, _ in alone.values()) == {"ok": 2 * 131 - 2, "crash": 2, "error": 131}
    assert results(5) == alone


def test_the_next_page_sees_the_working_directory_of_before(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    faults = ["tells_the_working_directory", "changes_the_working_directory", "tells_the_working_directory"]
    before, _, after = answers_of(runnable("faulty"), [fault_page(name) for name in faults])
    assert (before.text, after.text) == (str(tmp_path), str(tmp_path))
    assert (before.first, after.first) == (True, False), "the worker was not replaced"


def test_a_worker_is_replaced_after_some_pages_so_that_what_leaked_is_gone(monkeypatch):
    monkeypatch.setattr(local, "RECYCLE", 3)
    found = answers_of(runnable("leaks"), [text_page(f"page {n}") for n in range(7)])
    assert [answer.text for answer in found] == ["1", "2", "3", "1", "2", "3", "1"]


def test_the_first_page_of_every_worker_is_marked_and_timed_apart(monkeypatch):
    monkeypatch.setattr(local, "RECYCLE", 3)
    found = answers_of(runnable("leaks"), [text_page(text) for text in ("a", "b", "crash", "c", "d", "e", "f")])
    assert [answer.first for answer in found] == [True, False, False, True, False, False, True]
    for answer in found:
        if answer.outcome == "ok":
            timing = {name for name, value in answer.timing.items() if value is not None}
            assert timing == {"first_wall" if answer.first else "wall", "cpu", "peak_memory"}


def test_peak_memory_is_that_of_the_worker_and_not_of_the_harness():
    size = 300_000_000
    hoard = bytearray(b"x") * size  # of the process that starts the worker
    (answer,) = answers_of(runnable("faulty"), [text_page("a page")])
    del hoard
    assert 1_000_000 < answer.peak_memory < size / 3


def test_time_peak_memory_and_cost_of_a_page_are_measured():
    small, large, after = answers_of(
        runnable("faulty"), [text_page("a page"), fault_page("measures_itself"), text_page("another page")]
    )
    assert (large.outcome, large.cost) == ("ok", 0.75)
    assert large.wall >= 0.2 <= large.cpu
    assert 200_000_000 < large.peak_memory < 400_000_000
    assert (small.cost, after.cost) == (None, None)


def test_an_extractor_that_never_finishes_loading_fails_every_page_and_no_other_extractor(tmp_path, monkeypatch):
    monkeypatch.setattr(local, "START_TIMEOUT", 5)  # a hundredfold of what the other one needs
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(600)\ndef extract(page): return page.text\n")
    pages = [(str(n), text_page(f"page {n}")) for n in range(3)]
    found = answers(
        local.run([(r, pages) for r in (runnable("extract", tmp_path / "slow.py"), runnable("shouts"))], jobs=2, timeout=10)
    )
    assert [found["shouts", key].text for key, _ in pages] == ["PAGE 0!", "PAGE 1!", "PAGE 2!"]
    assert {found["extract", key].outcome for key, _ in pages} == {"timeout"}
    assert "5 s" in found["extract", "0"].error


@pytest.fixture
def server():
    """The address of a server on this machine that greets whoever connects."""

    class Greeter(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.sendall(b"good evening")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Greeter) as greeter:
        threading.Thread(target=greeter.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{greeter.server_address[1]}"
        greeter.shutdown()


def test_an_extractor_that_declares_a_network_has_one(server):
    (answer,) = answers_of(python_runnable(FAULTY, "faulty", network=True), [fault_page("connects", server)])
    assert answer.text == "good evening"


@pytest.mark.skipif(not can_cut_network(), reason="this system does not let us cut off a network")
def test_an_extractor_that_declares_no_network_has_none(server):
    refused, after = answers_of(runnable("faulty"), [fault_page("connects", server), text_page("next page")])
    assert refused.outcome == "error"
    assert "OSError" in refused.error
    assert after.text == "next page"


def test_a_system_that_half_forbids_namespaces_does_not_stop_an_extractor(monkeypatch):
    """Some grant the namespace and then refuse to let its users be mapped."""

    class Kernel:
        def unshare(self, flags: int) -> int:
            return -1 if flags == 0x40000000 else 0

    def refuse(*_: object) -> None:
        raise PermissionError("not for you")

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: Kernel())
    monkeypatch.setattr(launch, "open", refuse, raising=False)
    launch.cut_network()


@pytest.mark.parametrize(("runnables", "pages"), [([], [("a", text_page("a"))]), ([runnable("shouts")], [])])
def test_nothing_to_do_ends_at_once(runnables, pages):
    assert list(local.run([(r, pages) for r in runnables], jobs=4)) == []


@pytest.mark.parametrize(
    "fault", ["leaves_a_process_behind", "dies_and_leaves_a_process_behind", "dies_and_leaves_a_fork_behind"]
)
def test_a_grandchild_does_not_outlive_the_run(tmp_path, fault):
    pages = [("leaver", fault_page(fault, str(tmp_path))), ("next", text_page("next page"))]
    found = answers(local.run([(runnable("faulty"), pages)], jobs=1, timeout=2))
    assert found["faulty", "leaver"].outcome in OUTCOMES
    assert found["faulty", "next"].text == "next page"
    assert still_alive(tmp_path) == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("leaves_a_daemon_that_holds_every_pipe", "ok"),
        ("dies_and_leaves_a_daemon_that_holds_every_pipe", "crash"),
    ],
)
def test_a_daemon_that_left_the_process_group_delays_nobody(tmp_path, fault, outcome):
    try:
        found = answers_of(runnable("faulty"), [fault_page(fault, str(tmp_path)), text_page("next page")], timeout=60)
    finally:
        for note in tmp_path.iterdir():
            os.kill(int(note.name), signal.SIGKILL)
    assert [answer.outcome for answer in found] == [outcome, "ok"]
    assert found[1].text == "next page"


def test_closing_early_kills_the_workers_at_work(tmp_path):
    sleeper = ("sleeper", fault_page("notes_its_process_and_sleeps", str(tmp_path)))
    pages = [("quick", text_page("quick page"))] * 3 + [sleeper]
    events = local.run([(runnable("faulty"), [*pages, *pages])], jobs=1, timeout=600)
    for _ in range(4):
        next(events)
    while not any(tmp_path.iterdir()):
        time.sleep(0.02)
    events.close()
    assert still_alive(tmp_path) == []


def test_closing_early_does_not_wait_for_an_extractor_that_is_loading(tmp_path):
    (tmp_path / "slow.py").write_text(
        "import os, pathlib, time\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "(folder / 'loading').touch()\n"
        "time.sleep(60)\n"
        "(folder / 'loaded').touch()\n"
        "def extract(page): return page.text\n"
    )
    runnables = [runnable("shouts"), runnable("extract", tmp_path / "slow.py")]
    events = local.run([(r, [("a", text_page("a"))]) for r in runnables], jobs=1)
    next(event for event in events if isinstance(event, local.Result))
    while not (tmp_path / "loading").exists():
        time.sleep(0.02)
    events.close()
    assert not (tmp_path / "loaded").exists()
