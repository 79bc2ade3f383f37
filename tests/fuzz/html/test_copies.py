"""Content that stands there twice or elsewhere, and pages without their boilerplate or head."""

from __future__ import annotations

import json

import pytest

from factories.goldens import labelled_golden
from factories.html_layouts import GOOSE, GOOSE_TEXT, HTML, LABELS, goose_golden, kept, page_of, spoken, tree_of
from factories.pages import html_page
from harness.fuzz.base import DoesNotApply
from harness.fuzz.donors import own_donors
from harness.fuzz.html.operators.copies import DuplicateContent, HeadAndScripts, OtherSurroundings, RemoveBoilerplate
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import kept_texts
from harness.goldens.golden import Golden
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


def test_a_page_with_a_longer_story_beside_its_own_lends_no_surroundings() -> None:
    own = sum(len(" ".join(text.data.split())) for text in kept_texts(GOOSE.tree))
    article = ("The heron of the lower lock " + "is in " * own)[: own // 2 - 20].rsplit(" ", 1)[0]

    def in_page_with(aside: str) -> str:
        host = goose_golden(HTML.replace("Canal", "River").replace("<p>Ten other birds with jobs</p>", aside))
        return OtherSurroundings(1).apply(DomPage.of(goose_golden(), hosts=(host,))).golden("x").page.content

    assert article in in_page_with(f"<h2>Heron</h2><p>{article}</p>")
    assert article in in_page_with(f"<h2>Heron</h2><p>{article}</p><h2>Crane</h2><p>{article}</p>")
    assert article in in_page_with(f"<p>{article}</p><p><a href=/crane>Crane</a></p><p>{article}</p>")
    assert article in in_page_with(f"<p>{article}</p><script>{article}</script>")
    for longer in (f"<h2>Heron</h2><p>{article}</p><p>{article}</p>", f"<p>{article} {article}</p>"):
        with pytest.raises(DoesNotApply, match="longer than half"):
            in_page_with(longer)
        unlabelled = goose_golden(HTML.replace("<footer>", longer + "<footer>"))
        with pytest.raises(DoesNotApply, match="longer than half"):
            OtherSurroundings(1).apply(DomPage.of(goose_golden(), hosts=(unlabelled,)))


@pytest.mark.parametrize("kind", ["promo", "legal", "footer"])
def test_prose_that_sells_or_warns_is_a_story_too(kind: str) -> None:
    prose = f"<p>{'The river trust mends locks and weirs by hand. ' * 20}</p>"
    host = goose_golden(
        HTML.replace("<footer>", f"<div class=prose>{prose}</div><footer>"),
        labels=(*LABELS, Label("drop", (".prose",), kind)),
    )
    with pytest.raises(DoesNotApply, match="longer than half"):
        OtherSurroundings(1).apply(DomPage.of(goose_golden(), hosts=(host,)))


def test_a_heading_outside_the_content_moves_along_and_replaces_that_of_the_other_page() -> None:
    def page_about(bird: str) -> Golden:
        html = f"<main><h1>The {bird}</h1><nav>All birds</nav><div id=c><p>{'A bird counts boats. ' * 9}</p></div></main>"
        labels = [Label("maybe", ("h1",), "title"), Label("drop", ("nav",), "navigation"), Label("keep", ("#c",), "body")]
        return labelled_golden(html_page(html), labels)

    new = OtherSurroundings(1).apply(DomPage.of(page_about("goose"), hosts=(page_about("heron"),))).golden("x")
    text = visible_text(new.page.content)
    assert text.index("All birds") < text.index("The goose") < text.index("A bird")
    assert "heron" not in text
    assert [segment.verdict for segment in new.segments if "goose" in segment.text] == ["maybe"]


def test_what_does_not_stand_in_one_element_stays() -> None:
    host = goose_golden(HTML.replace("goose", "heron"))
    scattered = goose_golden(
        labels=(*LABELS[:-1], Label("keep", ("footer",), "body")),
        html=HTML.replace("<p", "<p>Long " + "words " * 50 + "</p><p", 1),
    )
    with pytest.raises(DoesNotApply, match="outside the element"):
        OtherSurroundings(1).apply(DomPage.of(scattered, hosts=(host,)))
