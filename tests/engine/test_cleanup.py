"""No process outlives a run, and none delays its end."""

import signal
import threading
import time

import pytest

from factories.extractors import answers_of, run_pages
from factories.faults import bad_extractor, by_page, fault_page
from factories.pages import text_page
from factories.processes import can_separate, still_alive
from harness.engine.answer import OUTCOMES
from harness.engine.base import Answered


@pytest.mark.parametrize(
    "fault", ["leaves_a_process_behind", "dies_and_leaves_a_process_behind", "dies_and_leaves_a_fork_behind"]
)
def test_a_grandchild_does_not_outlive_the_run(tmp_path, fault):
    pages = [("leaver", fault_page(fault, str(tmp_path))), ("next", text_page("next page"))]
    found = by_page(run_pages([(bad_extractor("faulty"), pages)], timeout=60))
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
def test_a_daemon_that_left_the_process_group_delays_nobody_and_does_not_outlive_the_run(tmp_path, fault, outcome):
    found = answers_of(bad_extractor("faulty"), [fault_page(fault, str(tmp_path)), text_page("next page")], timeout=60)
    assert still_alive(tmp_path) == []
    assert [answer.outcome for answer in found] == [outcome, "ok"]
    assert found[1].text == "next page"


@pytest.mark.skipif(not can_separate(), reason="on this system, extractors may kill any process of their user")
@pytest.mark.parametrize("fault", ["leaves_a_daemon_and_kills_its_launcher", "leaves_a_daemon_and_kills_all_that_it_may"])
def test_an_extractor_that_kills_others_only_reaches_its_own(tmp_path, fault):
    found = answers_of(bad_extractor("faulty"), [fault_page(fault, str(tmp_path)), text_page("next page")], timeout=60)
    assert still_alive(tmp_path) == []
    assert [(answer.outcome, answer.text) for answer in found] == [("ok", "the answer"), ("ok", "next page")]


@pytest.fixture
def interrupted(tmp_path):
    """Interrupts the test, as Ctrl-C does, once there is a file in its folder."""

    def wait():
        while not any(tmp_path.iterdir()):
            time.sleep(0.02)
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    waiting = threading.Thread(target=wait)
    yield waiting
    waiting.join()
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_kills_the_worker_at_work(tmp_path, interrupted):
    pages = [("quick", text_page("quick page")), ("sleeper", fault_page("notes_its_process_and_sleeps", str(tmp_path)))]
    interrupted.start()
    with pytest.raises(KeyboardInterrupt):
        list(run_pages([(bad_extractor("faulty"), pages)], timeout=600))
    assert still_alive(tmp_path) == []


def test_an_interrupt_does_not_wait_for_an_extractor_that_is_loading(tmp_path, interrupted):
    folder = tmp_path / "noted"
    (tmp_path.parent / "slow.py").write_text(
        f"import pathlib, time\npathlib.Path({str(folder)!r}).touch()\ntime.sleep(60)\n"
        f"pathlib.Path({str(folder)!r}).unlink()\ndef extract(page): return page.text\n"
    )
    interrupted.start()
    with pytest.raises(KeyboardInterrupt):
        list(run_pages([(bad_extractor("extract", tmp_path.parent / "slow.py"), [("a", text_page("a"))])]))
    assert folder.exists()


def test_closing_early_ends_the_workers(tmp_path):
    pages = [("leaver", fault_page("leaves_a_process_behind", str(tmp_path))), ("next", text_page("next page"))]
    events = run_pages([(bad_extractor("faulty"), pages)], timeout=60)
    next(event for event in events if isinstance(event, Answered))
    events.close()
    assert still_alive(tmp_path) == []
