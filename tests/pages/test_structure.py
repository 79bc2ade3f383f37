"""What is read of the structure of HTML and Markdown."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.pages.structure import Cell, Heading, Link, Markup, Table, read_html, read_markdown

WORDS = st.text("abcdefg ", min_size=1, max_size=12).map(str.strip).filter(bool)


def rows_of(*rows: tuple[str, ...]) -> Table:
    return Table(tuple(tuple(Cell(text) for text in row) for row in rows))


PAIRS = [
    ("# Tide tables\n\nText.\n\n### By *harbour*", "<h1>Tide tables</h1><p>Text.</p><h3>By <em>harbour</em></h3>"),
    ("- ebb\n- flood\n    1. spring\n    2. neap\n", "<ul><li>ebb<li>flood<ol><li>spring</li><li>neap</ol></ul>"),
    ("| port | m |\n|---|---|\n| Brest | 6.1 |", "<table><tr><td>port<td>m<tbody><tr><td>Brest<td> 6.1 </table>"),
    ("```python\nif low:\n    wait()\n```", "<pre><code>if low:\n    wait()\n</code></pre>"),
    ("see [the *chart*](/chart?p=1#top)", '<p>see <a href="https://quay.example/chart?p=1">the <b>chart</b></a></p>'),
]


@pytest.mark.parametrize(("markdown", "html"), PAIRS)
def test_markdown_and_html_of_the_same_structure_read_the_same(markdown: str, html: str) -> None:
    read = read_markdown(markdown, "https://quay.example/tides/")
    assert read == read_html(html, "https://quay.example/tides/")
    assert read != Markup()


def test_headings_have_levels_and_normalised_text() -> None:
    assert read_html("<h2>Low\n  water<br>today</h2><h5> </h5><h6><a>x</a></h6>").headings == (
        Heading(2, "Low water today"),
        Heading(6, "x"),
    )


def test_an_item_has_its_own_text_without_that_of_lists_inside() -> None:
    html = "<ul><li><p>one</p><p>two</p><ul><li>in<i>ner</i></li></ul> after</li></ul>"
    assert read_html(html).items == ("one two after", "inner")


def test_rows_without_text_are_no_rows_and_tables_without_text_no_tables() -> None:
    assert read_markdown("|   |   |\n|---|---|\n| a |  |").tables == (rows_of(("a", "")),)
    assert read_html("<table><tr><td> </td></tr></table>").tables == ()


def test_a_header_cell_is_a_cell_and_spans_are_kept() -> None:
    html = '<table><caption>c</caption><thead><tr><th colspan=2>a</th></tr></thead><tr><td rowspan="x">b<td rowspan=3>c'
    assert read_html(html).tables == (Table(((Cell("a", 2, 1),), (Cell("b"), Cell("c", 1, 3)))),)


@pytest.mark.parametrize(("written", "meant"), [("0", 1), ("-2", 1), ("²", 1), ("", 1), ("7", 7), ("9" * 5000, 1000)])
def test_spans_are_what_the_html_standard_makes_of_them(written: str, meant: int) -> None:
    html = f'<table><tr><td colspan="{written}">a</td></tr></table>'
    assert read_html(html).tables == (Table(((Cell("a", meant),),)),)


def test_a_table_in_a_cell_is_a_table_of_its_own() -> None:
    html = "<table><tr><td>out<table><tr><td>in</td></tr></table>side</td></tr></table>"
    assert read_html(html).tables == (rows_of(("out side",)), rows_of(("in",)))


def test_code_keeps_lines_and_indents_but_not_what_trails() -> None:
    assert read_html("<pre>\n\na  \n  <b>b</b><br>c\n\n</pre>").code == ("a\n  b\nc",)
    assert read_markdown("text `inline` text").code == ()
    assert read_markdown("    x = 1\n    y = 2\n").code == ("x = 1\ny = 2",)


def test_links_are_absolute_and_those_into_the_same_page_or_without_text_are_left_out() -> None:
    html = '<a href="b?x#f">rel</a> <a href="#f">here</a> <a>none</a> <a href="/pic"><img alt="p"></a> <a href="http://[">bad</a>'
    assert read_html(html, "https://quay.example/a/").links == (
        Link("rel", "https://quay.example/a/b?x"),
        Link("bad", "http://["),
    )


def test_html_in_markdown_counts() -> None:
    assert read_markdown("text\n\n<table><tr><td>a</td></tr></table>\n").tables == (rows_of(("a",)),)


def test_scripts_and_templates_are_not_read() -> None:
    html = "<script>'<h1>a</h1>'</script><template><h1>b</h1></template><noscript><h1>c</h1></noscript>"
    assert read_html(html).headings == (Heading(1, "c"),)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_a_table_comes_back_from_markdown_as_it_was_written(rows: list[list[str]]) -> None:
    written = [f"| {' | '.join(row)} |" for row in rows]
    read = read_markdown("\n".join([written[0], "|---|---|", *written[1:]]))
    assert read.tables == (Table(tuple(tuple(Cell(" ".join(text.split())) for text in row) for row in rows)),)


@given(st.text(max_size=60), st.sampled_from([read_html, read_markdown]))
def test_anything_can_be_read(text: str, read: object) -> None:
    assert isinstance(read(text), Markup)  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    ["<ul><li>x" * 110_000, "<table><tr><td>a" * 60_000, "<pre>" * 200_000, '<a href="x"><b><p>' * 60_000, "<h1>" * 200_000],
)
def test_a_million_characters_of_nested_elements_take_seconds(html: str) -> None:
    begin = time.process_time()
    read_html(html)
    assert time.process_time() - begin < 20


def test_lines_of_code_may_be_blocks() -> None:
    assert read_html("<pre><code><div>if x:</div><div>  y()</div></code></pre>").code == ("if x:\n  y()",)
