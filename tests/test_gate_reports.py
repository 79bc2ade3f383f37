"""The gate's verdict as JUnit XML, Markdown, JSON and annotations, with hostile names and words."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from harness.baseline.model import BaselineRow
from harness.gate.verdict import STATES, BrokenRule, Doubt, Excerpt, Excerpts, ExtractorChange, JudgedPage, Verdict
from harness.report.gate.github import github_annotations
from harness.report.gate.json_file import gate_object
from harness.report.gate.junit import junit_xml
from harness.report.gate.markdown import gate_markdown
from harness.report.kit.markdown import code, escape
from harness.report.kit.terminal import one_line
from harness.stats import Estimate, Interval

ROOT = Path(__file__).resolve().parent.parent

HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1)) ![](https://tracker.example/x.png)",
    "```\n</details>\n# heading\n- item\n| a | b |\n|---|---|\n> quote\n1. one\n***\n",
    "`` ` ``` a`b",
    "https://evil.example www.evil.example me@evil.example @somebody #12 <https://evil.example>",
    "::error title=x::forged\n::add-mask::a%0A::stop-commands::t\r::set-output",
    "\x00\x07\x1b[31mred \u202egnihtemos \ud800 \ufffe \uffff \x85",
    "]]> <![CDATA[ --> &lt; &amp; &#0; \"'",
    "a\\|b \\` \\",
    "123. one",
    "- one",
    "+ 1) one",
    "===",
    "word" * 300_000,
    "",
]
NASTY = st.one_of(st.sampled_from(HOSTILE[:-2]), st.text(max_size=40), st.text("`|<>[]()*_#@\\&:/. \n-+=~$!w1", max_size=30))


def row(outcome="ok", f=0.9, missed=0, leaked=0, misses=None, leaks=None, **names):
    return BaselineRow(
        extractor=names.get("extractor", "mine"),
        golden=names.get("golden", "core/page"),
        outcome=outcome,
        scores={"F": f},
        counts={"kept": 100, "missed": missed, "leaked": leaked, "free": 0},
        leaks=leaks or {},
        misses=misses or {},
        frees={},
    )


def cell(state="same", golden="core/page", extractor="mine", **fields):
    sides = {"before": None if state == "new" else row(), "after": None if state == "missing" else row()}
    place = {"set": "core", "kind": "article", "lang": "en", "site": "quay.example"}
    return JudgedPage(extractor=extractor, golden=golden, state=state, **{**place, **sides, **fields})


def fallen(golden="core/fallen", extractor="mine", words="the tide came early", **fields):
    found = Excerpts(
        missed=(Excerpt("body", words),),
        leaked=(Excerpt("related", words), Excerpt("promo", words)),
        lost=(Excerpt("title", words),),
    )
    after = row(f=0.75, missed=12, leaked=30, misses={"body": 12}, leaks={"related": 30})
    rules = {"rules": ("page_drop", "page_leak_growth"), "change": -0.15, "grown": {"related": 30.0}, "lost": {"title": 4.0}}
    return cell("worse", golden, extractor, **{"after": after, "words": found, **rules, **fields})


def crashed(golden="core/crashed", extractor="mine", error="ValueError: the ladder is too short"):
    return cell(
        "newly failing",
        golden,
        extractor,
        after=row("error", 0.0, 100, misses={"body": 100}),
        rules=("new_failures",),
        change=-0.9,
        error=error,
    )


def change(name, cells):
    states = {state: sum(item.state == state for item in cells) for state in STATES}
    difference = Estimate(-0.05, Interval(-0.1, -0.01, 0.95, "percentile"), 0.02, 30)
    return ExtractorChange(name, "1.0", "1.1", len(cells), 0.9, 0.85, difference, states, (0, 1), {}, {"related": 30})


def verdict(cells=(), broken=(), doubts=(), unjudged=()):
    names = dict.fromkeys(item.extractor for item in cells if item.extractor not in unjudged)
    changes = tuple(change(name, [item for item in cells if item.extractor == name]) for name in names)
    return Verdict("20240101-120000", "reports/baseline.json", "F", True, changes, unjudged, tuple(cells), broken, doubts)


def rule(name="page_drop", extractor="mine", message="F got worse on 1 page", goldens=("core/fallen",), pages=""):
    return BrokenRule(extractor, name, pages, "0.15", "0", message, goldens)


WORSE = verdict(
    [cell(), fallen(), crashed(), cell("new", "core/new"), cell("not comparable", "core/changed", why="its labels changed")],
    (rule(), rule("new_failures", goldens=("core/crashed",)), rule("mean_drop", goldens=(), message="F fell by 0.05")),
)
GONE = verdict([cell(), cell("missing", "core/gone")], doubts=(Doubt("1 page is missing", "harness run", ("core/gone",)),))
EMPTY = verdict(doubts=(Doubt("no run in reports/runs; make one with `harness run`", "harness run"),))
FINE = verdict([cell(), cell("better", "core/better")])


def cases(document):
    """Each case's result by suite and name: the element's tag, or `passed`."""
    root = ET.fromstring(document.encode("utf-8"))
    return {
        (suite.get("name"), case.get("name")): next((child.tag for child in case), "passed")
        for suite in root
        for case in suite
    }


def require_schema(document):
    """The rules of Jenkins' JUnit schema, as far as they are about what can be in the document."""
    root = ET.fromstring(document.encode("utf-8"))
    assert root.tag == "testsuites" and set(root.attrib) <= {"name", "tests", "failures", "errors", "time"}
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped", "time"} and suite.get("time") == "0"
        results = [child.tag for case in suite for child in case]
        found = {name: results.count(tag) for name, tag in (("failures", "failure"), ("errors", "error"))}
        assert {name: int(suite.get(name)) for name in found} == found
        assert int(suite.get("skipped")) == results.count("skipped")
        assert int(suite.get("tests")) == len(suite)
        for name in totals:
            totals[name] += int(suite.get(name))
        for case in suite:
            assert case.tag == "testcase" and set(case.attrib) == {"name", "classname", "time"} and case.get("time") == "0"
            assert len(case) <= 1 and all(child.tag in ("failure", "error", "skipped") for child in case)
            assert all(set(child.attrib) <= {"message", "type"} for child in case)
    assert {name: int(root.get(name)) for name in totals} == totals


