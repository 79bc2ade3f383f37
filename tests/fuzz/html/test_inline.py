"""Notes, ruby, elements inside words, and text beside elements."""

from __future__ import annotations

import pytest

from factories.html_layouts import GOOSE, HTML, core_page, goose_golden, kept, page_of, spoken, texts, tree_of
from harness.fuzz.base import DoesNotApply
from harness.fuzz.html.operators.inline import BareTexts, ElementsInWords, Footnotes, Ruby
from harness.goldens.labels import Label
from harness.pages.page import visible_text


def test_footnotes_are_disputed_and_stand_behind_the_story() -> None:
    new = Footnotes(2).apply(GOOSE)
    assert texts(new, "main > p > sup > a") == ["1", "2"] and len(texts(new, "main > ol:last-child > li")) == 2
    notes = [word for word, verdict, kind in spoken(new.golden("x")) if (verdict, kind) == ("maybe", "footnote")]
    assert notes[:5] == ["1", "2", "Osper", "Register", "III"]
    assert kept(new.golden("x")) == kept(goose_golden())
    assert texts(Footnotes(9, brackets=True).apply(GOOSE), "sup") == ["[1]", "[2]", "[3]"]


def test_readings_stand_beside_whole_words_and_are_disputed() -> None:
    new = Ruby(4, parentheses=True).apply(GOOSE)
    assert texts(new, "ruby")[0] == "goose(goose)" and texts(Ruby(4).apply(GOOSE), "ruby")[0] == "goosegoose"
    assert kept(new.golden("x")) == kept(Ruby(4).apply(GOOSE).golden("x")) == kept(goose_golden())
    chinese = core_page("granary-library-zh-portal")
    assert all(len(text) == 2 for text in texts(Ruby(5).apply(chinese), "rt"))
    with pytest.raises(DoesNotApply, match="could have a reading"):
        Ruby(5).apply(core_page("swim-school-th-landing"))


def test_elements_inside_words_change_no_word() -> None:
    for operator in ElementsInWords.matrix_instances():
        assert visible_text(operator.apply(GOOSE).html()) == visible_text(GOOSE.html())
    assert "<nobr>cou</nobr>nts" in ElementsInWords(1, tag="nobr").apply(GOOSE).html()
    assert "cou<wbr>nts" in ElementsInWords(1, tag="wbr").apply(GOOSE).html()
    labels = (Label("keep", ("p", "td"), "body"),)
    table = page_of(goose_golden("<p>One two.</p><table><tr><td>Three four</td></tr></table>", labels))
    assert texts(ElementsInWords(cells=True, tag="nobr").apply(table), "td > nobr") == ["Three four"]
    with pytest.raises(DoesNotApply, match="no long word or cell"):
        ElementsInWords(cells=True).apply(GOOSE)


def test_paragraphs_lose_their_element_where_nothing_is_glued_to_them() -> None:
    new = BareTexts(1).apply(GOOSE)
    assert len(texts(new, "main > p")) == 1 and spoken(new.golden("x")) == spoken(goose_golden())
    assert visible_text(new.html()) == visible_text(GOOSE.html())
    glued = page_of(goose_golden("<main>One<p>Two three.</p></main>", (Label("keep", ("main",), "body"),)))
    with pytest.raises(DoesNotApply, match="stands between blocks"):
        BareTexts(1).apply(glued)


def test_promotion_stands_between_blocks_without_an_element() -> None:
    new = BareTexts(promotions=2).apply(GOOSE)
    assert len(new.inserted) == 2 and all(line in visible_text(new.html()).splitlines() for line in new.inserted)
    main = tree_of(new).css_first("main")
    own = [node.text_content or "" for node in main.iter(include_text=True) if node.is_text_node]
    assert new.inserted[0] in own
    assert kept(new.golden("x")) == kept(goose_golden()) and HTML.count("<br>") == 0
