"""The matrix: each extractor meets each operator of its track once, in one process or several."""

import threading
from collections import Counter

import pytest

from factories.extractors import ready
from factories.layouts import OTHER_BODY, html_golden, text_golden
from factories.places import PLANTED
from harness.fuzz.catalogue import matrix_instances
from harness.fuzz.measure.matrix import MatrixCell, MatrixSetting, SkippedPage, run_matrix


@pytest.fixture(scope="module")
def cells():
    runnables = tuple(ready(["sound", "aside_with_links", "until_heading"], [PLANTED]))
    goldens = (html_golden(), html_golden("dog", OTHER_BODY, "lake.example"), text_golden())
    return list(run_matrix(MatrixSetting(runnables, goldens, ("D1", "D15", "D18", "D33", "D38", "T12", "T7"))))


def test_each_extractor_meets_each_operator_of_its_track_once(cells):
    done = [item for item in cells if isinstance(item, MatrixCell)]
    assert len({(item.extractor, item.golden, item.operator) for item in done}) == len(done)
    assert {item.code[0] for item in done if item.extractor == "until_heading"} == {"T"}
    assert {item.code[0] for item in done if item.extractor == "sound"} == {"D"}
    usual_ones = {repr(op) for op in matrix_instances("text/html", ("D1", "D15", "D18", "D33", "D38"))}
    for name in ("fuzz/lamps", "fuzz/dog"):
        own = {item.operator for item in done if item.golden == name and item.extractor == "sound"}
        skipped = {item.operator for item in cells if isinstance(item, SkippedPage) and item.golden == name}
        assert own | skipped == usual_ones
        assert not own & skipped


def test_what_does_not_apply_says_why(cells):
    assert all(item.reason for item in cells if isinstance(item, SkippedPage))


def test_inserted_stories_leak_from_an_extractor_that_takes_all_paragraphs(cells):
    stories = [c for c in cells if isinstance(c, MatrixCell) and c.code == "D18" and c.extractor == "sound"]
    # Headings stay out, and the stories are short, since the main content is.
    assert stories and all(c.leaked > 0.8 and c.kind == "leak" for c in stories)
    assert all(c.retention == 0 and c.dose > 0 for c in stories)


def test_headings_that_are_dropped_let_related_stories_in(cells):
    dropped = [c for c in cells if isinstance(c, MatrixCell) and c.code == "T12" and c.extractor == "until_heading"]
    assert any(c.kind == "leak" and c.change < -0.1 for c in dropped)


def test_the_page_written_anew_changes_nothing(cells):
    control = [c for c in cells if isinstance(c, MatrixCell) and c.code == "D1"]
    assert control and all(c.change == 0 and not c.changed for c in control)


@pytest.mark.slow
def test_processes_give_what_one_process_gives():
    runnables = tuple(ready(["sound"], [PLANTED]))
    goldens = html_golden(), html_golden("dog", OTHER_BODY, "lake.example")
    setting = MatrixSetting(runnables, goldens, ("D18", "D1"), fresh=True)
    assert list(run_matrix(setting, jobs=2)) == list(run_matrix(setting))


EXTRACTOR = """
from harness import extractor

@extractor(cache=True)
def {name}(page):
    with open({log!r}, "a") as file:
        file.write({name!r} + chr(10))
    return {returned}
"""


def test_answers_are_kept_so_that_only_a_changed_extractor_is_asked_again(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    log = tmp_path / "asked"

    def asked(*, fresh: bool = False) -> tuple[Counter, list]:
        log.write_text("")
        setting = MatrixSetting(
            tuple(ready(["mine", "other"], [tmp_path])), (html_golden(),), ("D1", "D18", "D33"), fresh=fresh
        )
        cells = list(run_matrix(setting))
        return Counter(log.read_text().split()), cells

    for name in ("mine", "other"):
        (tmp_path / f"{name}.py").write_text(EXTRACTOR.format(name=name, log=str(log), returned="page.html"))
    first, cells = asked()
    assert first["mine"] == first["other"] > 2
    assert asked() == (Counter(), cells)
    assert asked(fresh=True) == (first, cells)
    (tmp_path / "mine.py").write_text(EXTRACTOR.format(name="mine", log=str(log), returned="page.html[:400]"))
    again, changed = asked()
    assert again == Counter(mine=first["mine"])
    assert [cell for cell in changed if isinstance(cell, MatrixCell) and cell.extractor == "other"] == [
        cell for cell in cells if isinstance(cell, MatrixCell) and cell.extractor == "other"
    ]
    assert changed != cells


def test_a_matrix_that_nobody_reads_to_its_end_leaves_no_thread():
    """`concurrent.futures` would talk to it when the interpreter exits, whether its pipes are closed or not."""
    before = set(threading.enumerate())
    goldens = html_golden(), html_golden("dog", OTHER_BODY, "lake.example")
    cells = run_matrix(MatrixSetting(tuple(ready(["sound"], [PLANTED])), goldens, ("D1",)), jobs=2)
    next(cells)
    cells.close()
    assert set(threading.enumerate()) <= before
