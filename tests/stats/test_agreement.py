"""Kendall's tau-b."""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.samples import NAN
from harness.stats import (
    kendall_tau,
)


def tau_b(a: list[float], b: list[float]) -> float:
    rows = [(x, y) for x, y in zip(a, b) if not (math.isnan(x) or math.isnan(y))]
    concordant = discordant = only_a = only_b = 0
    for (x, y), (v, w) in combinations(rows, 2):
        concordant += (x - v) * (y - w) > 0
        discordant += (x - v) * (y - w) < 0
        only_a += x != v and y == w
        only_b += x == v and y != w
    untied = (concordant + discordant + only_a) * (concordant + discordant + only_b)
    return (concordant - discordant) / math.sqrt(untied) if untied else NAN


@given(st.lists(st.tuples(*[st.sampled_from([0.1, 0.2, 0.3, 0.4, NAN])] * 3), max_size=9))
def test_kendall_is_tau_b_of_each_pair_of_metrics(rows):
    matrix = kendall_tau(np.array(rows).reshape(-1, 3))
    for a, b in product(range(3), repeat=2):
        expected = tau_b([row[a] for row in rows], [row[b] for row in rows])
        assert matrix[a, b] == pytest.approx(expected, nan_ok=True)


def test_kendall_of_known_rankings():
    # From scipy.stats.kendalltau 1.17.1.
    scores = np.array([[0.9, 0.8, 0.7], [0.8, 0.9, 0.7], [0.7, 0.6, 0.4], [0.6, 0.6, 0.5], [0.1, 0.2, 0.5]])
    expected = [0.7378647873726218, 0.4472135954999579, 0.5892556509887896]
    assert kendall_tau(scores)[np.triu_indices(3, 1)] == pytest.approx(expected)
