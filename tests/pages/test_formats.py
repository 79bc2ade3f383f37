"""Outputs in HTML and Markdown as text: no word is lost, and no output takes the harness long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.places import ROOT
from harness.pages.formats import as_html, as_text
from harness.pages.page import visible_text
from harness.pages.structure import read_html, read_markdown

LIMIT = 4.0  # seconds of CPU for one output; some take many times as long where nothing is limited


def test_text_is_taken_as_it_is():
    output = "1 < 2 &amp; <b>*so on*</b>\n\n  indented"
    assert as_text(output, "text") == output
    assert as_html(output, "text") is None


def test_html_becomes_what_a_browser_shows_line_by_line():
    output = "<div>\n<h1>Low  tide</h1><p>Two <b>boats</b> &amp;\none crane</p><script>x()</script><img alt=quay></div>"
    assert as_text(output, "html") == "Low tide\nTwo boats & one crane"
    assert as_html(output, "html") == output


@pytest.mark.parametrize(
    ("attributes", "seen"),
    [
        ("hidden", False),
        ('hidden="until-found"', False),
        ('style="color:red; DISPLAY : none"', False),
        ('style="display:none!important"', False),
        ('style="display:block;display:none"', False),
        ('style="display:none;display:block"', True),
        ('hidden style="display: grid"', True),
        ('class="hidden" data-hidden aria-hidden="true"', True),
        ('style="--display:none; transition-display: none"', True),
    ],
)
def test_what_html_hides_by_its_attributes_is_not_its_text(attributes: str, seen: bool):
    output = f"<h2>Tide</h2><div {attributes}><h2>Old</h2><p>table</p></div>"
    for text, markup in ((as_text(output, "html"), read_html(output)), (as_text(output, "markdown"), read_markdown(output))):
        assert text.split("\n") == ["Tide", *(["Old", "table"] if seen else [])]
        assert [heading.text for heading in markup.headings] == ["Tide", *(["Old"] if seen else [])]


def test_markdown_loses_its_marks_and_keeps_its_words():
    output = """# Low *tide*

Two [boats](https://quay.example/boats "a title") and
one `crane < 3 t`, see [the list][1]. ![a quay](quay.png)

* first
* second \\*starred\\*

```python
depth = fathoms * 6
```

| day | high |
|-----|------|
| Mon | 4.1  |

[1]: https://quay.example/list
"""
    assert as_text(output, "markdown").split("\n") == [
        "Low tide",
        "Two boats and one crane < 3 t, see the list.",
        "first",
        "second *starred*",
        "depth = fathoms * 6",
        "day",
        "high",
        "Mon",
        "4.1",
    ]


def test_html_that_stands_in_markdown_is_html():
    assert as_text("<div>\n\nTwo **boats**\n\n</div>\n\nand <i>one</i> crane", "markdown") == "Two boats\nand one crane"


@pytest.mark.parametrize("end", ["|", ""])
@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_a_table_row_wider_than_the_first_keeps_its_cells(end, break_):
    rows = [f"| a | b {end}", f"| - | - {end}", f"| c | d | e | f \\| g {end}", f"| h {end}"]
    assert as_text("above\n\n" + break_.join(rows) + "\n\nbelow", "markdown").split("\n") == [
        "above", "a", "b", "c", "d", "e", "f | g", "h", "below",
    ]  # fmt: skip


CELL = st.text("abcé *_", max_size=5).map(lambda cell: cell.strip(" *_") or "x")


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=5))
def test_no_word_of_a_table_is_lost_however_ragged(rows):
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    text = as_text("\n".join(lines), "markdown")
    plain = [cell for row in rows for cell in row if not re.search("[*_]", cell)]
    assert len(text.split("\n")) >= len(plain)
    for cell in plain:
        assert " ".join(cell.split()) in text.split("\n")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.sampled_from(["html", "markdown"]))
def test_any_string_becomes_text_without_an_exception(output, format):
    assert as_text(output, format) == visible_text(as_html(output, format))


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="'rtf'"):
        as_text("x", "rtf")


HOSTILE = {
    "deep": lambda n: "<div>" * n,
    "deep, closed": lambda n: "<ul><li>" * n + "</li></ul>" * n,
    "many attributes": lambda n: "<p " + " ".join(f"a{i}=1" for i in range(n)) + ">",
    "open formatting": lambda n: "".join(f"<b a{i}>" for i in range(n)) + "<p>x" * n,
    "end tags that close nothing": lambda n: "<div><object></div></object>" * n,
    "alternating items": lambda n: "<dd><li>" * n,
    "no end of a tag": lambda n: "<a " * n,
    "no end of a comment": lambda n: "<!-- x " * n,
    "angles": lambda n: "<" * n,
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("format", ["html", "markdown"])
def test_hostile_markup_takes_a_bounded_time(kind, format):
    output = "<p>before</p>" + HOSTILE[kind](40_000)
    start = time.process_time()
    text = as_text(output, format)
    assert time.process_time() - start < LIMIT
    assert text.startswith("before")


@pytest.mark.parametrize(
    "output",
    ["[" * 2_000_000, "a|b\n-|-\n" * 40_000, "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|\n" * 2_000,
     "> " * 20_000, "|-\n" * 2_000 + "|" * 2_000],
    ids=["megabytes", "narrow tables", "wide table", "quotes", "first rows"],
)  # fmt: skip
def test_hostile_markdown_takes_a_bounded_time(output):
    start = time.process_time()
    as_text(output, "markdown")
    assert time.process_time() - start < LIMIT


def test_html_too_deep_to_be_read_keeps_its_text_and_not_its_scripts():
    inside = "<!-- a note --><p>Two <b>boats</b> &lt;here&gt;</p><script>if (1 < 2) sink()</script><li>one crane<br>more"
    text = as_text("<div>" * 5_000 + inside + "</div>" * 5_000, "html")
    assert text.split("\n") == ["Two boats <here>", "one crane", "more"]
    assert as_html("<div>" * 5_000 + inside, "html").count("<p>") == 3


def test_no_golden_page_is_too_deep_to_be_read():
    pages = sorted((ROOT / "goldens").glob("*/*.html"))
    assert len(pages) > 30
    for page in pages:
        html = page.read_text(encoding="utf-8", errors="replace")
        assert as_html(html, "html") is html, page.name
