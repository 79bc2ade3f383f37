"""A text dump as an HTML page reads as the same lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factories.pages import text_page
from harness.pages.page import visible_text, wrap_text

printable = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])


@given(st.text(st.one_of(st.sampled_from("\n\n <>&\"'/p"), printable)))
def test_a_text_dump_wrapped_in_html_reads_as_the_same_lines(content: str) -> None:
    lines = [" ".join(line.split()) for line in content.removesuffix("\n").split("\n") if line.strip()]
    assert visible_text(wrap_text(content)) == "\n".join(lines)
    assert text_page(content).html == wrap_text(content)


def test_a_wrapped_dump_shows_markup_in_it_as_text() -> None:
    page = text_page("<b>not bold</b>\n\n<script>alert(1)</script>")
    assert page.html.count("<p>") == 2
    assert "<b>" not in page.html
    assert "<script>" not in page.html
