"""Extractors made of others: what they return, what they need, and which cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.extractors import answers_of, ready
from factories.pages import html_page
from harness.plugins.ready import prepare
from harness.plugins.registry import PluginError, Registry

MEMBERS = """
from harness import extractor

@extractor(requires=["selectolax"])
def first(page):
    return "The ferry left the quay at seven.\\nIt never came back."

@extractor(output="html", variants={"short": {"short": True}})
def second(page, short=False):
    return "<p>The ferry left the <b>quay</b> at seven.</p>" + ("" if short else "<p>Subscribe to our letter today!</p>")

@extractor
def third(page):
    return "Subscribe to our letter today! Menu"

@extractor
def failing(page):
    raise ValueError("no story")

@extractor
def failing_too(page):
    raise KeyError("no story")

@extractor(programs=["surely-not-installed"])
def by_program(page):
    return ""

@extractor(media="text/plain")
def of_dumps(page):
    return page.text
"""
PAGE = html_page(
    "<nav>Menu</nav><p>The ferry left the quay at seven.</p><p>It never came back.</p><p>Subscribe to our letter today!</p>"
)


@pytest.fixture
def members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "members.py"
    file.write_text(MEMBERS)
    return file


def of(name: str) -> list[str]:
    (runnable,) = ready([name.replace("@", "members.py:")])
    (answer,) = answers_of(runnable, [PAGE])
    return answer.text.splitlines() if answer.outcome == "ok" else [answer.outcome, answer.error]


FERRY, BACK, LETTER = "The ferry left the quay at seven.", "It never came back.", "Subscribe to our letter today!"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("union:@first+@third", [FERRY, BACK, LETTER]),
        ("vote:@first+@second+@third", [FERRY, LETTER]),
        ("union:@failing+@first", [FERRY, BACK]),
        ("vote:@failing+@first+@third", ["empty", ""]),
    ],
)
def test_lines_of_the_page_that_one_or_most_return(members: Path, name: str, lines: list[str]) -> None:
    assert of(name) == lines


def test_it_fails_where_all_fail(members: Path) -> None:
    outcome, error = of("union:@failing+@failing_too")
    assert outcome == "error" and "no story" in error


def test_it_requires_what_its_members_require(members: Path) -> None:
    (selection,) = Registry([members]).select(["union:first+second/short"])
    assert selection.name == "union:first+second/short" and selection.requires == ("selectolax",)


def test_it_cannot_run_without_the_programs_of_its_members(members: Path) -> None:
    (selection,) = Registry([members]).select(["union:first+by_program"])
    _, (unavailable,) = prepare([selection])
    assert "surely-not-installed" in unavailable.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("vote:first+second", "vote takes 3 extractors"),
        ("union:first+first", "union takes 2 extractors"),
        ("union:first+of_dumps", "different kinds of page"),
        ("union:first+frist", "unknown extractor 'frist'; did you mean 'first'"),
        ("union:", "unknown extractor"),
        ("union:first+readability_js", "does not run in Python"),
    ],
)
def test_what_cannot_be_made(members: Path, name: str, reason: str) -> None:
    with pytest.raises(PluginError) as refused:
        Registry([members]).select([name])
    assert reason in str(refused.value)
