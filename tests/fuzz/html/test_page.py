"""Pages with gold text, and pages that cannot be changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from factories.html_layouts import GOOSE_TEXT, golden_with_text, goose_golden
from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.fuzz.base import DoesNotApply
from harness.fuzz.html.operators.copies import OtherSurroundings
from harness.fuzz.html.operators.nesting import Nest
from harness.fuzz.html.operators.stories import RelatedStories
from harness.fuzz.html.page import DomPage
from harness.goldens.golden import Golden
from harness.pages import words as words_of
from harness.pages.page import Page, visible_text


def test_a_page_with_gold_text_keeps_that_text_and_knows_what_was_inserted() -> None:
    page = RelatedStories(2).apply(GOOSE_TEXT)
    golden = page.golden("x")
    assert golden.text == golden.main_content == GOOSE_TEXT.origin.text
    leaks = align(page_words(golden), visible_text(golden.page.content)).leaks_by_kind()
    size = len(words_of.words("\n".join(page.inserted)))
    assert size > 40 and leaks["related"] == pytest.approx(size, abs=3)
    assert leaks["other"] > 0


def test_pages_that_cannot_be_changed_say_so() -> None:
    dump = Golden("own/dump", Page(b"text", "text/plain"), "article", "x", text="text")
    with pytest.raises(DoesNotApply, match="text/plain, not text/html"):
        DomPage.of(dump)
    with pytest.raises(DoesNotApply, match="neither labels nor a text"):
        DomPage.of(Golden("own/bare", Page(b"<p>x", "text/html"), "article", "x"))
    with pytest.raises(DoesNotApply, match="no donor of the kind 'related'"):
        RelatedStories(1).apply(DomPage.of(goose_golden()))
    with pytest.raises(DoesNotApply, match="no text of the page is main content"):
        Nest(1).apply(DomPage.of(replace(golden_with_text(), text="Nothing of this stands there.")))
    with pytest.raises(DoesNotApply, match="no other page"):
        OtherSurroundings(1).apply(DomPage.of(goose_golden()))