def test_junit_has_a_case_for_each_page_and_says_what_happened():
    document = junit_xml(WORSE)
    require_schema(document)
    assert cases(document) == {
        ("mine", "core/page"): "passed",
        ("mine", "core/fallen"): "failure",
        ("mine", "core/crashed"): "error",
        ("mine", "core/new"): "skipped",
        ("mine", "core/changed"): "skipped",
        ("mine", "rule mean_drop: 0.15"): "failure",
        ("gate", "every question answered"): "passed",
    }
    failure = ET.fromstring(document).find(".//failure")
    for said in (
        "F 0.900 → 0.750",
        "missed 0 → 12 words (body +12)",
        "leaked 0 → 30 words (related +30)",
        "optional text lost: title 4",
        "related: the tide came early",
        "harness show 20240101-120000 --page core/fallen -e mine",
        "harness accept 20240101-120000",
    ):
        assert said in failure.text
    assert "ladder is too short" in ET.fromstring(document).find(".//error").text


@pytest.mark.parametrize("bad", [WORSE, GONE, EMPTY], ids=["worse", "missing", "empty"])
def test_junit_is_red_whenever_the_exit_code_is_not_0(bad):
    assert bad.code != 0
    require_schema(junit_xml(bad))
    assert {"failure", "error"} & {*cases(junit_xml(bad)).values()}


def test_junit_of_a_gate_that_passed_is_green():
    assert {*cases(junit_xml(FINE)).values()} == {"passed"}


def test_allowed_changes_are_green_and_extractors_without_a_baseline_are_skipped():
    allowed = verdict([cell("worse"), cell("newly failing", "core/b"), cell("new", extractor="other")], unjudged=("other",))
    found = cases(junit_xml(allowed))
    assert found["mine", "core/page"] == found["mine", "core/b"] == "passed"
    assert found["other", "core/page"] == "skipped"


def hostile(text):
    """A verdict with a text wherever text of strangers can stand."""
    return verdict(
        [
            fallen(f"core/{text}", text, text, why=text),
            crashed(f"core/crash {text}", text, text),
            cell("not comparable", f"set/{text}", text, why=text),
            cell("new", text, f"other {text}"),
        ],
        (rule(extractor=text, message=f"F fell ({text})", goldens=(text,), pages=f"set {text}"),),
        (Doubt(f"gone: {text}", f"harness run -g {text}", (text,)),),
        (f"other {text}",),
    )


@given(NASTY)
def test_junit_is_xml_with_any_text(text):
    document = junit_xml(hostile(text))
    document.encode("utf-8")
    require_schema(document)
    assert "<script" not in document


