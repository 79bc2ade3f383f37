"""`harness accept`: what moved is said, and what cannot stand for its pages is refused."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from factories.records import EVERYTHING, record, run_of, store
from harness.baseline.file import BASELINE, read_baseline
from harness.cli.commands import accept as accept_command
from harness.common.errors import OK, CannotTell, Impossible

_USUAL = {"prune": False, "failing": [], "extractor": [], "page": [], "only": None, "why": "", "judged_as": []}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def run_accept(**given: object) -> int:
    return accept_command.run(argparse.Namespace(**{"run_name": None, "baseline": None, **_USUAL, **given}))


def test_accept_says_what_moved(project, capsys):
    store(run_of(*(record("x", f"core/{i}", f=0.5) for i in range(4)), record("y", "web/a")))
    assert run_accept() == OK
    assert "reports/baseline.json: 5 rows, 2 extractors, 5 pages" in capsys.readouterr().out
    changed = [record("x", "core/0", f=0.1), record("x", "core/1", f=0.9), record("x", "core/2", f=0.5)]
    store(run_of(*changed, versions={"x": "2.0"}))
    assert run_accept() == OK
    said = capsys.readouterr().out
    for part in ("x 1.0 → 2.0", "worse 1   missing 2   better 1   same 1", "-0.400  core/0", "+0.400  core/1"):
        assert part in said, part
    assert "kept, though the run does not have them: x 1 row, y 1 row" in said
    assert len(read_baseline().rows) == 5
    assert run_accept(prune=True) == OK
    assert "deleted, since the run does not have them: x 1 row" in capsys.readouterr().out
    assert sorted(read_baseline().rows) == [("x", "core/0"), ("x", "core/1"), ("x", "core/2"), ("y", "web/a")]


def test_accept_writes_where_it_is_told(project, tmp_path):
    store(run_of(record()))
    assert run_accept(baseline=Path("deep/other.json")) == OK
    assert read_baseline(Path("deep/other.json")).rows and not BASELINE.exists()


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (run_of(record(), finished=False), "was not finished"),
        (run_of(), "holds no result"),
        (run_of(record(), labels="changed"), "its labels changed"),
    ],
)
def test_what_cannot_stand_for_its_pages_is_refused(project, run, said):
    store(run_of(record(), record(extractor="y")))
    run_accept()
    before = BASELINE.read_bytes()
    store(run)
    with pytest.raises(CannotTell, match=said):
        run_accept()
    assert BASELINE.read_bytes() == before


def test_pruning_by_a_run_of_a_part_is_refused(project):
    store(run_of(record(), arguments={**EVERYTHING, "limit": 1}))
    with pytest.raises(CannotTell, match="--limit"):
        run_accept(prune=True)
    assert not BASELINE.exists()


def test_accept_does_not_write_over_what_it_cannot_read(project):
    store(run_of(record()))
    BASELINE.parent.mkdir(exist_ok=True)
    BASELINE.write_text("<<<<<<< ours\n")
    with pytest.raises(Impossible, match="conflict"):
        run_accept()
    assert BASELINE.read_text() == "<<<<<<< ours\n"


def test_no_run_is_said(project):
    with pytest.raises(CannotTell, match="harness run"):
        run_accept()


def test_a_name_in_failing_that_the_run_does_not_have_is_refused(project):
    store(run_of(record("x"), record("broken", f=0.0, outcome="crash")))
    with pytest.raises(Impossible, match=r"--failing brokn: run .* has no such extractor; did you mean 'broken'"):
        run_accept(failing=["broken", "brokn"])
    assert not BASELINE.exists()
    assert run_accept(failing=["broken"]) == OK


def test_an_extractor_without_text_on_any_page_is_refused_unless_it_is_named(project):
    empty = [record("silent", f"core/{page}", f=0, outcome="empty") for page in "ab"]
    store(run_of(*empty, record("x"), record("nothing", f=0, outcome="empty"), references=["nothing"]))
    with pytest.raises(CannotTell) as error:
        run_accept()
    assert str(error.value) == "silent gave no text on any page; to accept it all the same: --failing silent"
    assert not BASELINE.exists()
    assert run_accept(failing=["silent"]) == OK
    store(run_of(record("silent", f=1, outcome="empty"), record("silent", "core/b", f=0, outcome="empty")))
    assert run_accept() == OK, "no text is right on one page"


def test_scores_of_the_baseline_are_not_lost_to_a_run_without_them(project):
    scored = {"F": 0.5, "aeb.F": 0.4, "aeb.tp": 3.0, "code": 1.0, "of_a_plugin": 0.3}
    store(run_of(record("x", scores=scored), record("x", "core/b", scores=scored)))
    assert run_accept() == OK
    before = BASELINE.read_bytes()
    store(run_of(record("x", scores={"F": 0.5})))
    with pytest.raises(CannotTell) as error:
        run_accept(page=["core/a"])
    said, command, _ = str(error.value).splitlines()
    assert "was not scored by aeb.F, aeb.tp, code, of_a_plugin, which rows of" in said
    assert command.strip() == "harness run -m of_a_plugin -m F -m code -m aeb.F"
    assert BASELINE.read_bytes() == before
    store(run_of(record("x", scores={"F": 0.6}), record("x", "core/b", scores={"F": 0.6})))
    assert run_accept(prune=True) == OK
    assert {name for row in read_baseline().rows.values() for name in row.scores} == {"F"}
