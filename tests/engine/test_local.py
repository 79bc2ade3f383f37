"""One answer for each pair, for any number of processes; what a worker is told, and what is measured of it."""

from collections import Counter

import pytest

from factories.extractors import answers_of
from factories.faults import bad_extractor, by_page, fault_page
from factories.pages import text_page
from harness.engine import local


def test_options_of_a_variant_reach_the_function_and_unknown_ones_are_errors():
    pages = [("a", text_page("hear"))]
    good = by_page(local.run([(bad_extractor("shouts", mark="?"), pages)], jobs=1))
    bad = by_page(local.run([(bad_extractor("shouts", no_such_option=1), pages)], jobs=1))
    assert good["shouts", "a"].text == "HEAR?"
    assert bad["shouts", "a"].outcome == "error"
    assert "no_such_option" in bad["shouts", "a"].error


def test_one_result_for_each_pair_and_the_same_ones_for_any_number_of_jobs():
    pages = [(f"p{n}", fault_page("exits_at_once") if n in (5, 70) else text_page(f"page {n} of 130")) for n in range(130)]
    pages.append(("twin of p1", pages[1][1]))
    runnables = [bad_extractor("faulty"), bad_extractor("shouts"), bad_extractor("missing_function")]

    def results(jobs):
        events = list(local.run([(r, pages) for r in runnables], jobs=jobs, timeout=20))
        for name in ("faulty", "shouts"):
            first = next(event for event in events if event.runnable.name == name)
            assert isinstance(first, local.Loaded)
        pairs = Counter((event.runnable.name, event.key) for event in events if isinstance(event, local.Result))
        assert pairs == {(r.name, key): 1 for r in runnables for key, _ in pages}
        return {pair: (answer.outcome, answer.text, answer.error) for pair, answer in by_page(events).items()}

    alone = results(1)
    assert Counter(outcome for outcome, _, _ in alone.values()) == {"ok": 2 * 131 - 2, "crash": 2, "error": 131}
    assert results(5) == alone


def test_the_next_page_sees_the_working_directory_of_before(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    faults = ["tells_the_working_directory", "changes_the_working_directory", "tells_the_working_directory"]
    before, _, after = answers_of(bad_extractor("faulty"), [fault_page(name) for name in faults])
    assert (before.text, after.text) == (str(tmp_path), str(tmp_path))
    assert (before.first, after.first) == (True, False), "the worker was not replaced"


def test_a_worker_is_replaced_after_some_pages_so_that_what_leaked_is_gone(monkeypatch):
    monkeypatch.setattr(local, "RECYCLE", 3)
    found = answers_of(bad_extractor("leaks"), [text_page(f"page {n}") for n in range(7)])
    assert [answer.text for answer in found] == ["1", "2", "3", "1", "2", "3", "1"]


def test_the_first_page_of_every_worker_is_marked_and_timed_apart(monkeypatch):
    monkeypatch.setattr(local, "RECYCLE", 3)
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
    assert list(local.run([(r, pages) for r in runnables], jobs=4)) == []
