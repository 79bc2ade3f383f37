"""Marks beside a page, never in it, and labels for a changed page."""

import re

import pytest

from factories.goldens import labelled_golden
from factories.layouts import html_golden
from harness.fuzz.catalogue import marked_page_of
from harness.fuzz.html.operators.nesting import WrapContent
from harness.fuzz.html.operators.paragraphs import Linkify, ParagraphsToBreaks
from harness.fuzz.html.page import marked_tree
from harness.fuzz.html.tree import write, write_with_marks
from harness.goldens.golden import resolve
from harness.goldens.labels import Label
from harness.goldens.writer import NotExpressible, labels_of
from harness.pages.page import Page


def marked_golden(body):
    page = Page(f"<!DOCTYPE html><html><head></head><body>{body}</body></html>".encode(), "text/html", lang="en")
    labels = (Label("keep", ("p",), "body"), Label("drop", (".promo",), "promo"))
    return labelled_golden(page, labels)


MIXED = marked_golden('<p>The poles are ready.</p><p class="promo">Buy a ladder.</p><p>Come at dusk.</p>')


@pytest.mark.parametrize(
    "known", [html_golden(), MIXED, marked_golden("<p data-mark='x'>A <b>b</b></p> <i>c</i><p class=promo>d</p>")]
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


def test_labels_of_a_changed_page_say_what_its_segments_say():
    golden = html_golden()
    changed = WrapContent("aside").apply(Linkify(5).apply(marked_page_of(golden))).golden("x/y")
    labels = labels_of(changed)
    segments, wrong = resolve(changed.page, labels)
    assert not wrong
    meant = [(s.text, s.verdict) for s in changed.segments if s.text.strip()]
    assert [(s.text, s.verdict) for s in segments if s.text.strip()] == meant
