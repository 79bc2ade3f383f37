"""Hypothesis strategies of changes to dumps: complete, and shrinking to what matters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import find, given, settings

from factories.text_layouts import DUMP, DUMP_LABELS, SMALL, dump_golden
from harness.fuzz.base import Operator
from harness.fuzz.strategies import compositions, dumps, operators, strategies_by_code
from harness.fuzz.text.operators.inserted import PromoInside
from harness.fuzz.text.operators.related import AddRelated
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden
from harness.pages import words as words_of

SEARCHED = strategies_by_code("text/plain")


def test_there_is_a_strategy_for_every_operator_but_sizes() -> None:
    assert set(SEARCHED) == {operator.code for operator in SMALL}
    with pytest.raises(KeyError, match="no strategy for T26, X"):
        operators("text/plain", ["X", "T26"])


@settings(max_examples=30)
@given(compositions("text/plain", ["T1", "T10", "T16"], max_size=2))
def test_compositions_hold_each_operator_once(operators: list[Operator[TextPage]]) -> None:
    assert len(operators) == len({type(operator) for operator in operators}) <= 2


def shrunk(wanted: Callable[[Operator[TextPage]], bool]) -> list[Operator[TextPage]]:
    quick = settings(max_examples=2000, database=None, deadline=None)
    return find(compositions("text/plain"), lambda operators: any(map(wanted, operators)), settings=quick)


def test_shrinking_ends_at_what_matters() -> None:
    assert shrunk(lambda one: isinstance(one, AddRelated) and one.neutral and one.stories >= 3) == [
        AddRelated(stories=3, collapsed=True, neutral=True)
    ]
    assert shrunk(lambda one: isinstance(one, PromoInside)) == [PromoInside((0,))]


@settings(max_examples=25)
@given(dumps(dump_golden(DUMP, DUMP_LABELS), codes=["T2", "T5"]))
def test_dumps_are_goldens_of_the_same_story(golden: Golden) -> None:
    assert golden.id == "own/dump"
    assert words_of.words(golden.main_content) == words_of.words(dump_golden(DUMP, DUMP_LABELS).main_content)
