"""Tests of differences: permutations, Holm's correction, ranks, and what could be detected."""

from __future__ import annotations

from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factories.samples import made, one_each, pair
from harness.stats import (
    compare,
    detectable_difference,
    holm,
    permutation_tests,
    ranks,
    sites_of,
)


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=9))
@example([0, 0])
@example([1, -1])
def test_permutation_test_is_the_enumeration_of_all_flips(hundredths):
    differences = [number / 100 for number in hundredths]
    flipped = [abs(sum(s * n for s, n in zip(signs, hundredths))) for signs in product((1, -1), repeat=len(hundredths))]
    expected = sum(value >= abs(sum(hundredths)) for value in flipped) / len(flipped)
    assert permutation_tests(np.array(differences)[:, None], one_each(len(differences))) == [pytest.approx(expected)]


def test_random_flips_come_near_to_all_flips(monkeypatch):
    differences = np.random.default_rng(14).normal(0.3, 0.5, (12, 6))
    exact = permutation_tests(differences, one_each(12))
    monkeypatch.setattr("harness.stats.differences._EXACT_SITES", 0)
    assert permutation_tests(differences, one_each(12), flips=20_000) == pytest.approx(exact, abs=0.015)
    assert min(permutation_tests(np.ones((40, 1)), one_each(40), flips=499)) == 1 / 500


def test_sites_that_differ_by_rounding_do_not_differ():
    same = [0.1, 0.2, -0.3]  # whose sum is not 0 in floating point
    names = [str(number // 3) for number in range(75)] + ["a", "b", "c", "d", "e"]
    assert permutation_tests(np.array(same * 25 + [0.5] * 5)[:, None], sites_of(names)) == [2 / 2**5]


def test_more_pages_of_the_same_sites_prove_nothing_new():
    scores, sites, names, sets = made(12, np.random.default_rng(15))
    again = sites_of(names * 3, sets * 3)
    assert compare(np.tile(scores, (3, 1)), again)[0].p == compare(scores, sites)[0].p


def test_holm_on_a_worked_example():
    assert holm([0.01, 0.04, None, 0.03, 0.005]) == pytest.approx([0.03, 0.06, None, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_is_the_largest_bonferroni_on_the_way(p_values):
    def adjusted(p: float) -> float:
        return max(min(1, q * sum(other >= q for other in p_values)) for q in p_values if q <= p)

    assert holm(p_values) == pytest.approx([adjusted(p) for p in p_values])


def test_ranks_count_those_that_are_significantly_better():
    apart = [pair(0, 1, 0.01, 0.9), pair(0, 2, 0.2, 0.001), pair(1, 2, 0.19, 0.05)]
    assert ranks(3, apart) == [1, 1, 3]
    assert ranks(3, apart, alpha=0.01) == [1, 1, 2]
    assert ranks(3, apart, higher_is_better=False) == [2, 2, 1]
    not_transitive = [pair(0, 1, 0.1, 0.2), pair(0, 2, 0.2, 0.001), pair(1, 2, 0.1, 0.2)]
    assert ranks(3, not_transitive) == [1, 1, 2]
    assert ranks(1, []) == [1]


def test_forty_extractors_can_be_told_apart():
    quality = np.linspace(0.1, 0.9, 40)
    scores = quality + np.random.default_rng(16).normal(0, 0.001, (30, 40))
    assert ranks(40, compare(scores, one_each(30), resamples=50)) == list(range(40, 0, -1))


def test_the_detectable_difference_grows_with_the_comparisons_and_falls_with_the_sites():
    assert detectable_difference(1.0, 1e9) == pytest.approx(1.959964 + 0.841621, abs=1e-6)
    alpha = NormalDist().inv_cdf(1 - 0.05 / 190 / 2)
    assert detectable_difference(1.0, 1e9, tests=190) == pytest.approx(alpha + 0.841621, abs=1e-6)
    assert detectable_difference(1.0, 100, tests=190) == pytest.approx(
        alpha / (1 - alpha**2 / 100) ** 0.5 + 0.841621, abs=1e-6
    )
    assert detectable_difference(1.0, 10, tests=190) is None, "no difference is large enough"


def test_detectable_difference_separates_no_difference_from_too_few_pages():
    generator = np.random.default_rng(17)
    noise = generator.normal(0, 0.2, (400, 2))
    (few,), (many,) = (compare(0.7 + noise[:count], one_each(count), resamples=100) for count in (25, 400))
    assert few.detectable == pytest.approx(4 * many.detectable, rel=0.5)
    assert many.detectable == pytest.approx(detectable_difference(many.difference.error, 400))


def test_families_are_adjusted_apart():
    scores = 0.7 + np.random.default_rng(3).normal(0, 0.2, (60, 4))
    pairs, families = [(0, 1), (2, 3), (0, 2)], ["one", "other", "one"]
    found = compare(scores, one_each(60), pairs, families=families, resamples=100)
    alone = compare(scores, one_each(60), [(2, 3)], resamples=100)[0]
    assert found[1].adjusted == found[1].p and found[1].detectable == pytest.approx(alone.detectable)
    assert [found[0].adjusted, found[2].adjusted] == holm([found[0].p, found[2].p])
    assert found[0].detectable == pytest.approx(detectable_difference(found[0].difference.error, 60, tests=2))


@pytest.mark.slow
@pytest.mark.parametrize("extractors", [2, 6, 20])
def test_the_detectable_difference_is_found_in_four_of_five_sets(extractors):
    """By adjusted p values, in a table of so many extractors (benchmarks/intervals.py measures it closely)."""
    generator = np.random.default_rng(extractors)
    sites, sets = 100, 60
    size = detectable_difference(0.2 * 2**0.5 / sites**0.5, sites, tests=extractors * (extractors - 1) // 2)
    told = 0
    for seed in range(sets):
        scores = generator.normal(0.5, 0.2, (sites, extractors))
        scores[:, 0] += size
        found = [pair for pair in compare(scores, one_each(sites), resamples=500, seed=seed) if pair.first == 0]
        told += sum(pair.adjusted <= 0.05 for pair in found) / len(found)
    assert 0.7 <= told / sets <= 0.93
