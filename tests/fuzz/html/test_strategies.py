"""Hypothesis strategies of changes to HTML pages: complete, and shrinking to what is harmless."""

from __future__ import annotations

import pytest
from hypothesis import Phase, find, given, settings

from factories.html_layouts import ADDING, DOM_OPERATORS, QUICK, goose_golden, kept
from harness.fuzz.html.operators.stories import RelatedFar, RelatedStories
from harness.fuzz.strategies import compositions, layouts, operators, strategies_by_code
from harness.goldens.golden import Golden

SEARCHED = strategies_by_code("text/html")
ONE = settings(QUICK, max_examples=1, phases=[Phase.generate])


def test_there_is_a_strategy_for_each_operator_but_mass() -> None:
    assert set(SEARCHED) == {kind.code for kind in DOM_OPERATORS} - {"D36"}
    for code, strategy in SEARCHED.items():
        assert find(strategy, lambda _: True, settings=ONE).code == code
    with pytest.raises(KeyError, match="no strategy for D99"):
        operators("text/html", ["D99"])


def test_failures_shrink_to_what_is_harmless() -> None:
    assert find(compositions("text/html"), lambda _: True, settings=QUICK) == []
    assert find(operators("text/html", ["D20", "D21"]), lambda _: True, settings=QUICK) == RelatedFar(1)
    some = compositions("text/html", ["D4", "D18", "D26"])
    worst = find(some, lambda ops: any(isinstance(o, RelatedStories) and o.count > 2 for o in ops), settings=QUICK)
    assert worst == [RelatedStories(3, "end")]


@given(layouts(goose_golden(), codes=sorted(SEARCHED.keys() - {"D39"} - ADDING)))
@settings(max_examples=20, deadline=None)
def test_layouts_are_goldens_of_the_same_content(golden: Golden) -> None:
    assert golden.id == "own/goose" and kept(golden) == kept(goose_golden())
