"""A dump is understood, or why it cannot be changed is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories.goldens import plain_golden
from factories.pages import html_page, text_page
from factories.text_layouts import dump_golden
from harness.fuzz.base import DoesNotApply
from harness.fuzz.text.blocks import cards_of, heading_of, sections
from harness.fuzz.text.page import TextPage
from harness.goldens.labels import Label


def test_the_page_is_understood(page: TextPage) -> None:
    (related,) = sections(page, "related")
    assert heading_of(page, related) == 12
    assert cards_of(page, related) == [(14, 19), (20, 24)]


def test_pages_without_labelled_lines_say_why_they_cannot_be_changed() -> None:
    with pytest.raises(DoesNotApply, match="is no text dump but text/html"):
        TextPage.of(plain_golden(None, page=html_page("a")))
    with pytest.raises(DoesNotApply, match="has no labels"):
        TextPage.of(plain_golden("a"))
    with pytest.raises(DoesNotApply, match="has no main content"):
        TextPage.of(dump_golden("a\n", []))
    other = dump_golden("b\n", [Label("keep", ("1",), "body")])
    with pytest.raises(DoesNotApply, match="the labels of line 1 are not those of the dump"):
        TextPage.of(replace(other, page=text_page("a")))
