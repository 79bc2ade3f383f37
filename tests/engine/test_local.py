"""One answer for each pair, for any number of processes; what a worker is told, and what is measured of it."""

from collections import Counter

import pytest

from factories.extractors import answers_of, run_pages
from factories.faults import bad_extractor, by_page, fault_page
from factories.pages import text_page
from harness.engine import seat
from harness.engine.base import Answered, Loaded, Task
from harness.engine.local import LocalEngine


def test_options_of_a_variant_reach_the_function_and_unknown_ones_are_errors():
    pages = [("a", text_page("hear"))]
    good = by_page(run_pages([(bad_extractor("shouts", mark="?"), pages)]))
    bad = by_page(run_pages([(bad_extractor("shouts", no_such_option=1), pages)]))
    assert good["shouts", "a"].text == "HEAR?"
    assert bad["shouts", "a"].outcome == "error"
    assert "no_such_option" in bad["shouts", "a"].error


def test_one_result_for_each_pair_in_the_order_of_the_tasks():
    pages = [(f"p{n}", fault_page("exits_at_once") if n in (5, 70) else text_page(f"page {n} of 130")) for n in range(130)]
    pages.append(("twin of p1", pages[1][1]))
    runnables = [bad_extractor("faulty"), bad_extractor("shouts"), bad_extractor("missing_function")]
    events = list(run_pages([(r, pages) for r in runnables], timeout=20))
    for name in ("faulty", "shouts"):
        first = next(event for event in events if event.runnable.name == name)
        assert isinstance(first, Loaded)
    pairs = [(event.runnable.name, event.key) for event in events if isinstance(event, Answered)]
    assert pairs == [(r.name, key) for r in runnables for key, _ in pages]
    outcomes = Counter(answer.outcome for answer in by_page(events).values())
    assert outcomes == {"ok": 2 * 131 - 2, "crash": 2, "error": 131}


def test_workers_are_kept_from_run_to_run_as_long_as_the_engine_is_entered():
    counts = bad_extractor("leaks")

    def counted(engine):
        events = engine.run([Task(n, counts, text_page(f"page {n}")) for n in range(2)])
        return [event.answer.text for event in events if isinstance(event, Answered)]

    with LocalEngine(timeout=20) as engine:
        assert counted(engine) + counted(engine) == ["1", "2", "3", "4"]
    assert counted(engine) + counted(engine) == ["1", "2", "1", "2"]


def test_the_next_page_sees_the_working_directory_of_before(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    faults = ["tells_the_working_directory", "changes_the_working_directory", "tells_the_working_directory"]
    before, _, after = answers_of(bad_extractor("faulty"), [fault_page(name) for name in faults])
    assert (before.text, after.text) == (str(tmp_path), str(tmp_path))
    assert (before.first, after.first) == (True, False), "the worker was not replaced"


def test_a_worker_is_replaced_after_some_pages_so_that_what_leaked_is_gone(monkeypatch):
    monkeypatch.setattr(seat, "RECYCLE", 3)
    found = answers_of(bad_extractor("leaks"), [text_page(f"page {n}") for n in range(7)])
    assert [answer.text for answer in found] == ["1", "2", "3", "1", "2", "3", "1"]


def test_the_first_page_of_every_worker_is_marked_and_timed_apart(monkeypatch):
    monkeypatch.setattr(seat, "RECYCLE", 3)
    found = answers_of(bad_extractor("leaks"), [text_page(text) for text in ("a", "b", "crash", "c", "d", "e", "f")])
    assert [answer.first for answer in found] == [True, False, False, True, False, False, True]
    for answer in found:
        if answer.outcome == "ok":
            timing = {name for name, value in answer.timing.items() if value is not None}
            assert timing == {"first_wall" if answer.first else "wall", "cpu", "peak_memory"}


def test_peak_memory_is_that_of_the_worker_and_not_of_the_harness():
    size = 300_000_000
    hoard = bytearray(b"x") * size  # of the process that starts the worker
    (answer,) = answers_of(bad_extractor("faulty"), [text_page("a page")])
    del hoard
    assert 1_000_000 < answer.peak_memory < size / 3


def test_time_peak_memory_and_cost_of_a_page_are_measured():
    small, large, after = answers_of(
        bad_extractor("faulty"), [text_page("a page"), fault_page("measures_itself"), text_page("another page")]
    )
    assert (large.outcome, large.cost) == ("ok", 0.75)
    assert large.wall >= 0.2 <= large.cpu
    assert 200_000_000 < large.peak_memory < 400_000_000
    assert (small.cost, after.cost) == (None, None)


@pytest.mark.parametrize(("runnables", "pages"), [([], [("a", text_page("a"))]), ([bad_extractor("shouts")], [])])
def test_nothing_to_do_ends_at_once(runnables, pages):
    assert list(run_pages([(r, pages) for r in runnables])) == []
