"""Marks beside a page, and labels for a changed page: what tests of operators and of the search do not see."""

import re

import pytest
from fuzz_pages import golden_of, html_golden
from hypothesis.vendor.pretty import pretty

from harness.fuzz.base import DoesNotApply
from harness.fuzz.catalogue import marked_page_of
from harness.fuzz.html.operators.paragraphs import ParagraphLength, ParagraphsToBreaks
from harness.fuzz.html.page import marked_tree
from harness.fuzz.html.tree import write, write_with_marks
from harness.goldens.golden import Label
from harness.goldens.writer import NotExpressible, labels_of
from harness.pages.page import Page


def golden(body):
    page = Page(f"<!DOCTYPE html><html><head></head><body>{body}</body></html>".encode(), "text/html", lang="en")
    labels = (Label("keep", ("p",), "body"), Label("drop", (".promo",), "promo"))
    return golden_of("fuzz/marks", page, labels, "lamps.example")


MIXED = golden('<p>The poles are ready.</p><p class="promo">Buy a ladder.</p><p>Come at dusk.</p>')


@pytest.mark.parametrize(
    "known", [html_golden(), MIXED, golden("<p data-mark='x'>A <b>b</b></p> <i>c</i><p class=promo>d</p>")]
)
def test_marks_stand_beside_the_page_and_never_in_it(known):
    tree = marked_tree(known)
    html, marked, attribute = write_with_marks(tree)
    assert html == write(tree)
    assert attribute not in html
    assert f'{attribute}="keep body"' in marked
    without_spans = re.sub(rf'<span {attribute}="[^"]*">(.*?)</span>', r"\1", marked)
    assert re.sub(rf' {attribute}="[^"]*"', "", without_spans) == html


def test_texts_side_by_side_in_one_element_are_said_to_have_no_labels():
    """A selector names elements, and none of these texts has one of its own."""
    page = ParagraphsToBreaks("page").apply(marked_page_of(MIXED)).golden("fuzz/marks")
    with pytest.raises(NotExpressible, match=r"no selector names '(Buy a ladder|The poles are ready|Come at dusk)"):
        labels_of(page)


def test_paragraphs_are_joined_to_paragraphs_of_their_own_label_only():
    with pytest.raises(DoesNotApply):
        ParagraphLength(merge=3).apply(marked_page_of(MIXED))
    body = "<p>The poles are ready.</p><p>Come at dusk.</p><p class=promo>Buy a ladder.</p><p class=promo>Buy two.</p>"
    page = ParagraphLength(merge=3).apply(marked_page_of(golden(body))).golden("fuzz/marks")
    assert [(segment.verdict, segment.text) for segment in page.segments if segment.text.strip()] == [
        ("keep", "The poles are ready. Come at dusk."),
        ("drop", "Buy a ladder. Buy two."),
    ]


def test_operators_are_printed_as_python_that_can_be_pasted():
    assert pretty([ParagraphLength(merge=3)]) == "[ParagraphLength(merge=3, sentences=0)]"
