"""What is inserted: promotion, captions, comments, legal prose."""

from __future__ import annotations

import pytest

from factories.text_layouts import dump_golden, lines_of, squeezed, told
from harness.fuzz.base import DoesNotApply
from harness.fuzz.donors import comments, own_donors, wording
from harness.fuzz.text.operators.body import ForeignQuote, JoinBody
from harness.fuzz.text.operators.inserted import Captions, FillComments, LegalFooter, PromoInside
from harness.fuzz.text.page import TextPage
from harness.goldens.labels import Label


def test_promotion_and_captions_stand_inside_the_story(page: TextPage) -> None:
    promo = own_donors("promo", "en")[0]
    lines = lines_of(PromoInside((0,)).apply(page))
    assert lines[5:9] == ["Advertisement", promo.heading, *promo.paragraphs]
    assert lines_of(PromoInside((0,), neutral=True).apply(page), "promo") == list(promo.paragraphs)
    doubled = Captions((1,), "doubled").apply(page)
    assert lines_of(doubled).count(wording("en").caption) == 2
    assert squeezed(wording("en").caption) in told(doubled, "maybe")


def test_a_story_in_one_line_takes_insertions_between_its_sentences(page: TextPage) -> None:
    joined = JoinBody((1,)).apply(page)
    after = ForeignQuote("ru", place=1).apply(joined)
    assert lines_of(after)[4].startswith(
        f'KNOLL (QP) — The footbridge hums in F sharp. Nobody knows why. {wording("ru").quote} "It'
    )
    assert squeezed(wording("ru").quote) in told(after, "keep")
    promo = PromoInside((0, 2), neutral=True).apply(joined)
    assert told(promo, "keep") == told(page, "keep")
    assert len(promo.inserted) == 2


def test_comments_take_the_place_of_the_empty_state(page: TextPage) -> None:
    lines = lines_of(FillComments(2, "short").apply(page))
    first, second = comments("en", "short")
    said = wording("en")
    at = lines.index("Comments") + 1
    assert lines[at : at + 4] == [first.heading, said.ago, *first.paragraphs, said.reply]
    assert lines[at + 4 : at + 8] == [second.heading, said.ago, *second.paragraphs, said.reply]
    assert "Nothing yet..." not in lines


def test_comments_stand_under_the_story_where_the_page_has_no_heading_for_them() -> None:
    golden = dump_golden("The tide was late.\nAll rights reserved\n", [Label("keep", ("1",), "body")])
    lines = lines_of(FillComments(1, neutral=True).apply(TextPage.of(golden)))
    assert lines == ["The tide was late.", *comments("en", "short")[0].paragraphs, "All rights reserved"]
    assert lines_of(FillComments(1).apply(TextPage.of(golden)))[1] == "Comments"


def test_legal_prose_ends_the_page(page: TextPage) -> None:
    legal = own_donors("legal", "en")[0]
    assert lines_of(LegalFooter(2).apply(page))[-3:] == [legal.heading, *legal.paragraphs]
    assert lines_of(LegalFooter(1, neutral=True).apply(page))[-2:] == ["All rights reserved", legal.paragraphs[0]]


def test_nothing_is_put_into_a_body_that_a_reducer_took_away() -> None:
    page = TextPage.of(dump_golden("It held.\nAn advert\nA menu\n", [Label("keep", ("1",), "body")]))
    for operator in PromoInside.matrix_instances():
        with pytest.raises(DoesNotApply, match="no line of main content"):
            operator.apply(page.with_lines(page.lines[1:]))
