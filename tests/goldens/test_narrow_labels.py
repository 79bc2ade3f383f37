"""Labels that name less than an element: quotations, characters, attributes, properties of JSON-LD."""

from __future__ import annotations

import pytest

from factories.goldens import labelled_golden
from factories.pages import html_page, text_page
from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.evaluation.self_test import self_test
from harness.goldens.golden import resolve
from harness.goldens.labels import Label, Quote
from harness.goldens.structure import markup_of
from harness.pages.page import Page

STORY = html_page(
    """<div id=story>The mill wheel turns again.<br>Read also: <a href=/dam>The dam
    leaks</a><br>Children <i>cheer</i>ed. Read on.<pre>  run()
    stop()</pre></div><p id=end>Read on.</p>"""
)


def seen(page: Page, *labels: Label) -> list[tuple[str, str, str]]:
    segments, wrong = resolve(page, labels)
    assert wrong == []
    return [(" ".join(s.text.split()), s.verdict, s.kind) for s in segments if s.text.strip()]


def why(page: Page, label: Label) -> str:
    ((_, reason),) = resolve(page, [Label("keep", ("body",), "body"), label])[1]
    return reason


def test_a_quotation_reaches_over_elements_and_line_breaks_of_the_source() -> None:
    found = seen(
        STORY,
        Label("keep", ("#story",), "body"),
        Label("drop", ("#story",), "related", quotes=(Quote("Read also: The dam leaks"),)),
    )
    assert found == [
        ("The mill wheel turns again.", "keep", "body"),
        ("Read also:", "drop", "related"),
        ("The dam leaks", "drop", "related"),
        ("Children", "keep", "body"),
        ("cheer", "keep", "body"),
        ("ed. Read on.", "keep", "body"),
        ("run()", "keep", "body"),
        ("stop()", "keep", "body"),
        ("Read on.", "drop", "other"),
    ]


def test_several_quotations_and_characters_of_one_node() -> None:
    page = html_page("<p>one two three four</p>")
    found = seen(
        page,
        Label("keep", ("p",), "body", quotes=(Quote("one"), Quote("ee fo"))),
        Label("maybe", ("p",), "byline", characters=(4, 7)),
    )
    assert found == [
        ("one", "keep", "body"),
        ("two", "maybe", "byline"),
        ("thr", "drop", "other"),
        ("ee fo", "keep", "body"),
        ("ur", "drop", "other"),
    ]


def test_words_around_a_quotation_choose_one_of_several_places() -> None:
    page = html_page("<p>Go. Stay. Go.</p>")
    behind = Label("keep", ("p",), "body", quotes=(Quote("Go.", prefix="Stay."),))
    assert seen(page, behind) == [("Go. Stay.", "drop", "other"), ("Go.", "keep", "body")]
    before = Label("keep", ("p",), "body", quotes=(Quote("Go.", suffix="Stay."),))
    assert seen(page, before)[0] == ("Go.", "keep", "body")


def test_later_rules_win_over_quotations_and_quotations_over_earlier_rules() -> None:
    quote = Label("keep", ("#story",), "body", 1, quotes=(Quote("The dam leaks"),))
    assert ("The dam leaks", "keep", "body") in seen(STORY, quote)
    _, wrong = resolve(STORY, [quote, Label("drop", ("#story",), "related", 2)])
    assert [(label.row, "no effect" in reason) for label, reason in wrong] == [(1, True)]


def test_the_same_quotation_under_two_verdicts_is_a_contradiction() -> None:
    labels = [Label(verdict, ("#end",), "body", row, quotes=(Quote("on."),)) for row, verdict in ((1, "keep"), (2, "drop"))]
    ((label, reason),) = resolve(STORY, labels)[1]
    assert label.row == 2 and "contradicts the label of line 1" in reason


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        (Label("drop", ("#story",), "x", quotes=(Quote("dam leaked"),)), "text not found there: 'dam leaked'"),
        (Label("drop", ("body",), "x", quotes=(Quote("Read on."),)), "text occurs there 2 times: 'Read on.'"),
        (Label("drop", ("#end",), "x", quotes=(Quote("on.", prefix="Go"),)), "with this `prefix` and `suffix`"),
        (Label("drop", ("#end",), "x", characters=(3, 9)), "characters 3:9 are not in the text there, which has 8"),
        (Label("drop", ("#end",), "x", attribute="title"), "no text there in the attribute 'title'"),
        (Label("drop", ("#nowhere",), "x", quotes=(Quote("on."),)), "selector matches nothing: '#nowhere'"),
    ],
)
def test_what_cannot_be_found_is_said(label: Label, reason: str) -> None:
    assert reason in why(STORY, label)


def test_quotations_are_for_html_pages() -> None:
    ((_, reason),) = resolve(text_page("Go.\nStay."), [Label("keep", ("1",), "body", quotes=(Quote("Go."),))])[1]
    assert "`text` is for HTML pages" in reason and "7[0:14]" in reason


def test_a_word_is_cut_where_a_quotation_ends_and_its_parts_are_scored() -> None:
    labels = (Label("keep", ("p",), "body"), Label("drop", ("p",), "interface", quotes=(Quote("1", prefix="water"),)))
    golden = labelled_golden(html_page("<p>Clear water1 runs down here.</p>"), labels)
    counts = align(page_words(golden), "Clear water runs down here.").counts
    assert (counts.kept, counts.missed, counts.leaked) == (5, 0, 0)


def test_structure_leaves_out_quoted_text_and_keeps_what_stands_around_it() -> None:
    page = html_page("<ul><li>Bread. <b>Advert!</b> Try it.<li>Milk</ul>")
    labels = (Label("keep", ("ul",), "list"), Label("drop", ("li",), "promo", quotes=(Quote("Advert! Try it."),)))
    assert markup_of(page, labels, "keep") == "<div><ul><li>Bread. </li><li>Milk</li></ul></div>"
    assert self_test(labelled_golden(page, labels)) == []


def test_indented_code_can_be_quoted() -> None:
    labels = (Label("keep", ("#story",), "body"), Label("drop", ("pre",), "interface", quotes=(Quote("stop()"),)))
    assert "stop" not in markup_of(STORY, labels, "keep")
    assert self_test(labelled_golden(STORY, labels)) == []
