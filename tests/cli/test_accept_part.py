"""`harness accept -e`, `--page`, `--only better` and `--why`: a part is accepted, and the reason is kept."""

from __future__ import annotations

import pytest

from factories.records import counted, record, run_of, store
from harness.baseline.file import BASELINE, read_baseline
from harness.cli import main as cli
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, OK


def kept() -> dict[tuple[str, str], int]:
    return {pair: row.counts["kept"] for pair, row in read_baseline().rows.items()}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A baseline of two extractors on three pages, and a run with a better one, a worse one and one that is the same."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    store(run_of(*(counted(f"core/{page}", name, kept=50) for page in "abc" for name in "xy")))
    assert cli.main(["accept", "--why", "first"]) == OK
    now = {"a": 60, "b": 40, "c": 50}
    store(run_of(*(counted(f"core/{page}", name, kept=number) for page, number in now.items() for name in "xy")))


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (["-e", "x"], {("x", "core/a"), ("x", "core/b")}),
        (["--page", "core/b"], {("x", "core/b"), ("y", "core/b")}),
        (["--page", "core/a", "--page", "core/b", "-e", "y"], {("y", "core/a"), ("y", "core/b")}),
        (["--only", "better"], {("x", "core/a"), ("y", "core/a")}),
        (["--only", "better", "-e", "x"], {("x", "core/a")}),
    ],
)
def test_only_a_part_is_accepted(project, options, changed, capsys):
    assert cli.main(["accept", *options]) == OK
    assert {pair for pair, number in kept().items() if number != 50} == changed
    assert "left as they were: " in capsys.readouterr().out


def test_better_is_what_breaks_no_rule(project):
    """A page whose F rises and that leaks more is a decision, and so is a new page."""
    store(run_of(counted("core/a", "x", kept=90, leaks={"consent": 1}), counted("core/new", "x")))
    before = BASELINE.read_bytes()
    assert cli.main(["accept", "--only", "better"]) == CANNOT_TELL
    assert BASELINE.read_bytes() == before


def test_a_reason_is_kept_in_the_rows_that_change(project):
    assert cli.main(["accept", "-e", "x", "--why", "tables are read now"]) == OK
    whys = {pair: row.why for pair, row in read_baseline().rows.items()}
    assert whys["x", "core/a"] == whys["x", "core/b"] == "tables are read now"
    assert whys["x", "core/c"] == whys["y", "core/a"] == "first"
    assert BASELINE.read_text().count('"why": "tables are read now"') == 2
    assert cli.main(["gate"]) != OK, "y was not accepted"
    assert cli.main(["accept"]) == OK
    assert read_baseline().rows["y", "core/a"].why == ""


def test_names_that_the_run_does_not_have_are_refused(project, capsys):
    assert cli.main(["accept", "-e", "z", "--page", "core/d", "--prune"]) == IMPOSSIBLE
    said = capsys.readouterr().err
    assert "-e z: run" in said and "--page core/d: run" in said and "--prune deletes what" in said
    store(run_of(counted("core/a", "x"), counted("core/b", "y")))
    assert cli.main(["accept", "-e", "x", "--page", "core/b"]) == CANNOT_TELL


def test_an_extractor_that_failed_everywhere_stops_only_what_is_accepted_of_it(project):
    store(run_of(counted("core/a", "x"), record("broken", "core/a", outcome="crash")))
    assert cli.main(["accept"]) == CANNOT_TELL
    assert cli.main(["accept", "-e", "x"]) == OK


def test_rows_that_cannot_be_compared_any_more_are_not_left_behind(project, capsys):
    store(run_of(*(counted("core/a", name, kept=60) for name in "xy"), labels="changed"))
    assert cli.main(["accept", "-e", "x"]) == CANNOT_TELL
    assert "its labels changed" in capsys.readouterr().err
