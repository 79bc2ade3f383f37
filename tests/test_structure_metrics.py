"""How much structure came out: TEDS, structure.*, and the scores of WebMainBench."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from helpers import text_page
from hypothesis import given
from hypothesis import strategies as st

from harness.alignment.align import page_words
from harness.goldens.golden import Golden
from harness.metrics import teds
from harness.metrics.base import Case, Scores
from harness.metrics.benchmarks import webmainbench, webmainbench_parts, webmainbench_tables
from harness.metrics.benchmarks.webmainbench import webmainbench_failed, webmainbench_scores
from harness.metrics.own import structure
from harness.metrics.own.structure import structure_failed, structure_scores
from harness.pages.formats import as_html, as_text
from harness.pages.structure import Cell, Table, read_markdown

DATASETS = os.environ.get("HARNESS_DATASETS")

CELLS = st.builds(Cell, st.text("ab", max_size=3), st.sampled_from([1, 1, 2]))
TABLES = st.builds(Table, st.lists(st.lists(CELLS, max_size=3).map(tuple), max_size=3).map(tuple))


def table_of(*rows: Sequence[str]) -> Table:
    return Table(tuple(tuple(map(Cell, row)) for row in rows))


# A tree as (label, children); a label is a tag or a cell.
def tree_of(table: Table) -> tuple:
    return ("table", tuple(("tr", tuple((cell, ()) for cell in row)) for row in table.rows))


def levenshtein(a: str, b: str) -> int:
    if not a or not b:
        return len(a) + len(b)
    same = a[-1] != b[-1]
    return min(levenshtein(a[:-1], b[:-1]) + same, levenshtein(a[:-1], b) + 1, levenshtein(a, b[:-1]) + 1)


def change(a: Cell | str, b: Cell | str) -> float:
    if isinstance(a, str) or isinstance(b, str):
        return float(a != b)
    if (a.colspan, a.rowspan) != (b.colspan, b.rowspan):
        return 1.0
    return levenshtein(a.text, b.text) / max(len(a.text), len(b.text), 1)


@cache
def forest_distance(a: tuple, b: tuple) -> float:
    """The recursion over forests by which textbooks define the edit distance of ordered trees."""
    if not a and not b:
        return 0.0
    choices = []
    if a:
        choices.append(forest_distance(a[:-1] + a[-1][1], b) + 1)
    if b:
        choices.append(forest_distance(a, b[:-1] + b[-1][1]) + 1)
    if a and b:
        inside = forest_distance(a[-1][1], b[-1][1]) + change(a[-1][0], b[-1][0])
        choices.append(forest_distance(a[:-1], b[:-1]) + inside)
    return min(choices)


@given(TABLES, TABLES)
def test_the_distance_is_that_of_the_textbook(a: Table, b: Table) -> None:
    assert teds.tree_distance(a, b) == pytest.approx(forest_distance((tree_of(a),), (tree_of(b),)))


@given(TABLES, TABLES)
def test_teds_is_symmetric_and_one_only_for_equal_tables(a: Table, b: Table) -> None:
    value = teds.teds(a, b)
    assert value == pytest.approx(teds.teds(b, a))
    assert 0 <= value <= 1
    assert (value == 1) == (a == b)


def test_teds_by_hand() -> None:
    table = table_of("ab", "cd")
    # Seven nodes: a table, two rows, four cells.
    assert teds.teds(table, table_of("wx", "yz")) == pytest.approx(1 - 4 / 7)
    assert teds.teds(table, table_of("ab")) == pytest.approx(1 - 3 / 7)
    assert teds.teds(table, table_of("ab", "cd", "ef")) == pytest.approx(1 - 3 / 10)
    assert teds.teds(table, table_of("ab", ("c", "dd"))) == pytest.approx(1 - 0.5 / 7)
    assert teds.teds(table, Table(((Cell("a", 2), Cell("b")), (Cell("c"), Cell("d"))))) == pytest.approx(1 - 1 / 7)


def test_large_tables_are_compared_by_their_nodes_in_order() -> None:
    rows = [(f"port {number}", str(number)) for number in range(2000)]
    begin = time.process_time()
    wrong = [*rows[:-1], ("elsewhere", "0")]
    assert teds.teds(table_of(*rows), table_of(*wrong)) == pytest.approx(1 - 2 / 6001)
    assert time.process_time() - begin < 5


def test_tables_are_paired_in_order_and_those_without_a_partner_count_nothing() -> None:
    a, b, c = (table_of([letter * 9] * 2) for letter in "abc")
    assert teds.in_order([a, b], [a, b]) == 1
    assert teds.in_order([a, b], [b]) == pytest.approx(1 / 2)
    assert teds.in_order([b], [a, b, c]) == pytest.approx(1 / 3)
    # One of the two that changed places, or both with the other's cells wrong: 1 against 2 (1 - 2/4).
    assert teds.in_order([a, b], [b, a]) == pytest.approx(1 / 2)
    assert teds.in_order([], []) == 1
    assert teds.in_order([], [a]) == teds.in_order([a], []) == 0


def test_thousands_of_tables_take_seconds() -> None:
    many = [table_of(["a", str(number % 7)]) for number in range(20_000)]
    begin = time.process_time()
    assert teds.in_order(many[:500], many) == pytest.approx(500 / 20_000)
    assert teds.in_order(many[:20], many) == pytest.approx(20 / 20_000)
    assert time.process_time() - begin < 10


# ---- structure.* ----

GOLD = """\
# Tides

