"""Real workers with faulty extractors: every fault has its outcome, and nobody else is harmed."""

import os
import time
from collections import Counter
from pathlib import Path

import pytest

from harness.engine import local
from harness.engine.answer import FAILURES, OUTCOMES
from harness.page import Page
from harness.registry import Runnable

FAULTY = Path(__file__).with_name("faulty_extractors.py")
MEMORY = 400 * 1024**2

EXPECTED = {
    "endless_loop": "timeout",
    "exits_at_once": "crash",
    "segfaults": "crash",
    "reads_address_zero": "crash",
    "raises": "error",
    "raises_unprintable": "error",
    "raises_with_surrogates": "error",
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
    "prints_a_forged_answer": "ok",
    "closes_stdout": "ok",
    "reads_standard_input": "ok",
    "closes_everything": "crash",
    "closes_everything_and_stays": "timeout",
    "scribbles_into_every_pipe": "invalid",
}


def runnable(function: str, source: Path = FAULTY, **options: object) -> Runnable:
    return Runnable(function, str(source), function, None, options, "text/plain", False)


def text_page(text: str, url: str | None = None) -> Page:
    return Page(text.encode(), "text/plain", url)


def fault_page(name: str, url: str | None = None) -> Page:
    return text_page(f"fault: {name}\n", url)


def answers(events):
    return {(event.runnable.name, event.key): event.answer for event in events if isinstance(event, local.Result)}


def is_alive(pid: int) -> bool:
    try:
        # A killed process whose parent is gone may stay as a zombie where nobody reaps it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()


def still_alive(folder: Path) -> list[int]:
    """The processes noted in a folder that live; killed ones are given a moment to go."""
    pids = [int(path.name) for path in folder.iterdir()]
    assert pids, "no process was noted: the test tests nothing"
    for _ in range(100):
        if not any(map(is_alive, pids)):
            break
        time.sleep(0.05)
    return [pid for pid in pids if is_alive(pid)]


@pytest.fixture(scope="module")
def all_faults():
    """The answers to a page for each fault, with an innocent page before each and after the last one."""
    pages = []
    for name in EXPECTED:
        pages += [(f"before {name}", text_page(f"innocent page before {name}")), (name, fault_page(name))]
    pages.append(("last", text_page("innocent last page")))
    events = local.run([runnable("faulty")], pages, jobs=2, timeout=3, memory=MEMORY)
    return {key: answer for (_, key), answer in answers(events).items()}


@pytest.mark.parametrize(("fault", "outcome"), EXPECTED.items())
def test_a_fault_has_its_outcome_and_says_why(all_faults, fault, outcome):
    answer = all_faults[fault]
    assert answer.outcome == outcome, answer
    assert bool(answer.error) == (outcome in FAILURES)
    assert bool(answer.text) == (outcome == "ok")


def test_innocent_pages_between_faults_are_unharmed(all_faults):
    innocent = {key: answer for key, answer in all_faults.items() if key not in EXPECTED}
    assert len(innocent) == len(EXPECTED) + 1
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
        ("endless_loop", "3 s"),
    ],
)
def test_the_reason_names_what_happened(all_faults, fault, words):
    assert words in all_faults[fault].error


def test_what_an_extractor_prints_or_reads_does_not_reach_the_protocol(all_faults):
    for fault in ("prints_megabytes", "prints_a_forged_answer", "closes_stdout"):
        assert all_faults[fault].text == "the answer"
    assert all_faults["reads_standard_input"].text == "read: ''"


def test_an_exception_outside_exception_is_a_failure_that_names_it():
    pages = [("panic", fault_page("panics_outside_exception")), ("next", text_page("next page"))]
    found = answers(local.run([runnable("faulty")], pages, jobs=1, timeout=10))
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
    found = answers(local.run(runnables, pages, jobs=2, timeout=10))
    assert [found["shouts", key].text for key, _ in pages] == ["PAGE 0!", "PAGE 1!", "PAGE 2!"]
    for key, _ in pages:
        assert found["extract", key].outcome in FAILURES
        assert words in found["extract", key].error


def test_options_of_a_variant_reach_the_function_and_unknown_ones_are_errors():
    pages = [("a", text_page("hear"))]
    good = answers(local.run([runnable("shouts", mark="?")], pages, jobs=1))
    bad = answers(local.run([runnable("shouts", no_such_option=1)], pages, jobs=1))
    assert good["shouts", "a"].text == "HEAR?"
    assert bad["shouts", "a"].outcome == "error"
    assert "no_such_option" in bad["shouts", "a"].error


def test_one_result_for_each_pair_and_the_same_ones_for_any_number_of_jobs():
    pages = [(f"p{n}", fault_page("exits_at_once") if n in (5, 70) else text_page(f"page {n} of 130")) for n in range(130)]
    pages.append(("twin of p1", pages[1][1]))
    runnables = [runnable("faulty"), runnable("shouts"), runnable("missing_function")]

    def results(jobs):
        events = list(local.run(runnables, pages, jobs=jobs, timeout=20))
        for name in ("faulty", "shouts"):
            first = next(event for event in events if event.runnable.name == name)
            assert isinstance(first, local.Loaded)
        pairs = Counter((event.runnable.name, event.key) for event in events if isinstance(event, local.Result))
        assert pairs == {(r.name, key): 1 for r in runnables for key, _ in pages}
        return {pair: (answer.outcome, answer.text, answer.error) for pair, answer in answers(events).items()}

    alone = results(1)
    assert Counter(outcome for outcome, _, _ in alone.values()) == {"ok": 2 * 131 - 2, "crash": 2, "error": 131}
    assert results(5) == alone


@pytest.mark.parametrize(("runnables", "pages"), [([], [("a", text_page("a"))]), ([runnable("shouts")], [])])
def test_nothing_to_do_ends_at_once(runnables, pages):
    assert list(local.run(runnables, pages, jobs=4)) == []


@pytest.mark.parametrize(
    "fault", ["leaves_a_process_behind", "dies_and_leaves_a_process_behind", "dies_and_leaves_a_fork_behind"]
)
def test_a_grandchild_does_not_outlive_the_run(tmp_path, fault):
    pages = [("leaver", fault_page(fault, str(tmp_path))), ("next", text_page("next page"))]
    found = answers(local.run([runnable("faulty")], pages, jobs=1, timeout=2))
    assert found["faulty", "leaver"].outcome in OUTCOMES
    assert found["faulty", "next"].text == "next page"
    assert still_alive(tmp_path) == []


def test_closing_early_kills_the_workers_at_work(tmp_path):
    sleeper = ("sleeper", fault_page("notes_its_process_and_sleeps", str(tmp_path)))
    pages = [("quick", text_page("quick page"))] * 3 + [sleeper]
    events = local.run([runnable("faulty")], [*pages, *pages], jobs=1, timeout=600)
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
        "time.sleep(8)\n"
        "(folder / 'loaded').touch()\n"
        "def extract(page): return page.text\n"
    )
    events = local.run([runnable("shouts"), runnable("extract", tmp_path / "slow.py")], [("a", text_page("a"))], jobs=1)
    next(event for event in events if isinstance(event, local.Result))
    while not (tmp_path / "loading").exists():
        time.sleep(0.02)
    events.close()
    assert not (tmp_path / "loaded").exists()
