"""Pages are reduced to what the failure needs."""

from hypothesis import given
from hypothesis import strategies as st

from factories.html_layouts import goose_golden
from factories.layouts import text_golden
from harness.fuzz.catalogue import marked_page_of
from harness.fuzz.search.reduce import reduce_page, smallest_failing
from harness.goldens.labels import Label


@given(st.lists(st.integers(0, 30), unique=True, max_size=15), st.data())
def test_delta_debugging_finds_what_is_needed(items, data):
    wanted = set(data.draw(st.lists(st.sampled_from(items), unique=True))) if items else set()
    calls = []

    def fails(candidate):
        calls.append(candidate)
        return wanted <= set(candidate)

    assert set(smallest_failing(items, fails)) == wanted


def test_a_page_keeps_what_is_tested_for():
    page = marked_page_of(text_golden())
    smaller, complete = reduce_page(page, lambda candidate: "flower cart" in candidate.golden("x/y").page.content)
    assert complete
    assert len(smaller.golden("x/y").page.content.splitlines()) == 1


def test_what_hides_text_stays_around_it_however_small_the_page_gets():
    css = "p { margin: 0 } @media screen { .shut .pane { display: none } } .tall { height: 9em }"
    body = (
        '<div class="a shut tall" id="i"><div class="b"><p class="pane tall" lang="en">First secret</p></div></div>'
        '<div class="c"><div style="color: red; visibility: hidden"><p class="tall">Second secret</p></div></div>'
        '<div hidden data-x="1"><p>Third secret</p></div><p class="tall" style="color: red">Told</p>'
    )
    html = f"<!DOCTYPE html><html><head><title>T</title><style>{css}</style></head><body>{body}</body></html>"
    page = marked_page_of(goose_golden(html, (Label("keep", ("body > p",), "body"),)))

    def fails(candidate):
        return all(word in candidate.html() for word in ("First", "Second", "Third", "Told"))

    smaller, _ = reduce_page(page, fails)
    written = smaller.html()
    for part in (
        "<style>@media screen { .shut .pane { display: none } }</style>",
        'class="a shut tall"',
        'class="pane tall"',
        'style="color: red; visibility: hidden"',
        "<div hidden>",
        "<p>Told</p>",
    ):
        assert part in written, part
    assert "title" not in written and 'class="c"' not in written and "data-x" not in written


def test_a_style_sheet_that_hides_nothing_any_more_goes():
    css = ".off { display: none }"
    html = f'<!DOCTYPE html><html><head><style>{css}</style></head><body><p class="off">Gone</p><p>Told</p></body></html>'
    page = marked_page_of(goose_golden(html, (Label("keep", ("p",), "body"),)))
    smaller, _ = reduce_page(page, lambda candidate: "Told" in candidate.html())
    assert "style" not in smaller.html()
