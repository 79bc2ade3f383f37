"""HTML that would take too long or too much memory to read is found before a parser sees it; real pages are not."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.labels import html_trees
from harness.pages import visible
from harness.pages.limits import PAGES, ParserLimits, Unreadable, why_unreadable
from harness.pages.page import Page
from harness.pages.plain import is_plain

SMALL = ParserLimits(depth=100, attributes=100, options=100, copies=1000)

BEYOND = {
    "elements inside each other": "<div>" * 101,
    "lists inside items": "<ul><li>" * 51,
    "spans whose end tags name something else": "<span></b>" * 101,
    "end tags that a table keeps from what is outside": "<div><table><td></div>" * 50,
    "end tags of an inline element around blocks": "<span><div></span>" * 51,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(101)) + ">",
    "attributes with slashes between": "<p " + "/".join(f"a{n}" for n in range(101)) + ">",
    "options": "<select>" + "<option>a" * 101,
    "formatting that every paragraph repeats": "".join(f"<p><b id={n}>x" for n in range(60)),
}
WITHIN = {
    "elements side by side": "<div>a</div>" * 500,
    "paragraphs without end tags": "<p>a" * 500,
    "items without end tags": "<ul>" + "<li>a" * 500,
    "paragraphs without end tags in blocks": "<div><p>a</div>" * 500,
    "words in an attribute": f'<p title="{"a " * 500}">',
    "equal formatting": "<p><b>x" * 49,
    "formatting that ends": "".join(f"<p><b id={n}>x</b>" for n in range(500)),
    "images": "<img>" * 500,
}


@pytest.mark.parametrize("name", BEYOND)
def test_what_grows_faster_than_the_page_is_beyond_the_limits(name):
    assert why_unreadable(BEYOND[name] + " " * 2_000, SMALL)


@pytest.mark.parametrize("name", WITHIN)
def test_what_is_only_long_is_within_the_limits(name):
    assert why_unreadable(WITHIN[name] + " " * 2_000, SMALL) == ""


TAGS = "<div> </div> <p> <P> <b> <I> </b> </i> <br> <table> <option> x".split()
parts = st.sampled_from([*TAGS, "<b id=1>"])


@given(st.lists(parts, min_size=5, max_size=60).map("".join), st.integers(1, 30), st.integers(1, 60))
def test_the_quick_look_never_takes_a_page_for_readable_that_is_not(html, depth, copies):
    limits = ParserLimits(depth, attributes=10, options=depth, copies=copies)
    with mock.patch("harness.pages.plain.is_plain", return_value=False):
        exact = why_unreadable(html + " " * 2_000, limits)
    why_unreadable.cache_clear()
    assert bool(why_unreadable(html + " " * 2_000, limits)) == bool(exact)


@given(html_trees())
def test_ordinary_trees_can_be_read(case):
    assert why_unreadable(case[0]) == ""


def test_a_page_beyond_the_limits_is_not_given_to_the_parser():
    page = Page(b"<div>" * (PAGES.depth + 1), "text/html")
    assert f"{PAGES.depth:,}" in page.unreadable
    with pytest.raises(Unreadable, match=f"{PAGES.depth:,}"):
        visible.parse(page.content)
    assert Page(page.raw, "text/plain").unreadable == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso2022_jp"])
@pytest.mark.parametrize("html", BEYOND.values(), ids=BEYOND.keys())
def test_no_page_beyond_the_limits_is_told_to_be_small_by_its_bytes(html: str, encoding: str) -> None:
    # In UTF-16 the last character has the byte of `>`.
    raw = (html + ("\u3042\u3e3c" if encoding == "utf-16" else "\u3042")).encode(encoding)
    assert not is_plain(raw, SMALL)


@given(st.lists(st.sampled_from(["<p>", "<b>", "</b>", "<i", ">", "x" * 90, "\u3042", "<!--", "</p "]), max_size=30))
def test_small_pages_are_within_the_limits(parts: list[str]) -> None:
    html = "".join(parts)
    limits = ParserLimits(depth=6, attributes=80, options=6, copies=4)
    assert not is_plain(html.encode(), limits) or not why_unreadable(html, limits)


def test_a_long_address_in_an_attribute_is_no_reason_to_read_every_tag():
    picture = f'<img src="data:image/png;base64,{"A" * 50_000}">'.encode()
    assert is_plain(picture)
    assert not is_plain(b"<img " + b"a=1 " * PAGES.attributes + b">")
