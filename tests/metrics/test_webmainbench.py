"""The metrics of WebMainBench, as published."""

from __future__ import annotations

import time

import pytest

from factories.benchmarks import markdown_case
from harness.metrics.base import ScoresByMetric
from harness.metrics.benchmarks import webmainbench, webmainbench_parts, webmainbench_tables


def fine(gold: str, output: str, format: str = "markdown") -> dict[str, float | None]:
    pytest.importorskip("bs4", reason="BeautifulSoup comes with the extra `benchmarks`")
    return {
        name.removeprefix("webmainbench."): value
        for name, value in webmainbench.webmainbench_scores(markdown_case(gold, output, format)).items()
    }


def as_markdown(cells: str) -> str:
    a, b, c, d = cells.split()
    return f"| {a} | {b} |\n|---|---|\n| {c} | {d} |"


def test_the_published_teds_compares_single_nodes() -> None:
    wrong = fine(as_markdown("aaaa bbbb cccc dddd"), as_markdown("wwww xxxx yyyy zzzz"))
    # 48 of the 75 characters that the root's string has differ; a root of seven nodes costs 1 at most.
    assert wrong["TEDS"] == pytest.approx(1 - 48 / 75 / 7)
    assert round(wrong["TEDS"], 3) == 0.909
    assert wrong["TEDS.tree"] == pytest.approx(1 - 4 / 7)
    html = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    one_cell = fine(html, "<table><tr><td>z</td></tr></table>")
    assert round(one_cell["TEDS"], 3) == 0.894
    assert one_cell["TEDS.tree"] == pytest.approx(1 - (1 + 3 + 1) / 7)


def test_the_published_cost_of_tables_without_text_and_of_brackets() -> None:
    pytest.importorskip("bs4", reason="BeautifulSoup comes with the extra `benchmarks`")
    one = "<table><tr><td>{}</td></tr></table>"
    measure = webmainbench_tables.published_teds
    # Without text, all of the string is the tag, and another tag costs 1; without rows, the tag is the same, and losing
    # a text costs its length, but no more than 2: one node removed and one added.
    assert measure(one.format("abc"), one.format("")) == pytest.approx(1 - 1 / 3)
    assert measure(one.format("abc"), "<table></table>") == pytest.approx(1 - 2 / 3)
    assert measure(one.format("(a, b)"), one.format("[a; b]")) == 1
    assert measure("", "") == 1
    assert measure("", one.format("a")) == 0


def test_a_table_that_did_not_come_out_scores_nothing() -> None:
    assert (fine(as_markdown("a b c d"), "text")["table"], fine(as_markdown("a b c d"), "text")["TEDS"]) == (0, 0)
    assert fine(as_markdown("a b c d"), "text")["TEDS.tree"] == 0


def test_a_table_is_the_same_in_markdown_and_as_html() -> None:
    html = "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"
    measured = fine(as_markdown("a b c d"), html)
    assert (measured["table"], measured["TEDS"], measured["TEDS.tree"]) == (1, 1, 1)


def test_tables_of_markdown_are_made_one_and_html_wins() -> None:
    pytest.importorskip("bs4", reason="BeautifulSoup comes with the extra `benchmarks`")
    two = f"{as_markdown('a b c d')}\n\ntext\n\n{as_markdown('e f g h')}"
    html = webmainbench_tables.as_html(webmainbench_tables.source(two))
    assert html.count("<table>") == 1 and html.count("<tr>") == 4 and html.count("<th>") == 2
    mixed = webmainbench_tables.source(f"{two}\n\n<table><tr><td>x</table>\n\n`<table>`")
    assert mixed.startswith("<table><tr><td>x") and "| a | b |" in mixed
    assert webmainbench_tables.as_html(mixed) == mixed


def test_a_line_with_a_bar_needs_a_rule_below_it() -> None:
    assert webmainbench_tables.source("a | b\nc | d") == ""
    assert webmainbench_tables.source("a | b\n:--|---:") == ""
    assert webmainbench_tables.source("a | b\n:---|---:") == "a | b\n:---|---:"