def test_junit_keeps_words_as_they_are():
    words = "<b>3 < 4 & 5</b> \"quoted\" 'and' ]]>"
    failure = ET.fromstring(junit_xml(verdict([fallen(words=words)], (rule(),)))).find(".//failure")
    assert f"missed body: {words}" in failure.text


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
    many = verdict([*many.pages, *(fallen(f"core/{n}{text}", text, text) for n in range(6))], many.broken, many.doubts)
    page = require_inert(gate_markdown(many))
    assert len(page.css("h3")) == 1
    assert len(page.css("details")) == len(page.css("summary")) == 3
    assert {len(tr.css("td")) for tr in page.css("tbody tr")} == {len(page.css("th"))}


@given(NASTY)
def test_text_in_code_and_escaped_text_is_what_was_said(text):
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
    assert "harness run" in gate_markdown(EMPTY)


def test_pages_behind_the_worst_five_are_folded():
    cells = [fallen(f"core/{number}", change=-number / 100) for number in range(1, 9)]
    page = require_inert(gate_markdown(verdict(cells, (rule(),))))
    assert [node.text() for node in page.css("p strong code")] == [f"core/{number}" for number in (8, 7, 6, 5, 4)]
    assert [node.css_first("code").text() for node in page.css("summary")] == ["core/3", "core/2", "core/1"]


@pytest.mark.parametrize(
    "words", ["naïve — " * 200, "@a" * 1000, "`" * 5000, "<&>" * 5000], ids=["words", "mentions", "ticks", "tags"]
)
def test_markdown_fits_into_a_comment_and_says_what_was_cut(words):
    cells = [fallen(f"core/{number}", f"extractor {number % 60}", words) for number in range(500)]
    broken = tuple(rule(extractor=f"{number} {words}", message=words, pages=words) for number in range(400))
    doubts = tuple(Doubt(words, words, tuple(map(str, range(100)))) for _ in range(400))
    text = gate_markdown(verdict(cells, broken, doubts, tuple(f"new {number}" for number in range(400))))
    assert len(text) <= 65_536
    assert (left := re.search(r"\n(\d+) pages more that break a rule", text))
    page = require_inert(text)
    assert len(page.css("p strong")) + len(page.css("details")) + int(left[1]) == 500
    assert len(text) < 1_048_576 // 4  # bytes of a step's summary, whatever the characters


def unescaped(text):
    for percent, character in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(percent, character)
    return text


def test_annotations_name_rules_doubts_and_the_worst_pages():
    lines = github_annotations(WORSE)
    assert len(lines) == 3 + 2
    first, *_, crash, fall = lines
    assert first == "::error title=mine%3A page_drop::F got worse on 1 page"
    assert crash.startswith("::error title=core/crashed%3A mine::F 0.900 → 0.000 error%0A") and "ladder" in crash
    assert unescaped(fall.partition("::F")[2]).splitlines()[-1] == "harness show 20240101-120000 --page core/fallen -e mine"
    assert github_annotations(FINE) == []
    assert github_annotations(GONE) == ["::error title=could not tell::1 page is missing%0Anext: harness run"]


@given(NASTY)
def test_an_annotation_is_one_command_with_any_text(text):
    lines = github_annotations(hostile(text))
    assert len(lines) == 4
    for line in lines:
        assert len(line.splitlines()) == 1
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co") for character in line)
        assert (parts := re.fullmatch(r"::error title=([^:,]*)::(.*)", line))
        assert all(re.fullmatch(r"(?:[^%]|%25|%0A|%3A|%2C)*", part) for part in parts.groups())


def test_no_more_annotations_than_github_shows():
    cells = [fallen(f"core/{number}") for number in range(50)]
    many = verdict(cells, (rule(),) * 50, (Doubt("a", "b"),) * 50)
    assert len(github_annotations(many)) == 10


def test_json_has_all_that_is_not_as_before():
    text = json.dumps(gate_object(WORSE))
    found = json.loads(text)
    assert (found["verdict"], found["code"]) == ("worse", 1)
    assert [page["golden"] for page in found["pages"]] == ["core/fallen", "core/crashed", "core/new", "core/changed"]
    page = found["pages"][0]
    assert page["before"]["scores"] == {"F": 0.9} and page["after"]["leaks"] == {"related": 30}
    assert page["words"]["missed"] == [{"kind": "body", "text": "the tide came early"}]
    assert page["show"].startswith("harness show ")
    assert found["extractors"][0]["difference"]["interval"]["low"] == -0.1
    assert {json.loads(json.dumps(gate_object(item)))["verdict"] for item in (GONE, EMPTY)} == {"could not tell"}
    assert gate_object(FINE)["verdict"] == "ok"


@given(NASTY)
def test_json_is_written_and_read_with_any_text(text):
    found = json.loads(json.dumps(gate_object(hostile(text)), ensure_ascii=False).encode("utf-8", "backslashreplace"))
    assert found["code"] == 1
