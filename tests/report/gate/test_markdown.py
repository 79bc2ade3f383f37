"""The verdict as Markdown, with hostile names and words."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from factories.gate_reports import FINE, GONE, NASTY, NO_RUN, WORSE, broken_rule, fallen, hostile, verdict_of
from harness.gate.verdict import Doubt
from harness.report.gate.markdown import gate_markdown
from harness.report.kit.markdown import code, escape


def rendered(markdown):
    """The Markdown as a page, by a reader of GitHub's dialect that lets HTML through; GitHub itself lets less through."""
    return LexborHTMLParser(MarkdownIt("commonmark").enable("table").render(markdown))


OURS = {"html", "head", "body", "h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong", "code"}
OURS |= {"details", "summary", "br", "-comment"}


def require_inert(markdown):
    page = rendered(markdown)
    nodes = list(page.root.traverse(include_text=False))
    assert {node.tag for node in nodes} <= OURS
    assert all(set(node.attributes) <= {"style"} for node in nodes)  # of cells: how they are aligned
    return page


@given(NASTY)
def test_markdown_is_inert_with_any_text(text):
    many = hostile(text)
    many = verdict_of([*many.pages, *(fallen(f"core/{n}{text}", text, text) for n in range(6))], many.broken, many.doubts)
    page = require_inert(gate_markdown(many))
    assert len(page.css("h3")) == 1
    assert len(page.css("details")) == len(page.css("summary")) == 3
    assert {len(tr.css("td")) for tr in page.css("tbody tr")} == {len(page.css("th"))}


@given(NASTY)
def test_text_in_code_and_prose_is_what_was_said(text):
    from harness.report.kit.terminal import one_line

    said = " ".join(one_line(text).split())
    for markdown, expected in ((f"- {escape(text, 200)}", said), (f"- {code(text, 200)}", said.replace("|", "¦") or "–")):
        assert " ".join(rendered(markdown).body.text().split()) == expected


@given(NASTY)
def test_no_link_or_mention_is_left_in_escaped_text(text):
    shown = re.sub(r"\\(.)", r"\1", escape(text, 200))
    assert not re.search(r"@\w|#\d|://|www\.", shown)


def test_markdown_says_it_in_its_first_line_and_names_the_pages():
    text = gate_markdown(WORSE)
    assert text.startswith("### ❌ Gate: worse than reports/baseline")
    page = require_inert(text)
    assert "page_drop" in page.body.text()
    assert [code.text() for code in page.css("p strong code")] == ["core/crashed", "core/fallen"]
    for said in ("missed 0 → 12 words (body +12)", "harness accept 20240101-120000", "-0.1000 … -0.0100", "1.0 → 1.1"):
        assert said in page.body.text()
    assert gate_markdown(FINE).startswith("### ✅ Gate: nothing is worse")
    assert gate_markdown(GONE).startswith("### ⚠️ Gate: could not tell: 1 page is missing")
    assert "harness run" in gate_markdown(NO_RUN)


def test_pages_behind_the_worst_five_are_folded():
    pages = [fallen(f"core/{number}", change=-number / 100) for number in range(1, 9)]
    page = require_inert(gate_markdown(verdict_of(pages, (broken_rule(),))))
    assert [node.text() for node in page.css("p strong code")] == [f"core/{number}" for number in (8, 7, 6, 5, 4)]
    assert [node.css_first("code").text() for node in page.css("summary")] == ["core/3", "core/2", "core/1"]


@pytest.mark.parametrize(
    "words", ["naïve — " * 200, "@a" * 1000, "`" * 5000, "<&>" * 5000], ids=["words", "mentions", "ticks", "tags"]
)
def test_markdown_fits_into_a_comment_and_says_what_was_cut(words):
    pages = [fallen(f"core/{number}", f"extractor {number % 60}", words) for number in range(500)]
    broken = tuple(broken_rule(extractor=f"{number} {words}", message=words, pages=words) for number in range(400))
    doubts = tuple(Doubt(words, words, tuple(map(str, range(100)))) for _ in range(400))
    text = gate_markdown(verdict_of(pages, broken, doubts, tuple(f"new {number}" for number in range(400))))
    assert len(text) <= 65_536
    assert (left := re.search(r"\n(\d+) pages more that break a rule", text))
    page = require_inert(text)
    assert len(page.css("p strong")) + len(page.css("details")) + int(left[1]) == 500
    assert len(text) < 1_048_576 // 4  # bytes of a step's summary, whatever the characters


@given(NASTY)
def test_an_extractor_has_a_row_for_each_track(text):
    verdict = verdict_of([fallen("core/fallen", text)])
    (change,) = verdict.extractors
    (html,) = change.means
    both = replace(change, means=(html, replace(html, media="text/plain", pages=7, after=0.5)))
    page = require_inert(gate_markdown(replace(verdict, extractors=(both,))))
    rows = [[cell.text(strip=True) for cell in row.css("td")] for row in page.css("tbody tr")]
    assert [row[0].endswith(track) for row, track in zip(rows, ("HTML pages", "Text dumps"))] == [True, True]
    assert [row[2:5] for row in rows] == [["1", "0.900", "0.850"], ["7", "0.900", "0.500"]]
    assert rows[0][-1] == "1" and rows[1][-1] == "", "pages of a state are counted once"