def test_sections_of_tables_lose_their_rows_in_the_published_tree() -> None:
    pytest.importorskip("bs4", reason="BeautifulSoup comes with the extra `benchmarks`")
    html = "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>"
    assert webmainbench_tables._first_table(html) == ("table:abc(tbody:abc(td:a,td:b,td:c))", 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```py\na = 1\n\nb\n```\ntext ```inline``` text", ["a = 1\n\nb"]),
        ("text\n\n    a()\n\tb()\n\ntext", ["a()\nb()"]),
        ("text\n\n    a()\n\ntext", []),
        ("text\n    a()\n    b()\n", []),
        ("text\n\n    - a\n    - b\n", []),
        ("text\n\n    cost()\n    $5 or\n", []),
        ("text\n\n    a Million\n    b\n", []),
        ("text\n\n    a()\n    \n    b()", ["a()\nb()"]),
        # The blank line belongs to the first block, so the second is not found; with another line it is.
        ("text\n\n    a()\n    b()\n\n    c()\n    d()\n", ["a()\nb()"]),
        ("text\n\n    a()\n    b()\n\n\n    c()\n    d()\n", ["a()\nb()", "c()\nd()"]),
        ("```\n\n    a()\n    b()\n```", ["\n    a()\n    b()", "a()\nb()"]),
    ],
)
def test_code_is_found_as_published(text: str, code: list[str]) -> None:
    assert webmainbench_parts.code_blocks(text) == code


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"$a$ and \(b\) and $$c$$ and \[d\]", ["c", "d", "a", "b"]),
        ("it costs $5 here and $6 there", ["5 here and"]),
        (r"it costs \$5 here and \$6 there", []),
        (r"it costs \$5 here and $6 there", []),
        ("`$a$` and ```\n$b$\n```", []),
        ("$$ x\ny $$", ["x\ny"]),
        ("$a", []),
    ],
)
def test_formulas_are_found_as_published(text: str, formulas: list[str]) -> None:
    # A display formula counts once: for single dollars, each pair of dollars is a formula without content.
    assert webmainbench_parts.formulas(text) == formulas


@pytest.mark.parametrize(
    "text", ["\n" * 300_000, "\n\n" + " " * 300_000 + "\nx", "\\[ " * 100_000, "$$\\$" * 100_000, "`` " * 100_000]
)
def test_hostile_text_takes_no_time(text: str) -> None:
    begin = time.process_time()
    webmainbench_parts.code_blocks(text)
    webmainbench_parts.formulas(text)
    webmainbench_tables.source(text)
    assert time.process_time() - begin < 2


def test_the_text_is_compared_as_markdown_and_parts_that_neither_has_are_left_out() -> None:
    measured = fine("# abcd", "# abxd")
    assert measured == {
        "text": pytest.approx(5 / 6),
        "code": None,
        "formula": None,
        "table": None,
        "TEDS": None,
        "TEDS.tree": None,
        "overall": pytest.approx(5 / 6),
    }
    assert fine("# abcd", "abcd", "text")["text"] == pytest.approx(4 / 6)


def test_a_failure_scores_nothing_where_the_golden_has_something() -> None:
    pytest.importorskip("bs4", reason="BeautifulSoup comes with the extra `benchmarks`")
    failed = webmainbench.webmainbench_failed(markdown_case("text ```\ncode\n```", "whatever"))
    assert failed["webmainbench.text"] == failed["webmainbench.code"] == failed["webmainbench.overall"] == 0
    assert failed["webmainbench.table"] is None
    assert webmainbench.webmainbench_failed(markdown_case("", ""))["webmainbench.text"] == 0


class Page:
    set = "set"

    def __init__(self, **scores: float | None) -> None:
        self.scores: ScoresByMetric = {f"webmainbench.{name}": value for name, value in scores.items()}


def test_overall_is_the_mean_of_five_means_and_an_unknown_one_counts_as_nothing() -> None:
    pages = [Page(text=1.0, code=0.5, table=None, overall=0.75), Page(text=0.5, code=None, table=0.25, overall=0.4)]
    assert webmainbench.overall(pages) == pytest.approx((0.75 + 0.5 + 0.25) / 5)
    assert webmainbench.overall([Page(overall=None)]) is None
