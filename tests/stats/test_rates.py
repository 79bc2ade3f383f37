"""Wilson's intervals, with sites of several pages."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.samples import NAN
from harness.stats import (
    sites_of,
    wilson,
    wilson_by_site,
)


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_holds_the_rates_that_a_score_test_does_not_reject(hits, more, level):
    trials = hits + more - 1 or 1
    hits = min(hits, trials)
    interval = wilson(hits, trials, level=level)
    z = statistics.NormalDist().inv_cdf(0.5 + level / 2)
    for bound in (interval.low, interval.high):
        assert abs(hits / trials - bound) == pytest.approx(z * math.sqrt(bound * (1 - bound) / trials), abs=1e-9)
    assert 0 <= interval.low <= hits / trials <= interval.high <= 1
    assert interval.high - interval.low > 0


def test_wilson_without_trials_is_nothing():
    assert wilson(0, 0) is None
    assert wilson_by_site([], sites_of([])) is None
    assert wilson_by_site([NAN], sites_of(["a"])) is None


def test_rate_by_site_is_plain_with_one_page_each_and_not_fooled_by_copies():
    hits = [1.0] * 7 + [0.0] * 33
    names = [str(number) for number in range(40)]
    plain = wilson(7, 40)
    apart = wilson_by_site(hits, sites_of(names))
    copied = wilson_by_site(hits * 10, sites_of(names * 10))
    assert [apart.low, apart.high] == pytest.approx([plain.low, plain.high])
    assert [copied.low, copied.high] == pytest.approx([plain.low, plain.high], abs=0.01)
    never = wilson_by_site([0.0] * 400, sites_of(names * 10))
    assert (never.low, never.high) == (0.0, pytest.approx(wilson(0, 40).high))
    few = wilson_by_site([1.0, 1.0, 0.0, 0.0] * 25, sites_of(["a", "b"] * 50))
    assert few == wilson(1, 2)
