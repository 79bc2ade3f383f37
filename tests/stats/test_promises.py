"""What intervals and tests promise holds in simulations (benchmarks/intervals.py measures it closely)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from factories.samples import few_examples, made, one_each, page_tables
from harness.stats import (
    estimates,
    permutation_tests,
    resampled_means,
    sites_of,
)


@pytest.fixture(scope="module")
def simulated() -> dict[str, float]:
    """Shares of 250 made sets of 50 sites whose 95 % interval holds the truth, and which raise a false alarm."""
    sample, _, _, _ = made(200_000, np.random.default_rng(18))
    truth, generator = float(sample.mean()), np.random.default_rng(19)
    inside = {"percentile": 0, "BCa": 0, "difference": 0, "by page": 0, "alarms": 0}
    sets = 250
    for seed in range(sets):
        scores, sites, _, _ = made(50, generator)
        columns = np.column_stack([scores[:, 0], scores[:, 0] - scores[:, 1]])
        resampled = resampled_means(columns, sites, resamples=400, seed=seed)
        by_page = resampled_means(columns[:, :1], one_each(len(columns)), resamples=200, seed=seed)
        percentile, difference = (found.interval for found in estimates(resampled))
        corrected, page = estimates(resampled, method="BCa")[0].interval, estimates(by_page)[0].interval
        for name, interval in (("percentile", percentile), ("BCa", corrected), ("by page", page)):
            inside[name] += interval.low <= truth <= interval.high
        inside["difference"] += difference.low <= 0 <= difference.high
        inside["alarms"] += permutation_tests(columns[:, 1:], sites, flips=300, seed=seed)[0] <= 0.05
    return {name: count / sets for name, count in inside.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["percentile", "BCa", "difference"])
def test_intervals_hold_the_truth_about_as_often_as_they_say(simulated, name):
    assert 0.91 <= simulated[name] <= 0.98


def test_pages_of_a_site_are_not_taken_for_independent(simulated):
    assert simulated["by page"] < 0.85


def test_where_nothing_differs_the_test_says_so(simulated):
    assert 0.02 <= simulated["alarms"] <= 0.08


@few_examples
@given(page_tables())
def test_percentile_interval_holds_the_estimate(table):
    scores, names, sets = table
    for found in estimates(resampled_means(scores, sites_of(names, sets), resamples=300)):
        if found.interval:
            assert found.interval.low - 1e-12 <= found.value <= found.interval.high + 1e-12
