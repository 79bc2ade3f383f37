"""`harness check`: which goldens it checks, and its exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from factories.checks import HTML, HTML_RULES, check, golden_text, write
from harness.evaluation import self_test


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_DUMPS", raising=False)


def test_unknown_goldens_are_named_all_at_once_with_suggestions(capsys: pytest.CaptureFixture[str]) -> None:
    write("goldens/harbour/ferry.yaml")
    Path("void").mkdir()
    code, _, printed = check(capsys, "harbor", "harbour/fery", "void", "harbour")
    assert code == 2
    assert "'harbor'; did you mean 'harbour'?" in printed
    assert "'harbour/fery'; did you mean 'harbour/ferry'?" in printed
    assert "'void' holds no golden" in printed


@pytest.mark.parametrize("name", ["goldens", "harbour", "harbour/ferry", "goldens/harbour", "goldens/harbour/ferry.yaml"])
def test_goldens_go_by_folder_set_id_or_file(capsys: pytest.CaptureFixture[str], name: str) -> None:
    write("goldens/harbour/ferry.yaml")
    code, _, printed = check(capsys, name)
    assert code == 0
    assert "1 right" in printed


def test_without_arguments_the_goldens_of_this_folder_are_checked_else_those_that_come_along(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, _, printed = check(capsys)
    assert code == 0
    assert int(re.search(r"(\d+) right", printed)[1]) >= 45
    write("goldens/harbour/ferry.yaml", yaml=golden_text(HTML, HTML_RULES.replace("h1", "h7")))
    code, mistakes, _ = check(capsys)
    assert code == 1
    assert len(mistakes) == 1


def test_check_as_a_program_exits_with_1_and_no_traceback() -> None:
    write("set/ferry.yaml", yaml=golden_text(HTML, HTML_RULES.replace("h1", "h7")))
    done = subprocess.run(
        [sys.executable, "-m", "harness", "check", "set"], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert "set/ferry.yaml:10: maybe: h7: selector matches nothing: 'h7'" in done.stdout
    assert done.stderr == ""


def test_a_golden_whose_own_main_content_does_not_score_1_is_named_with_its_file_and_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write("set/ferry.yaml")
    monkeypatch.setattr(self_test, "perfect_output", lambda *_: "It left at dawn. Nobody waved. Twice.")
    code, mistakes, printed = check(capsys, "set")
    assert code == 1
    assert len(mistakes) == 1
    assert mistakes[0].startswith("set/ferry.yaml: set/ferry: its own main content as text and html has P 0.857")
    assert "'Twice'" in mistakes[0]
    assert "1 golden: 0 right, 1 with mistakes, 0 not checked" in printed


@pytest.mark.parametrize(
    ("meta", "words", "warns"),
    [
        ('<meta charset="ISO-8859-1">', "fähre", True),
        ("<META http-equiv=content-type content='text/html; charset=windows-1252'>", "fähre", True),
        ('<meta charset="iso-8859-1">', "ferry", False),
        ("<meta charset=UTF-8>", "fähre", False),
        ('\ufeff<meta charset="iso-8859-1">', "fähre", False),
        ("", "fähre", False),
    ],
)
def test_a_page_whose_declared_encoding_is_not_its_own_is_named(
    capsys: pytest.CaptureFixture[str], meta: str, words: str, warns: bool
) -> None:
    page = meta + HTML.replace("ferry", words)
    write("set/ferry.yaml", page, golden_text(page, HTML_RULES))
    code, _, printed = check(capsys, "set")
    assert code == 0
    assert ("set/ferry: encoding-misdeclared" in printed) == warns


def test_a_dataset_can_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    for name, page in (("a", b"<p>The ferry sails.</p>"), ("b", "<p>Паром уходит в полдень.</p>".encode("cp1251"))):
        Path("mine").mkdir(exist_ok=True)
        Path(f"mine/{name}.html").write_bytes(page)
        Path(f"mine/{name}.txt").write_text("The ferry sails.", encoding="utf-8")
    code, _, printed = check(capsys, "folder:mine")
    assert code == 0
    assert "1 golden: encoding-guessed: nothing declares" in printed
    assert "2 goldens: 2 right, 0 with mistakes, 0 not checked" in printed
    write("set/ferry.yaml")
    assert "3 goldens: 3 right" in check(capsys, "folder:mine", "set")[2]
