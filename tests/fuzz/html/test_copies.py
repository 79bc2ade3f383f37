"""Content that stands there twice or elsewhere, and pages without their boilerplate or head."""

from __future__ import annotations

import json

import pytest

from factories.html_layouts import GOOSE, GOOSE_TEXT, HTML, LABELS, goose_golden, kept, page_of, spoken, tree_of
from harness.fuzz.base import DoesNotApply
from harness.fuzz.donors import own_donors
from harness.fuzz.html.operators.copies import DuplicateContent, HeadAndScripts, OtherSurroundings, RemoveBoilerplate
from harness.fuzz.html.page import DomPage
from harness.goldens.labels import Label
from harness.pages.page import visible_text


def test_head_and_scripts_go_and_the_wrong_article_comes() -> None:
    assert not tree_of(HeadAndScripts(drop_scripts=True).apply(GOOSE)).css("script")
    assert [n.tag for n in tree_of(HeadAndScripts(drop_head=True).apply(GOOSE)).css("head > *")] == ["meta"]
    own_text = page_of(goose_golden(HTML.replace('{"@type": "NewsArticle"}', '{"articleBody": "A goose counts boats."}')))
    with pytest.raises(DoesNotApply, match="a script has the text of an article"):
        HeadAndScripts(drop_scripts=True).apply(own_text)
    poisoned = HeadAndScripts(poison=True).apply(GOOSE)
    said = json.loads(tree_of(poisoned).css("script")[-1].text())
    assert said["articleBody"] == poisoned.inserted[0] == "\n".join(own_donors("related", "en")[0].paragraphs)


def test_the_content_stands_there_twice_and_counts_once() -> None:
    for way, selector in (
        ("noscript", "noscript > main"),
        ("hidden", 'main[style="display:none"]'),
        ("visible", "main.only-narrow"),
    ):
        new = DuplicateContent(way).apply(GOOSE)
        assert len(tree_of(new).css(f".wrap {selector}")) == 1 and len(tree_of(new).css("#story")) == 1
        hidden = [word for word, _, kind in spoken(new.golden("x")) if kind == "hidden"]
        assert hidden == [w for w, verdict, kind in spoken(goose_golden()) if verdict == "keep" or kind == "title"]


def test_boilerplate_is_taken_out_by_kind() -> None:
    new = RemoveBoilerplate("related footer").apply(GOOSE).golden("x")
    assert [w for w in spoken(goose_golden()) if w[2] not in ("related", "footer")] == spoken(new)
    with pytest.raises(DoesNotApply, match="no element holds only paywall"):
        RemoveBoilerplate("paywall").apply(GOOSE)
    with pytest.raises(DoesNotApply, match="no labels"):
        RemoveBoilerplate("related").apply(GOOSE_TEXT)


def test_the_content_moves_into_another_page() -> None:
    host = goose_golden(HTML.replace("goose", "heron").replace("Canal News", "River News"))
    new = OtherSurroundings(1).apply(DomPage.of(goose_golden(), hosts=(host,))).golden("x")
    text = visible_text(new.page.content)
    assert kept(new) == kept(goose_golden()) and "River News" in text and "Canal News" not in text
    assert "heron counts" not in text and "What a lovely heron!" in text
    scattered = goose_golden(
        labels=(*LABELS[:-1], Label("keep", ("footer",), "body")),
        html=HTML.replace("<p", "<p>Long " + "words " * 50 + "</p><p", 1),
    )
    with pytest.raises(DoesNotApply, match="outside the element"):
        OtherSurroundings(1).apply(DomPage.of(scattered, hosts=(host,)))
