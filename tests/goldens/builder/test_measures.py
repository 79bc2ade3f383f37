"""What pages are measured by before they are compared with the web."""

from __future__ import annotations

import pytest

from goldens.builder.measures import measure
from harness.goldens.golden import Golden
from harness.pages.page import Page

HTML = "<html><head><style>p{}</style></head><body><a href=/>Home page</a><p>The mill <a href=/x>turns</a> by night.</body>"


def test_words_bytes_and_elements_of_a_page() -> None:
    page = Page((HTML + "<script>run()</script>").encode(), "text/html")
    found = measure(Golden("web/mill", page, "article", "mill.example", text="The mill turns by night."))
    assert (found.elements, found.words) == (8, 7)
    assert found.kept == pytest.approx(5 / 7)
    assert found.in_links == pytest.approx(3 / 7)
    assert found.code == pytest.approx(len("p{}run()") / len(page.raw))
    assert found.kilobytes == len(page.raw) / 1000


def test_a_page_without_main_content_has_no_share_to_keep() -> None:
    found = measure(Golden("web/mill", Page(b"<p>Sign in", "text/html"), "article", "mill.example", text=""))
    assert found.kept is None
    assert found.in_links == 0
