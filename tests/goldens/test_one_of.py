"""Several notations of one thing: one of them must come out, and it does not matter which."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories.checks import check, golden_text, write
from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.evaluation.self_test import self_test
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps, read_golden

PAGE = """<!DOCTYPE html><title>Springs</title><nav>Home</nav><article><h1>Springs</h1>
<p>The force is <span class=ml>F k x</span><span class=tex>F = k \\cdot x</span> for a spring that is not stretched far.</p>
<p>Its energy is <span class=ml>E half k x squared</span><span class=tex>E = \\frac{1}{2} k x^2</span> at that point of time.
</p></article>"""
RULES = """\
  - {keep: "article p", as: body}
  - {one_of: [span.ml, span.tex], as: body}
  - {maybe: h1, as: title}
"""


@pytest.fixture
def golden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Golden:
    monkeypatch.chdir(tmp_path)
    return read_golden(write("set/spring.yaml", PAGE, format_2(RULES)), Dumps([]))


def format_2(rules: str) -> str:
    return golden_text(PAGE, rules).replace("golden: 1", "golden: 2")


def output(first: str, second: str) -> str:
    return f"The force is {first} for a spring that is not stretched far.\nIts energy is {second} at that point of time."


ML = ("F k x", "E half k x squared")
TEX = ("F = k \\cdot x", "E = \\frac{1}{2} k x^2")


@pytest.mark.parametrize("formulas", [ML, TEX, (ML[0], TEX[1]), (TEX[0], ML[1])])
def test_whichever_notation_of_each_comes_out_is_the_main_content(golden: Golden, formulas: tuple[str, str]) -> None:
    counts = align(page_words(golden), output(*formulas)).counts
    assert (counts.missed, counts.leaked, counts.f) == (0, 0, 1)


def test_none_of_them_is_missed_and_all_of_them_are_free(golden: Golden) -> None:
    without = align(page_words(golden), output("", "")).counts
    assert (without.missed, without.leaked) == (len("F k x E half k x squared".split()), 0)
    both = align(page_words(golden), output(f"{ML[0]} {TEX[0]}", f"{ML[1]} {TEX[1]}")).counts
    assert (both.missed, both.leaked) == (0, 0)


def test_the_first_notation_is_the_main_content_of_the_golden(golden: Golden) -> None:
    assert "half" in golden.main_content and "frac" not in golden.main_content
    assert self_test(golden) == []


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (
            "{one_of: [span.ml, 'p:last-child span.tex'], as: body}",
            "equally many, in the same order: here are 2 of 'span.ml', 1",
        ),
        ("{one_of: [span.ml], as: body}", "two selectors or more"),
        ("{one_of: [span.ml, span.tex], keep: p}", "exactly one of keep, maybe, drop, or one_of"),
        ("{one_of: [span.ml, span.tex], text: F}", "does not go with `text`"),
        ("{one_of: [span.ml, span.png], as: body}", "one_of: span.png: selector matches nothing: 'span.png'"),
    ],
)
def test_mistakes_are_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = format_2(RULES + f"  - {rule}\n")
    write("set/spring.yaml", PAGE, text)
    code, mistakes, _ = check(capsys, "set")
    assert code == 1 and any(reason in mistake for mistake in mistakes), mistakes


def test_it_is_of_format_2_and_for_html_pages(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("set/spring.yaml", PAGE, golden_text(PAGE, RULES))
    assert "`one_of` is of format 2" in check(capsys, "set")[1][0]
    write(
        "set/spring.yaml",
        PAGE,
        format_2("  - {keep: 3, as: body}\n  - {one_of: [1, 2]}\n").replace("text/html", "text/plain"),
    )
    assert "`one_of` is for HTML pages" in check(capsys, "set")[1][0]
