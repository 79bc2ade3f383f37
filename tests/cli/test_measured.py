"""What was not measured is no result: extractors that cannot be loaded, and those that fail everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.cli.main import main
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.runs.file import read_run

PAGES = ["-g", "core", "--limit", "2"]

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@needs_node
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("export function other(page) { return page.html; }", "exports no function"),
        ("export function extract(page) { return (", "SyntaxError"),
        ("import x from 'surely-not-installed'; export const extract = () => x;", "surely-not-installed"),
    ],
)
def test_javascript_that_cannot_be_loaded_has_no_rows_and_ends_with_3(source, reason, capsys):
    Path("mine.mjs").write_text(source)
    assert main(["run", "-e", "./mine.mjs:extract", "-e", "keep_everything", *PAGES]) == CANNOT_TELL
    assert reason in capsys.readouterr().err
    stored = read_run()
    assert {record.extractor for record in stored.records} == {"keep_everything"}
    assert reason in stored.not_loaded["./mine.mjs:extract"]


@needs_node
def test_nothing_is_accepted_of_what_could_not_be_loaded_and_the_gate_says_why(capsys):
    Path("mine.mjs").write_text("export function extract(page) { return page.html; }")
    run = ["run", "-e", "./mine.mjs:extract", *PAGES]
    assert main(run) == OK and main(["accept"]) == OK and main(["gate"]) == OK
    Path("mine.mjs").write_text("export function other(page) { return page.html; }")
    assert main(run) == CANNOT_TELL
    capsys.readouterr()
    assert main(["gate"]) == CANNOT_TELL
    assert "could not be loaded: TypeError: mine.mjs exports no function" in capsys.readouterr().out
    assert main(["accept"]) == CANNOT_TELL


def test_an_extractor_that_fails_on_every_page_is_accepted_only_by_name(capsys):
    Path("mine.py").write_text("def f(page): raise KeyError('planted')\n")
    assert main(["run", "-e", "./mine.py:f", "-e", "keep_nothing", *PAGES]) == OK
    assert "./mine.py:f failed on 2 of 2 pages: KeyError: 'planted' at mine.py:1 in f" in capsys.readouterr().err
    assert main(["accept"]) == CANNOT_TELL
    assert "2 of 2 pages: KeyError: 'planted'" in capsys.readouterr().err
    assert not Path("reports/baseline.json").exists()
    assert main(["accept", "--failing", "./mine.py:f"]) == OK


def test_failures_end_a_run_with_1_where_that_is_asked_for():
    Path("mine.py").write_text("def f(page):\n    if 'nothing here' not in page.html: raise KeyError('planted')\n")
    assert main(["run", "-e", "./mine.py:f", *PAGES]) == OK
    assert main(["run", "-e", "./mine.py:f", *PAGES, "--fail-on-errors"]) == WORSE
    assert main(["run", "-e", "keep_everything", *PAGES, "--fail-on-errors"]) == OK
