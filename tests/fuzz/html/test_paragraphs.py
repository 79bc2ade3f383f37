"""Paragraphs as other elements, as lines, joined, cut and linked."""

from __future__ import annotations

import pytest

from factories.goldens import labelled_golden
from factories.html_layouts import GOOSE, goose_golden, kept, page_of, texts, tree_of
from harness.fuzz.base import DoesNotApply
from harness.fuzz.catalogue import marked_page_of
from harness.fuzz.html.operators.paragraphs import Linkify, ParagraphLength, ParagraphsToBreaks, ParagraphsToDivs
from harness.goldens.labels import Label
from harness.pages.page import Page, visible_text


def test_paragraphs_become_other_elements_in_the_content_or_everywhere() -> None:
    content, page = (tree_of(ParagraphsToDivs(scope).apply(GOOSE)) for scope in ("content", "page"))
    assert (len(content.css("p")), len(content.css("main > div"))) == (2, 3)
    assert not page.css("p")


def test_paragraphs_become_breaks_on_the_same_lines() -> None:
    new = ParagraphsToBreaks("content").apply(GOOSE)
    assert not tree_of(new).css("main p") and len(tree_of(new).css("main > br")) >= 6
    assert visible_text(new.html()) == visible_text(GOOSE.html())
    glued = page_of(
        goose_golden("<div>One<p>Two three.</p>Four <span><p>five</p></span></div>", (Label("keep", ("div",), "body"),))
    )
    assert kept(ParagraphsToBreaks("page").apply(glued).golden("x")) == ["One", "Two", "three", "Four", "five"]


def test_paragraphs_are_joined_and_cut() -> None:
    joined = texts(ParagraphLength(merge=2).apply(GOOSE), "main p")
    assert joined == [" ".join(texts(GOOSE, "main p")[:2]), texts(GOOSE, "main p")[2]]  # a list stands before the third
    assert texts(ParagraphLength(sentences=1).apply(GOOSE), "main p")[:4] == [
        "At the upper gate a goose counts boats.",
        "She has never been wrong.",
        "In spring the keeper paints her number on the beam.",
        "Nobody asked him to do it.",
    ]
    assert len(texts(ParagraphLength(merge=2, sentences=3).apply(GOOSE), "main p")) == 3


def test_every_nth_word_of_the_content_becomes_a_link() -> None:
    links = texts(Linkify(4).apply(GOOSE), "main a")
    assert links[:3] == ["gate", "boats.", "been"] and len(texts(Linkify(4).apply(GOOSE), "a")) == len(links) + 2


def marked_golden(body):
    page = Page(f"<!DOCTYPE html><html><head></head><body>{body}</body></html>".encode(), "text/html", lang="en")
    labels = (Label("keep", ("p",), "body"), Label("drop", (".promo",), "promo"))
    return labelled_golden(page, labels)


MIXED = marked_golden('<p>The poles are ready.</p><p class="promo">Buy a ladder.</p><p>Come at dusk.</p>')


def test_paragraphs_are_joined_to_paragraphs_of_their_own_label_only():
    with pytest.raises(DoesNotApply):
        ParagraphLength(merge=3).apply(marked_page_of(MIXED))
    body = "<p>The poles are ready.</p><p>Come at dusk.</p><p class=promo>Buy a ladder.</p><p class=promo>Buy two.</p>"
    page = ParagraphLength(merge=3).apply(marked_page_of(marked_golden(body))).golden("fuzz/marks")
    assert [(segment.verdict, segment.text) for segment in page.segments if segment.text.strip()] == [
        ("keep", "The poles are ready. Come at dusk."),
        ("drop", "Buy a ladder. Buy two."),
    ]
