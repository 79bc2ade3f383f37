"""Labels of an HTML page follow every change and every composition of changes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.html_layouts import (
    ADDING,
    DOM_OPERATORS,
    FEW,
    HTML,
    NAMES,
    core,
    core_page,
    goose_golden,
    is_subsequence,
    page_of,
    spoken,
)
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.catalogue import apply_all
from harness.fuzz.html.page import DomPage
from harness.fuzz.strategies import compositions, strategies_by_code
from harness.pages import words as words_of

SEARCHED = sorted(strategies_by_code("text/html").keys() - {"D6", "D38", "D39"})


def test_the_control_says_of_every_page_what_its_labels_say() -> None:
    for name in NAMES:
        golden = core(name)
        assert spoken(core_page(name).golden("x")) == spoken(golden), name
        assert core_page(name).golden("x").main_content == golden.main_content


def test_marks_are_not_on_the_page_and_one_that_is_there_already_stays() -> None:
    html = HTML.replace("<h1>", '<h1 data-mark="keep body">')
    page = page_of(goose_golden(html))
    assert page.golden("x").page.content.count("data-mark") == 1
    assert spoken(page.golden("x")) == spoken(goose_golden())


WITHOUT_WHOLE_PAGE = {"D38", "D39"}  # take text of the page out, as their names say


def check_labels(page: DomPage, operator: Operator[DomPage], before: list[tuple[str, str, str]]) -> None:
    new = operator.apply(page)
    golden = new.golden("x")
    after = spoken(golden)
    about = (operator, page.origin.id)
    if operator.code in ADDING:
        assert is_subsequence([w for w in before if w[1] != "drop"], [w for w in after if w[1] != "drop"]), about
        assert is_subsequence(before, after), about
        return
    assert words_of.words(golden.main_content) == words_of.words(page.golden("x").main_content), about
    if operator.code not in WITHOUT_WHOLE_PAGE:
        assert [w for w in after if w[1] == "keep"] == [w for w in before if w[1] == "keep"], about
        assert [w for w in after if w[1] == "maybe"] == [w for w in before if w[1] == "maybe"], about
        assert is_subsequence(before, after), about
    added = Counter(w for text in new.inserted for w in words_of.words(text))
    if operator.code not in ("D16", *WITHOUT_WHOLE_PAGE):  # what that inserts stands in a script
        dropped = Counter(w for word, verdict, _ in after if verdict == "drop" for w in words_of.words(word))
        assert added <= dropped, about
    if operator.code not in ("D16", "D28", *WITHOUT_WHOLE_PAGE):
        extra = Counter(w for word, *_ in after for w in words_of.words(word))
        extra.subtract(w for word, *_ in before for w in words_of.words(word))
        assert +extra == added and not -extra, about


@pytest.mark.parametrize("name", FEW)
def test_labels_still_point_at_the_same_words(name: str) -> None:
    page = core_page(name)
    before = spoken(page.golden("x"))
    for operator in (kind.matrix_instances()[-1] for kind in DOM_OPERATORS):
        try:
            check_labels(page, operator, before)
        except DoesNotApply:
            continue


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_labels_still_point_at_the_same_words_on_every_golden(name: str) -> None:
    page = core_page(name)
    before = spoken(page.golden("x"))
    for operator in {
        one: None for kind in DOM_OPERATORS for one in (kind.matrix_instances()[0], kind.matrix_instances()[-1])
    }:
        try:
            check_labels(page, operator, before)
        except DoesNotApply:
            continue


@given(st.sampled_from(FEW), compositions("text/html", SEARCHED, max_size=3))
@settings(max_examples=25, deadline=None)
def test_labels_survive_any_composition(name: str, operators: list[Operator[DomPage]]) -> None:
    page = core_page(name)
    after = apply_all(page, operators)[0].golden("x")
    added = any(operator.code in ADDING for operator in operators)
    same = is_subsequence if added else list.__eq__
    assert same([w for w in spoken(page.golden("x")) if w[1] == "keep"], [w for w in spoken(after) if w[1] == "keep"])
    assert is_subsequence([w for w in spoken(page.golden("x")) if w[1] == "maybe"], spoken(after))
