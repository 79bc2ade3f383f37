"""A story in a shadow root, behind a button, and in JSON-LD."""

from __future__ import annotations

import json

import pytest

from factories.html_layouts import GOOSE, GOOSE_TEXT, HTML, goose_golden, kept, page_of, spoken, tree_of
from harness.fuzz.base import DoesNotApply
from harness.fuzz.html import browser
from harness.fuzz.html.operators.elsewhere import OwnJsonLd, ReadMore, ShadowRoot
from harness.fuzz.html.shown import texts_shown
from harness.goldens.golden import resolve
from harness.goldens.writer import labels_of
from harness.pages.words import words

needs_browser = pytest.mark.skipif(browser.program() is None, reason="no Chromium or Chrome is installed")


def test_a_story_in_a_slot_stands_beside_what_the_shadow_root_shows() -> None:
    new = ShadowRoot("slot").apply(GOOSE)
    assert tree_of(new).css(".wrap > x-story > template[shadowrootmode=open]") and tree_of(new).css("x-story > main")
    after = spoken(new.golden("x"))
    assert [word for word in after if word[2] != "promo"] == spoken(goose_golden())
    assert [word for word, verdict, kind in after if (verdict, kind) == ("drop", "promo")] == words(new.inserted[0])
    assert "boots" in new.inserted[0] and new.inserted[0].splitlines()[0] in new.html()
    assert labels_of(new.golden("x"))


def test_a_story_in_a_shadow_root_keeps_its_labels_which_selectors_reach() -> None:
    golden = ShadowRoot("inside").apply(GOOSE).golden("x")
    assert spoken(golden) == spoken(goose_golden())
    assert '<x-story><template shadowrootmode="open"><main' in golden.page.content
    assert resolve(golden.page, labels_of(golden)) == (golden.labelled, [])


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize("way", ["slot", "inside"])
def test_a_browser_shows_all_of_it(way: str) -> None:
    new = ShadowRoot(way).apply(GOOSE)
    texts = [text for text in new.tree.texts() if not text.blank]
    shown = [text.mark for text, seen in zip(texts, texts_shown(new), strict=True) if seen]
    assert len([mark for mark in shown if mark and mark.verdict == "keep"]) == 7


def test_the_whole_is_kept_behind_a_beginning_that_is_disputed() -> None:
    new = ReadMore(5).apply(GOOSE)
    golden = new.golden("x")
    assert [
        word for word, verdict, kind in spoken(golden) if (verdict, kind) == ("maybe", "body")
    ] == "At the upper gate a".split()
    assert kept(golden) == kept(goose_golden()) and tree_of(new).css(".excerpt + main[hidden]")
    styled = page_of(goose_golden(HTML.replace("<main ", '<main style="color:red;" ')))
    assert tree_of(ReadMore(5, "style").apply(styled)).css('main[style="color:red;display:none"]')
    with pytest.raises(DoesNotApply, match="no labels, only a text"):
        ReadMore(5).apply(GOOSE_TEXT)


def test_json_ld_has_the_text_of_the_main_content() -> None:
    for form in ("article", "graph"):
        said = json.loads(tree_of(OwnJsonLd(form).apply(GOOSE)).css("script")[-1].text())
        article = said["@graph"][1] if form == "graph" else said
        assert article["articleBody"].splitlines()[:2] == [
            "At the upper gate a goose counts boats. She has never been wrong.",
            "In spring the keeper paints her number on the beam. Nobody asked him to do it.",
        ]
    assert spoken(OwnJsonLd("graph").apply(GOOSE).golden("x")) == spoken(goose_golden())
