"""Pages of which each shows one situation of real pages, and what labels say of it."""

from __future__ import annotations

import pytest

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.common.places import bundled
from harness.evaluation.self_test import self_test
from harness.goldens.golden import Golden
from harness.goldens.reader import Dumps
from harness.goldens.sets import find_goldens, load_goldens
from harness.metrics import Case
from harness.metrics.facts import judge_facts
from harness.metrics.own.words import WORDS
from harness.pages.words import words

LOADED = load_goldens(find_goldens([str(bundled("goldens") / "situations")]), Dumps([]))
BY_NAME = {golden.id.partition("/")[2]: golden for golden in LOADED.goldens}


def f_of(golden: Golden, output: str) -> float | None:
    return WORDS.values(Case(golden, output, page_words(golden)))["F"]


def test_all_are_right_and_no_text_is_without_a_rule() -> None:
    assert (LOADED.mistakes, LOADED.skipped) == ([], [])
    for golden in LOADED.goldens:
        assert self_test(golden) == []
        assert [s.text for s in golden.segments if s.kind == "other" and words(s.text)] == []


def test_nothing_is_the_right_output_of_a_sign_in() -> None:
    golden = BY_NAME["sign-in-allotments"]
    assert f_of(golden, "") == 1
    assert f_of(golden, "Sign in to see your plot") == 1  # the title may come out
    assert f_of(golden, "Keep me signed in on this computer") == 0


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("orchard-template", "You have read four pieces this month.", "paywall"),
        ("bell-shadow-root", "Twelve letters a year, written on a boat and posted from land.", "newsletter"),
        ("bridge-quotes", "Subscribe to the Gazette from £3 a month.", "promo"),
        ("pendulum-alt-formula", "Read about the singing spring", "related"),
    ],
)
def test_text_in_the_situation_has_its_own_kind_when_it_leaks(name: str, text: str, kind: str) -> None:
    golden = BY_NAME[name]
    leaks = align(page_words(golden), f"{golden.main_content}\n{text}").leaks_by_kind()
    assert leaks == {kind: len(words(text))}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weir-json-ld", "Ivo Tranter"),
        ("pendulum-alt-formula", "tower clock of the wool exchange"),
        ("bridge-quotes", "Photo: Lode Gazette archive."),
    ],
)
def test_text_that_may_come_out_costs_nothing(name: str, text: str) -> None:
    assert f_of(BY_NAME[name], f"{BY_NAME[name].main_content}\n{text}") == 1


def test_the_story_of_a_page_in_data_a_shadow_root_or_noscript_is_its_main_content() -> None:
    for name, sentence in (
        ("weir-json-ld", "She has counted on each of the hundred and six mornings"),
        ("bell-shadow-root", "It is rung by hand, one pull for every boat that is out"),
        ("kiln-noscript", "cracked pots go into the wall behind the kiln"),
        ("pendulum-alt-formula", "T equals two pi times the square root of L over g"),
    ):
        assert sentence in BY_NAME[name].main_content


@pytest.mark.parametrize(
    "formula",
    ["V=πh12(2D2+d2)", r"V = \frac{\pi h}{12} (2 D^2 + d^2)", "V equals pi h by twelve, times two D squared and d squared"],
)
def test_any_notation_of_a_formula_is_enough(formula: str) -> None:
    golden = BY_NAME["barrel-three-notations"]
    text = golden.main_content.splitlines()
    output = "\n".join([*(line for line in text if line.startswith("Coopers")), formula, text[-1]])
    assert f_of(golden, output) == 1
    without = "\n".join([*(line for line in text if line.startswith("Coopers")), text[-1]])
    assert f_of(golden, without) < 1


def test_each_states_facts_that_its_own_main_content_fulfils() -> None:
    for golden in LOADED.goldens:
        assert golden.facts
        case = Case(golden, golden.kept_text, page_words(golden))
        assert [one.reason for one in judge_facts(case) if one.reason] == []