See [the chart](/chart).

- ebb
- flood

| port | m |
|---|---|
| Brest | 6.1 |

```
wait()
```
"""


def case(gold: str | None, output: str, format: str = "markdown") -> Case:
    page = text_page("page", "https://quay.example/tides/")
    golden = Golden("set/page", page, "article", "site", text=as_text(gold or "", "markdown"), markdown=gold)
    markdown = output if format == "markdown" else None
    return Case(golden, as_text(output, format), page_words(golden), as_html(output, format), markdown)


def structure_of(gold: str, output: str, format: str = "markdown") -> dict[str, float | None]:
    return {name.removeprefix("structure."): value for name, value in structure_scores(case(gold, output, format)).items()}


def test_structure_that_came_out_whole_scores_one_in_either_format() -> None:
    whole = dict.fromkeys(("headings", "lists", "tables", "code", "links"), 1.0)
    assert structure_of(GOLD, GOLD) == whole
    assert structure_of(GOLD, as_html(GOLD, "markdown"), "html") == whole


def test_structure_that_was_lost_scores_nothing_and_plain_text_is_not_measured() -> None:
    text = as_text(GOLD, "markdown")
    assert set(structure_of(GOLD, "").values()) == {0}
    assert set(structure_of(GOLD, " ".join(text.split())).values()) == {0}
    assert set(structure_of(GOLD, text, "text").values()) == {None}


def test_what_neither_side_has_is_left_out() -> None:
    assert set(structure_of("text", "other text").values()) == {None}


def test_structure_that_only_the_output_has_scores_nothing_except_links() -> None:
    assert structure_of("text", GOLD) == {"headings": 0, "lists": 0, "tables": 0, "code": 0, "links": None}


def test_headings_and_items_are_multisets_and_levels_do_not_count() -> None:
    output = "### B\n\n## A\n\n# A\n\n* x\n\n* z"
    measured = structure_of("# A\n\n## B\n\n# C\n\n1. x\n2. y\n3. z", output)
    # Of three headings each, two are the same; of three items, both of the output's.
    assert measured["headings"] == pytest.approx(2 / 3)
    assert measured["lists"] == pytest.approx(2 * 2 / 5)


def test_a_link_needs_its_text_and_its_target() -> None:
    gold = "[a](/a) [b](/b)"
    assert structure_of(gold, "[a](https://quay.example/a) [B](/b)")["links"] == pytest.approx(1 / 2)
    assert structure_of(gold, "[a](/x) [b](/y)")["links"] == 0


def test_code_is_compared_by_edits() -> None:
    assert structure_of("```\nabcd\n```", "```\nabxd\n```")["code"] == pytest.approx(3 / 4)


def test_a_failure_scores_as_an_empty_output_where_structure_is_measured() -> None:
    assert structure_failed(case(GOLD, "")) == dict.fromkeys(structure.STRUCTURE.names, 0.0)
    assert structure_failed(case("text", "")) == dict.fromkeys(structure.STRUCTURE.names)
    assert structure_failed(case(GOLD, "", "text")) == dict.fromkeys(structure.STRUCTURE.names)


def test_it_applies_to_goldens_with_markdown() -> None:
    for family in (structure.STRUCTURE, webmainbench.WEBMAINBENCH):
        assert family.applies(case("", "").golden)
        assert not family.applies(case(None, "").golden)


@pytest.mark.skipif(not DATASETS, reason="HARNESS_DATASETS names no folder with the data sets")
def test_the_markdown_of_wcxb_has_structure_and_equals_itself() -> None:
    truths = sorted(Path(str(DATASETS), "wcxb", "dev", "ground-truth").glob("*.json"))
    found = 0
    for path in random.Random(1).sample(truths, 60):
        markdown = json.loads(path.read_bytes())["ground_truth"].get("main_content_markdown")
        if not markdown:
            continue
        read = read_markdown(markdown)
        found += bool(read.headings)
        measured = structure.compare(read, read)
        assert {value for value in measured.values() if value is not None} <= {1.0}
    assert found > 20


# ---- webmainbench.* ----


def fine(gold: str, output: str, format: str = "markdown") -> dict[str, float | None]:
    pytest.importorskip("bs4", reason="BeautifulSoup comes with the extra `benchmarks`")
    return {
        name.removeprefix("webmainbench."): value for name, value in webmainbench_scores(case(gold, output, format)).items()
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
    failed = webmainbench_failed(case("text ```\ncode\n```", "whatever"))
    assert failed["webmainbench.text"] == failed["webmainbench.code"] == failed["webmainbench.overall"] == 0
    assert failed["webmainbench.table"] is None
    assert webmainbench_failed(case("", ""))["webmainbench.text"] == 0


class Page:
    set = "set"

    def __init__(self, **scores: float | None) -> None:
        self.scores: Scores = {f"webmainbench.{name}": value for name, value in scores.items()}


def test_overall_is_the_mean_of_five_means_and_an_unknown_one_counts_as_nothing() -> None:
    pages = [Page(text=1.0, code=0.5, table=None, overall=0.75), Page(text=0.5, code=None, table=0.25, overall=0.4)]
    assert webmainbench.overall(pages) == pytest.approx((0.75 + 0.5 + 0.25) / 5)
    assert webmainbench.overall([Page(overall=None)]) is None
