"""Values of pages whose mean is the metric over all pages."""

from __future__ import annotations

from statistics import NormalDist, fmean

import numpy as np
import pytest

from harness.metrics import METRICS
from harness.metrics.base import Metric, Scored, ScoredPage
from harness.metrics.page_values import estimates_of, page_values
from harness.stats import permutation_tests, sites_of


def one_each(count: int):
    return sites_of([f"{number:04}" for number in range(count)])


def snippet_pages(generator: np.random.Generator, count: int, right: float) -> list[ScoredPage]:
    """Pages with 1 to 6 snippets on each side; most of those that must come out do."""
    pages = []
    for wanted, unwanted in generator.integers(1, 7, (count, 2)):
        tp, fp = generator.binomial(wanted, right), generator.binomial(unwanted, 0.1)
        counts = {"tp": tp, "fp": fp, "fn": wanted - tp, "tn": unwanted - fp}
        pages.append(ScoredPage({f"trafilatura.{name}": float(value) for name, value in counts.items()}, "set"))
    return pages


def test_of_a_mean_they_are_the_pages_own():
    pages = [ScoredPage({"F": value}, "set") for value in (0.25, None, 1.0)]
    assert page_values(METRICS["F"], [[*pages, None]], one_each(4))[:, 0] == pytest.approx(
        [0.25, np.nan, 1, np.nan], nan_ok=True
    )


def test_of_a_metric_whose_rule_is_a_mean_they_are_the_same():
    """The rule is not looked at: only what it makes of pages with and without a site counts."""

    def rule(pages):
        return fmean(page.scores["m"] for page in pages)

    values = [0.1, 0.7, 0.4, 0.9]
    pages = [ScoredPage({"m": value}, "set") for value in values]
    assert page_values(Metric("m", "", True, 0.0, rule), [pages], one_each(4))[:, 0] == pytest.approx(values)


@pytest.mark.parametrize("name", ["trafilatura.F", "trafilatura.accuracy"])
def test_their_mean_is_the_metric_over_all_pages(name):
    pages: list[Scored | None] = [*snippet_pages(np.random.default_rng(1), 60, 0.8)]
    sites = sites_of([str(number % 40) for number in range(60)])
    values = page_values(METRICS[name], [pages], sites)[:, 0]
    assert np.count_nonzero(~np.isnan(values)) == 40, "one for each site"
    assert np.nanmean(values) == pytest.approx(METRICS[name].over_pages(pages))
    (estimate,) = estimates_of(METRICS[name], [pages], sites)
    assert estimate.value == METRICS[name].over_pages(pages) and estimate.sites == 40


@pytest.mark.slow
def test_their_spread_is_that_of_the_metric_over_other_samples():
    generator = np.random.default_rng(2)
    metric = METRICS["trafilatura.F"]
    samples = [snippet_pages(generator, 80, 0.8) for _ in range(300)]
    spread = np.std([metric.over_pages(pages) for pages in samples])
    errors = [estimates_of(metric, [pages], one_each(80))[0].error for pages in samples[:20]]
    assert fmean(errors) == pytest.approx(spread, rel=0.15)
    truth = metric.over_pages(snippet_pages(generator, 100_000, 0.8))
    inside = 0
    for pages in samples[:150]:
        interval = estimates_of(metric, [pages], one_each(80))[0].interval
        inside += interval.low <= truth <= interval.high
    assert 0.88 <= inside / 150 <= 0.99


def test_the_test_of_a_difference_raises_false_alarms_as_often_as_it_says():
    generator = np.random.default_rng(3)
    metric, alarms, sets = METRICS["trafilatura.F"], 0, 300
    for _ in range(sets):
        values = page_values(metric, [snippet_pages(generator, 40, 0.8), snippet_pages(generator, 40, 0.8)], one_each(40))
        (p,) = permutation_tests(values[:, :1] - values[:, 1:], one_each(40), flips=300)
        alarms += p <= 0.05
    limit = NormalDist(0.05, (0.05 * 0.95 / sets) ** 0.5).inv_cdf(0.999)
    assert alarms / sets <= limit


def test_a_metric_that_needs_one_of_the_sites_has_a_value_and_no_interval():
    pages = [ScoredPage({"aeb.tp": float(number == 0), "aeb.fp": 0.0}, "set") for number in range(30)]
    (estimate,) = estimates_of(METRICS["aeb.P"], [pages], one_each(30))
    assert estimate.value == 1.0 and estimate.interval is None
    assert estimate.reason == "not defined without some of the sites"
    assert estimates_of(METRICS["aeb.P"], [[None] * 30], one_each(30))[0].reason == "no page has a value"
