"""Every writer of Markdown with hostile names and words: whatever they are, they stay text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from harness.analysis.compare import compare
from harness.analysis.reproduction import Benchmark, Published, Reproduced, ReproductionRow
from harness.fuzz.measure.robustness import ExtractorTotal
from harness.fuzz.measure.robustness import OperatorRow as OperatorRow
from harness.report.comparison import comparison_markdown
from harness.report.fuzzing import matrix_markdown
from harness.report.kit import markdown
from harness.report.leaderboard import leaderboards_markdown
from harness.report.reproduction import section
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run
from harness.runs.summary import summarise
from harness.stats import Estimate

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[click](javascript:alert(1)) ![](https://tracker.example/x.png)",
    "```\n</details>\n# heading\n- item\n| a | b |\n|---|---|\n> quote\n1. one\n***\n",
    "`` ` ``` a`b",
    "https://evil.example www.evil.example me@evil.example @somebody #12 <https://evil.example>",
    "name@2.0.0",
    "\x00\x07\x1b[31mred \u202egnihtemos \ud800 \ufffe \x85",
    "--> &lt; &amp; &#0; \"' ~~struck~~ $x$ _a_ *b* :tada:",
    "a\\|b \\` \\",
    "123. one",
    "- one",
    "===",
)
NASTY = st.one_of(st.sampled_from(HOSTILE), st.text("`|<>[]()*_#@\\&:/. \n-+=~$!w1", min_size=1, max_size=30))


def rendered(text):
    """The Markdown as a page, by a reader of GitHub's dialect that lets HTML through; GitHub itself lets less through."""
    return LexborHTMLParser(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


OURS = {"html", "head", "body", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong", "code"}
OURS |= {"pre", "br", "-comment"}


def require_inert(text):
    """Nothing but our own markup, no control, and tables whose rows all have as many cells as their head."""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    page = rendered(text)
    nodes = list(page.root.traverse(include_text=False))
    assert {node.tag for node in nodes} <= OURS
    assert all(set(node.attributes) <= {"style"} for node in nodes)  # of cells: how they are aligned
    for table in page.css("table"):
        assert {len(row.css("td")) for row in table.css("tbody tr")} <= {len(table.css("th"))}
    outside_code = re.sub(r"(?m)^    .*$", "", text)
    assert not re.search(r"@\w|#\d|:/|www\.", re.sub(r"\\(.)", r"\1", outside_code))
    return page


def record(extractor, golden, score, kind="article"):
    return Record(
        extractor=extractor,
        golden=golden,
        media="text/html",
        kind=kind,
        lang="en",
        site=f"{golden}.example",
        coerced=False,
        outcome="ok",
        error="",
        text="",
        scores={"F": score},
        counts={"kept": 1, "missed": 1, "leaked": 1, "free": 0},
        leaks={kind: 1 if extractor == "plain" else 2},
        misses={kind: 1},
    )


def run_of(text):
    """Two extractors on two pages, with a text wherever text of others can stand."""
    other = f"other {text}"
    records = tuple(
        record(name, golden, score, kind)
        for name, score in (("plain", 0.5), (other, 0.9))
        for golden, kind in ((f"set/1{text}", text), (f"set/2{text}", "forum"))
    )
    return Run(text, RunHeader(text, metrics=("F",)), {"plain": text, other: f"{text}2"}, records, finished=True), other


@given(NASTY)
@example(HOSTILE[3])
def test_the_result_table_is_inert(text):
    run, other = run_of(text)
    tracks = {"text/html": summarise(run.records)}
    page = require_inert(leaderboards_markdown(tracks, run.versions, frozenset({other}), ["F"], [f"flags: {text}"]))
    assert len(page.css("tbody tr")) == 2


@given(NASTY)
@example("___")
@example(HOSTILE[3])
def test_a_comparison_is_inert(text):
    run, other = run_of(text)
    require_inert(comparison_markdown(compare(run, run, [("plain", other)], "F"), "F", [f"left out: {text}"]))


@given(NASTY)
@example(HOSTILE[3])
def test_a_matrix_is_inert(text):
    change = Estimate(-0.2, None, None, 3)
    row = OperatorRow(
        text, text, text, "D1", "noise", 3, 0.9, change, 0.5, None, 0.0, None, None, 1.0, 0.0, 0.0, (text, -0.2), {}, {}
    )
    total = ExtractorTotal(text, change, 0.1, {"noise": row}, -0.01)
    require_inert(matrix_markdown([row], [total]))


@given(NASTY)
@example(HOSTILE[3])
def test_a_reproduction_is_inert(text):
    published = Published(text, (0.5,), version=text, by_kind=(0.5,), note=text)
    here = Reproduced(text, f"{text}2", 3, 1, (0.6,), (0.6,))
    benchmark = Benchmark("aeb", "A benchmark", "a page", "aeb", 4, ("aeb.F",), (published,), ("article",))
    page = require_inert(
        section(
            benchmark, [ReproductionRow(published, here, here), ReproductionRow(None, None, here)], ["harness reproduce aeb"]
        )
    )
    assert [len(table.css("tbody tr")) for table in page.css("table")] == [2, 3]


@pytest.mark.parametrize("text", ["two words", "snake_case", "12:30:59", "−.071", "95 % interval", "5 – 7", "naïve, שלום"])
def test_what_is_no_markup_stays_as_it_is(text):
    assert markdown.escape(text) == text


def test_what_is_markdown_already_is_not_escaped_again():
    assert markdown.table(["*a*"], [[markdown.code("*b*")]]) == "| \\*a\\* |\n| --- |\n| `*b*` |"
    assert markdown.heading(2, markdown.escape("*c*")) == "## \\*c\\*"


def test_columns_are_justified_right_but_for_those_that_say_otherwise():
    assert markdown.table(["a", "b", "c"], [], ["left", "left"]).splitlines()[1] == "| --- | --- | ---: |"


def test_code_keeps_its_spaces_and_every_line_of_it_is_code():
    assert (
        markdown.code_block(["harness show 'a  b\nc'", "# no heading"]) == "    harness show 'a  b\n    c'\n    # no heading"
    )
