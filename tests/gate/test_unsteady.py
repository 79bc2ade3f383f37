"""Before red, worse pages run once more: what differs is unsteady, what does not is worse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from factories.goldens import write_goldens
from factories.records import EVERYTHING, counted, run_of
from factories.verdicts import gated
from harness.cli import main as cli
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.evaluation.again import NotTried, run_again
from harness.gate.unsteady import (
    TIMEOUTS,
    TRIED,
    differing_records,
    to_try_again,
    unsteady_doubts,
    with_repeats,
    with_unsteady,
)

UNSTEADY = '''
from pathlib import Path

def extract(page):
    """Loses the last line of the page of the tide whenever its file of calls says so."""
    calls = Path(__file__).with_name("calls.txt")
    lines = page.text.splitlines()
    if "tide" not in page.text:
        return page.text
    now, *later = calls.read_text().split()
    calls.write_text(" ".join(later))
    return "\\n".join(lines[: int(now)])
'''


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An extractor that keeps so many lines of a page as its file says next, with a baseline of all four."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    Path("mine.py").write_text(UNSTEADY)
    write_goldens(tmp_path / "goldens", ["The tide\nturns at\nfour in the\nafternoon.", "A steady\npage."])
    measure("4")
    assert cli.main(["accept"]) == OK

    return tmp_path


def measure(calls: str) -> None:
    Path("calls.txt").write_text(calls)
    assert cli.main(["run", "-e", "./mine.py:extract", "-g", "goldens", "--fresh", "-j", "1"]) == OK


def gate(calls: str = "") -> tuple[int, dict]:
    Path("calls.txt").write_text(calls)
    code = cli.main(["gate", "--json", "gate.json"])
    return code, json.loads(Path("gate.json").read_text())


def test_a_page_that_comes_out_differently_is_unsteady_and_not_worse(project):
    measure("2")
    code, verdict = gate("4")
    assert code == CANNOT_TELL
    (doubt,) = verdict["doubts"]
    assert doubt["message"] == "./mine.py:extract is unsteady on 1 page: another try gave another output"
    assert doubt["goldens"] == ["goldens/page-0"]
    assert doubt["remedy"].startswith("harness run -e ./mine.py:extract -g goldens --repeat 5 --fresh")
    assert [page["golden"] for page in verdict["pages"] if page["unsteady"]] == ["goldens/page-0"]


def test_a_page_that_is_worse_again_is_worse(project):
    measure("2")
    code, verdict = gate("2")
    assert (code, verdict["doubts"], verdict["notes"]) == (WORSE, [], [])
    measure("3")
    code, verdict = gate("2")
    assert code == WORSE and "is unsteady on 1 page" in verdict["doubts"][0]["message"], "both tries are worse"


def test_another_extractor_than_that_of_the_run_is_not_tried(project):
    measure("2")
    Path("mine.py").write_text(UNSTEADY + "# changed\n")
    code, verdict = gate("4")
    assert code == WORSE
    assert verdict["notes"] == [
        "./mine.py:extract could not be run once more: it is not what it was in the run: its code, its options or its "
        "packages have changed"
    ]


def test_an_alias_is_tried_under_its_name(project):
    for calls in "42":
        Path("calls.txt").write_text(calls)
        assert cli.main(["run", "-e", "mine=./mine.py:extract", "-g", "goldens", "--fresh"]) == OK
        if calls == "4":
            assert cli.main(["accept", "-e", "mine"]) == OK
    Path("calls.txt").write_text("4")
    assert cli.main(["gate", "-e", "mine"]) == CANNOT_TELL
    assert Path("calls.txt").read_text() == ""


def test_pages_that_have_changed_and_outputs_from_elsewhere_are_not_tried(project):
    measure("2")
    Path("goldens/page-0.txt").write_text("Other words\nhere and\nthere and\neverywhere.")
    code, verdict = gate("4")
    assert code == WORSE and "its pages or their labels are not what they were" in verdict["notes"][0]
    run = run_of(counted(), arguments={**EVERYTHING, "predictions": ["p.jsonl"]})
    (tried,) = run_again(run, [("x", "core/a")])
    assert tried == NotTried("x", "its outputs were made elsewhere")


def test_a_green_gate_runs_nothing(project):
    measure("4")
    code, _ = gate("1")
    assert code == OK and Path("calls.txt").read_text() == "1"


def test_the_worst_pages_are_tried_and_no_others():
    before = run_of(*(counted(f"core/{n:02}") for n in range(60)), counted("core/z", "y"))
    after = run_of(*(counted(f"core/{n:02}", kept=48 - n // 2) for n in range(60)), counted("core/z", "y"))
    pages = to_try_again(gated(before, after))
    assert len(pages) == TRIED and ("x", "core/59") in pages and ("x", "core/00") not in pages
    assert to_try_again(gated(before, before)) == []
    hanging = run_of(*(counted(f"core/{n:02}", outcome="timeout") for n in range(60)), counted("core/z", "y"))
    assert len(to_try_again(gated(before, hanging))) == TIMEOUTS


def test_a_further_repeat_counts_as_one():
    run = run_of(counted(kept=40), counted("core/b", kept=40))
    again = [replace(counted(kept=50), timing={"wall": 9.0}), counted("core/b", kept=40)]
    unsteady = differing_records(run, again)
    assert [*unsteady] == [("x", "core/a")]
    both = with_repeats(run, unsteady)
    assert [(record.golden, record.repeat, record.timing) for record in both.records] == [
        ("core/a", 0, {}),
        ("core/a", 1, {}),
        ("core/b", 0, {}),
    ]
    assert {page.golden for page in gated(run_of(counted(), counted("core/b")), both).pages if page.rules} == {"core/b"}


def test_a_page_that_its_repeats_show_to_be_unsteady_is_doubted_once():
    run = run_of(
        counted(kept=40), counted(kept=40, repeat=1), counted("core/b", kept=40), counted("core/b", kept=40, repeat=1)
    )
    unsteady = differing_records(run, [counted(kept=50), counted("core/b", kept=30)])
    before = run_of(counted(), counted("core/b"))
    verdict = with_unsteady(gated(before, with_repeats(run, unsteady)), run, unsteady)
    assert [page.unsteady for page in verdict.pages] == [True, True]
    assert [doubt.goldens for doubt in verdict.doubts] == [("core/a",), ("core/b",)]


def test_more_repeats_are_asked_for_than_there_were():
    run = run_of(counted(), arguments={**EVERYTHING, "goldens": ["core"], "repeat": 8})
    (doubt,) = unsteady_doubts(run, [("x", "core/a")])
    assert "--repeat 16 --fresh" in doubt.remedy
