"""No process outlives a run, and none delays its end."""

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
    found = by_page(run_pages([(bad_extractor("faulty"), pages)], jobs=1, timeout=60))
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


def test_closing_early_kills_the_workers_at_work(tmp_path):
    sleeper = ("sleeper", fault_page("notes_its_process_and_sleeps", str(tmp_path)))
    pages = [("quick", text_page("quick page"))] * 3 + [sleeper]
    events = run_pages([(bad_extractor("faulty"), [*pages, *pages])], jobs=1, timeout=600)
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
    runnables = [bad_extractor("shouts"), bad_extractor("extract", tmp_path / "slow.py")]
    events = run_pages([(r, [("a", text_page("a"))]) for r in runnables], jobs=1)
    next(event for event in events if isinstance(event, Answered))
    while not (tmp_path / "loading").exists():
        time.sleep(0.02)
    events.close()
    assert not (tmp_path / "loaded").exists()
