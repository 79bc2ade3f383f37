"""Scores of pages and outputs that are put together from known parts are the true ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from statistics import fmean

import pytest

from factories.constructed import CHANGES, HARDER, LANGUAGES, OVERLAPS, Constructed, constructed
from harness.alignment.align import Alignment, align

SEEDS = 2


@cache
def laid(language: str) -> Sequence[tuple[Constructed, Alignment]]:
    cases = [case for overlap in OVERLAPS for seed in range(SEEDS) for case in constructed(language, overlap, seed)]
    return [(case, align(case.page, case.output)) for case in cases]


def errors_of_f(names: Sequence[str], languages: Sequence[str] = LANGUAGES) -> list[float]:
    pairs = [pair for language in languages for pair in laid(language)]
    return [abs(found.counts.f - case.counts.f) for case, found in pairs if case.name in names]


def errors_of_origins(names: Sequence[str]) -> list[float]:
    """Of each output with leaks the share of its leaked words that are put down to something else."""
    errors = []
    for case, found in (pair for language in LANGUAGES for pair in laid(language)):
        if case.name in names and case.leaks:
            true, got = Counter(case.leaks), Counter(found.leaks_by_kind())
            wrong = (true - got).total() + (got - true).total()
            errors.append(wrong / 2 / max(true.total(), got.total()))
    return errors


def test_f_is_off_by_a_thousandth_at_most_on_average() -> None:
    assert fmean(errors_of_f([*CHANGES, *HARDER])) <= 0.001


@pytest.mark.parametrize("name", [*CHANGES, *HARDER])
def test_f_of_no_sort_of_output_is_off_by_more_than_six_thousandths_on_average(name: str) -> None:
    assert fmean(errors_of_f([name])) <= 0.006


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_is_scored_worse_than_others(language: str) -> None:
    assert fmean(errors_of_f([*CHANGES, *HARDER], [language])) <= 0.002


@pytest.mark.parametrize("name", ["boilerplate only", "made up"])
def test_what_has_nothing_of_the_main_content_scores_nothing(name: str) -> None:
    assert fmean(errors_of_f([name])) <= 0.005


def test_optional_text_changes_nothing() -> None:
    names = ["main content", "with optional text", "optional behind", "optional before", "optional doubled"]
    assert max(errors_of_f(names)) == 0


def test_leaks_are_put_down_to_the_text_that_they_are_of() -> None:
    assert fmean(errors_of_origins(list(CHANGES))) <= 0.01
    assert fmean(errors_of_origins(list(HARDER))) <= 0.02
