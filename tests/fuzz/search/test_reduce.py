"""Pages are reduce_page to what the failure needs."""

from hypothesis import given
from hypothesis import strategies as st

from factories.layouts import text_golden
from harness.fuzz.catalogue import marked_page_of
from harness.fuzz.search.reduce import reduce_page, smallest_failing


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
