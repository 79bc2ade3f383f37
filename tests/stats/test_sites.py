"""Sites in strata."""

from __future__ import annotations

import numpy as np

from factories.samples import estimated
from harness.stats import (
    sites_of,
)
from harness.stats.sites import Sites


def partition(sites: Sites) -> list[int]:
    return list(np.bincount(sites.stratum))


def test_strata_have_two_sites_at_least():
    assert partition(sites_of(["a", "b", "c", "d"], ["x", "x", "y", "y"])) == [2, 2]
    assert partition(sites_of(["a", "b", "c", "d"], ["x", "y", "z", "z"])) == [2, 2]
    assert partition(sites_of(["a", "b", "c", "d", "e", "f"], ["x", "y", "y", "y", "z", "z"])) == [3, 3]
    assert partition(sites_of(["a", "a"], ["x", "y"])) == [2]
    assert partition(sites_of(["a", "a"])) == [1]


def test_stratification_takes_differences_between_sets_out_of_the_error():
    scores = np.repeat([0.2, 0.8], 30) + np.random.default_rng(13).normal(0, 0.02, 60)
    names = [str(number) for number in range(60)]
    plain, by_set = estimated(scores, sites_of(names)), estimated(scores, sites_of(names, ["a"] * 30 + ["b"] * 30))
    assert by_set.error < 0.2 * plain.error
