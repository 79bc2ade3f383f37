"""Standard errors and confidence intervals, against definitions written out here and by laws."""

from __future__ import annotations

import math
import statistics
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.samples import NAN, estimated, few_examples, made, one_each, only, page_tables
from harness.stats import (
    Comparison,
    compare,
    derived,
    estimates,
    permutation_tests,
    ranks,
    resampled_means,
    resampled_ratios,
    sites_of,
    wilson,
)
from harness.stats.intervals import FEWEST_SITES


def test_error_with_one_page_for_each_site_is_the_standard_error_of_a_mean():
    scores = np.random.default_rng(0).beta(5, 1, 40)
    assert estimated(scores, one_each(40)).error == pytest.approx(statistics.stdev(scores) / math.sqrt(40))


def test_error_of_sites_of_several_pages_is_the_stratified_jackknife_written_out():
    scores, sites, names, sets = made(24, np.random.default_rng(1))
    pages = [(name, set_name, float(score)) for name, set_name, score in zip(names, sets, scores[:, 0])]

    def mean_without(left_out: str) -> float:
        own_set = next(set_name for name, set_name, _ in pages if name == left_out)
        size = len({name for name, set_name, _ in pages if set_name == own_set})
        rows = [(size / (size - 1) if b == own_set else 1, s) for a, b, s in pages if a != left_out]
        return sum(weight * score for weight, score in rows) / sum(weight for weight, _ in rows)

    variance = 0.0
    for one_set in sorted(set(sets)):
        left_out = [mean_without(name) for name in sorted({n for n, s, _ in pages if s == one_set})]
        variance += (len(left_out) - 1) * statistics.pvariance(left_out)
    found = only(estimates(resampled_means(scores[:, :1], sites, resamples=100)))
    assert found.error == pytest.approx(math.sqrt(variance))
    assert found.value == pytest.approx(statistics.fmean(scores[:, 0]))


@pytest.mark.parametrize("sites_per_set", [2, 3, 60])
def test_resamples_spread_as_the_error_says_even_in_sets_of_two_sites(sites_per_set):
    generator = np.random.default_rng(2)
    names = [str(number) for number in range(120)]
    sets = [str(number // sites_per_set) for number in range(120)]
    resampled = resampled_means(generator.beta(5, 1, (120, 1)), sites_of(names, sets), resamples=20_000)
    assert resampled.resamples.std() == pytest.approx(only(estimates(resampled)).error, rel=0.03)


def test_percentile_interval_is_that_of_a_bootstrap_written_as_a_loop():
    scores, sites, names, sets = made(30, np.random.default_rng(3))
    by_set: dict[str, dict[str, list[float]]] = {}
    for name, set_name, score in zip(names, sets, scores[:, 0]):
        by_set.setdefault(set_name, {}).setdefault(name, []).append(score)
    generator = np.random.default_rng(4)
    means = []
    for _ in range(4_000):
        total = count = 0.0
        for own in by_set.values():
            for name in generator.choice(list(own), len(own) - 1):
                total += sum(own[name]) * len(own) / (len(own) - 1)
                count += len(own[name]) * len(own) / (len(own) - 1)
        means.append(total / count)
    interval = only(estimates(resampled_means(scores[:, :1], sites))).interval
    width = interval.high - interval.low
    assert np.quantile(means, [0.025, 0.975]) == pytest.approx([interval.low, interval.high], abs=0.06 * width)


def test_bca_interval_of_a_skewed_mean_leans_to_the_long_tail_and_is_the_percentile_one_where_nothing_is_skewed():
    skewed = 1 - np.random.default_rng(5).exponential(0.1, (60, 1)).clip(max=1)
    even = np.linspace(0.4, 0.6, 60)[:, None]
    found = {}
    for name, scores in (("skewed", skewed), ("even", even)):
        resampled = resampled_means(scores, one_each(60))
        found[name] = [only(estimates(resampled, method=method)).interval for method in ("percentile", "BCa")]
    percentile, corrected = found["skewed"]
    assert corrected.low < percentile.low
    assert corrected.high < percentile.high
    assert corrected.method == "BCa"
    percentile, corrected = found["even"]
    assert [corrected.low, corrected.high] == pytest.approx([percentile.low, percentile.high], abs=0.002)


def test_bca_tails_follow_the_formula_of_efron():
    scores = 1 - np.random.default_rng(6).exponential(0.1, 40).clip(max=1)
    resampled = resampled_means(scores[:, None], one_each(40), resamples=2_000)
    normal = statistics.NormalDist()
    bias = normal.inv_cdf(float(np.mean(resampled.resamples < scores.mean())))
    left_out = [(scores.sum() - score) / 39 for score in scores]
    moved = [statistics.fmean(left_out) - mean for mean in left_out]
    acceleration = sum(m**3 for m in moved) / (6 * sum(m**2 for m in moved) ** 1.5)
    tails = [bias + (bias + z) / (1 - acceleration * (bias + z)) for z in map(normal.inv_cdf, (0.05, 0.95))]
    interval = only(estimates(resampled, level=0.9, method="BCa")).interval
    expected = np.quantile(resampled.resamples, [normal.cdf(tail) for tail in tails])
    assert [interval.low, interval.high] == pytest.approx(list(expected))


def test_same_digits_on_every_machine():
    scores = [(number * 37 % 101) / 100 for number in range(60)]
    sites = sites_of([f"s{number % 25:02}" for number in range(60)], [f"set{number % 25 % 2}" for number in range(60)])
    found = estimated(scores, sites, seed=7)
    p = permutation_tests(np.array(scores)[:, None] - 0.4, sites, flips=999, seed=7)
    pinned = [0.49516666666666664, 0.0426142042046241, 0.4044065273266012, 0.579698371791673, 0.038]
    assert [found.value, found.error, found.interval.low, found.interval.high, p[0]] == pytest.approx(pinned, abs=1e-12)
    assert found != estimated(scores, sites, seed=8)


def test_resamples_do_not_depend_on_how_many_fit_in_memory(monkeypatch):
    scores, sites, _, _ = made(25, np.random.default_rng(8))
    whole = resampled_means(scores, sites, resamples=301).resamples
    monkeypatch.setattr("harness.stats.sites._CELLS", 25 * 7)
    np.testing.assert_allclose(resampled_means(scores, sites, resamples=301).resamples, whole, rtol=1e-12)


def test_memory_stays_bounded():
    scores = np.random.default_rng(9).random((2_000, 3))
    tracemalloc.start()
    resampled_means(scores, one_each(2_000), resamples=5_000)
    permutation_tests(scores, one_each(2_000), flips=5_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000  # the whole matrix of weights has 80,000,000 bytes


@few_examples
@given(page_tables(), st.randoms(use_true_random=False))
def test_order_of_pages_is_nothing(table, random):
    scores, names, sets = table
    order = random.sample(range(len(names)), len(names))
    there = compare(scores, sites_of(names, sets), resamples=50)
    back = compare(scores[order], sites_of([names[i] for i in order], [sets[i] for i in order]), resamples=50)
    assert_same(there[0], back[0])


@few_examples
@given(page_tables(), st.permutations(range(FEWEST_SITES + 10)))
def test_names_of_sites_are_nothing_but_the_order_of_the_draws(table, names_anew):
    scores, names, sets = table
    other = [f"x{names_anew[int(name[1:])]:02}" for name in names]
    (there,), (back,) = (compare(scores, sites_of(own, sets), resamples=1_000) for own in (names, other))
    assert there.difference.error == pytest.approx(back.difference.error, abs=1e-12)
    assert there.difference.reason == back.difference.reason
    if there.difference.interval:
        error = there.difference.error
        assert there.difference.interval.low == pytest.approx(back.difference.interval.low, abs=0.6 * error)
        assert there.difference.interval.high == pytest.approx(back.difference.interval.high, abs=0.6 * error)


@few_examples
@given(page_tables(), st.integers(-50, 50))
def test_what_is_added_to_all_scores_moves_the_interval_along(table, hundredths):
    scores, names, sets = table
    sites, shift = sites_of(names, sets), hundredths / 100
    for before, after in zip(
        estimates(resampled_means(scores, sites, resamples=50), method="BCa"),
        estimates(resampled_means(scores + shift, sites, resamples=50), method="BCa"),
    ):
        assert after.value == pytest.approx(before.value + shift, abs=1e-9)
        assert after.error == pytest.approx(before.error, abs=1e-9) if before.error else after.error is None
        if before.interval:
            assert after.interval.low == pytest.approx(before.interval.low + shift, abs=1e-9)
            assert after.interval.high == pytest.approx(before.interval.high + shift, abs=1e-9)


@few_examples
@given(page_tables())
def test_a_pair_the_other_way_round_changes_only_its_sign(table):
    scores, names, sets = table
    sites = sites_of(names, sets)
    (there,), (back,) = (compare(scores, sites, [pair], resamples=50) for pair in ((0, 1), (1, 0)))
    assert back.difference.value == pytest.approx(-there.difference.value, abs=1e-12)
    assert (back.p, back.adjusted, back.detectable) == (there.p, there.adjusted, pytest.approx(there.detectable))
    if there.difference.interval:
        assert back.difference.interval.low == pytest.approx(-there.difference.interval.high, abs=1e-12)


def test_a_difference_is_the_difference_of_the_means_on_the_same_resamples():
    scores, sites, _, _ = made(25, np.random.default_rng(10))
    (pair,) = compare(scores, sites, resamples=200)
    by_means = only(estimates(derived(resampled_means(scores, sites, resamples=200), np.subtract, 0, 1)))
    assert pair.difference.interval.low == pytest.approx(by_means.interval.low)
    assert pair.difference.error == pytest.approx(by_means.error)


def test_f_of_sums_is_derived_from_ratios_of_sums():
    generator = np.random.default_rng(11)
    kept = generator.integers(1, 50, 60)
    output, wanted = kept + generator.integers(0, 20, 60), kept + generator.integers(0, 20, 60)
    sites = one_each(60)
    direct = resampled_ratios(2 * kept[:, None], (output + wanted)[:, None], sites, resamples=300)
    parts = resampled_ratios(np.stack([kept, kept], 1), np.stack([output, wanted], 1), sites, resamples=300)
    harmonic = derived(parts, lambda p, r: 2 * p * r / (p + r), 0, 1)
    assert only(estimates(direct)).value == pytest.approx(2 * kept.sum() / (output + wanted).sum())
    assert only(estimates(harmonic)).interval.high == pytest.approx(only(estimates(direct)).interval.high)
    assert only(estimates(harmonic)).error == pytest.approx(only(estimates(direct)).error)


def test_pages_without_a_value_are_as_if_they_were_not_there():
    scores, sites, names, sets = made(30, np.random.default_rng(12))
    holes = scores.copy()
    holes[1::5, 0] = NAN
    (pair,) = compare(holes, sites, resamples=200)
    there = [row for row in range(len(names)) if row % 5 != 1]
    assert estimated(holes[:, 0], sites).value == pytest.approx(scores[there, 0].mean())
    assert pair.difference.value == pytest.approx((scores[there, 0] - scores[there, 1]).mean())
    alone = sites_of([names[i] for i in there], [sets[i] for i in there])
    assert pair.difference.error == pytest.approx(compare(scores[there], alone)[0].difference.error, rel=0.1)


def test_half_known_ratio_counts_on_neither_side():
    tops, bottoms = np.full((25, 1), 1.0), np.full((25, 1), 2.0)
    tops[0], bottoms[1] = NAN, NAN
    assert resampled_ratios(tops, bottoms, one_each(25), resamples=10).value == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("scores", "sites", "value", "reason"),
    [
        ([], [], None, "no page has a value"),
        ([NAN] * 30, [str(i) for i in range(30)], None, "no page has a value"),
        ([0.5], ["a"], 0.5, "pages of 1 site;"),
        ([0.4, 0.6] * 20, ["a"] * 40, 0.5, "pages of 1 site;"),
        ([0.25] * 10 + [0.75] * 10 + [NAN] * 20, [str(i // 2) for i in range(40)], 0.5, "pages of 10 sites"),
        ([0.1] * 30, [str(i) for i in range(30)], 0.1, "all sites have the same value"),
        ([0.25, 0.75] * 30, [str(i // 2) for i in range(60)], 0.5, "all sites have the same value"),
    ],
)
@pytest.mark.parametrize("method", ["percentile", "BCa"])
def test_no_interval_is_better_than_one_made_up(scores, sites, value, reason, method):
    table = np.array(scores, dtype=float).reshape(-1, 1)
    found = only(estimates(resampled_means(table, sites_of(sites), resamples=200), method=method))
    assert found.value == (None if value is None else pytest.approx(value))
    assert found.interval is None
    assert found.error is None
    assert found.reason.startswith(reason)


def test_statistic_that_needs_a_certain_site_has_no_interval():
    for needed in (1, 2):  # with two, it can be computed without each, but not on each resample
        scores = np.zeros((30, 1))
        scores[:needed] = 1
        means = resampled_means(scores, one_each(30), resamples=200)
        found = only(estimates(derived(means, lambda mean: mean * mean / mean, 0)))
        assert (found.value, found.interval) == (pytest.approx(needed / 30), None)
        assert found.reason == "not defined without some of the sites"


def test_extractor_without_pages_and_no_extractors():
    assert compare(np.zeros((30, 0)), one_each(30)) == []
    assert compare(np.zeros((30, 1)), one_each(30)) == []
    table = np.column_stack([np.full(30, NAN), np.linspace(0, 1, 30), np.linspace(1, 0.5, 30)])
    pairs = compare(table, one_each(30), resamples=100)
    assert [pair.p is None for pair in pairs] == [True, True, False]
    assert pairs[0].difference.reason == "no page has a value"
    assert pairs[0].detectable is None
    assert ranks(3, pairs)[0] is None


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"3 pages have sites, but the values have the shape \(2, 1\)"):
        resampled_means(np.zeros((2, 1)), one_each(3))
    with pytest.raises(ValueError, match="infinite"):
        resampled_means(np.full((3, 1), math.inf), one_each(3))
    with pytest.raises(ValueError, match="must not be negative"):
        resampled_ratios(np.ones((3, 1)), -np.ones((3, 1)), one_each(3))
    with pytest.raises(ValueError, match="between 0 and 1, not 95"):
        estimates(resampled_means(np.zeros((3, 1)), one_each(3), resamples=1), level=95)
    with pytest.raises(ValueError, match="needs at least one resample"):
        estimates(resampled_means(np.zeros((3, 1)), one_each(3), resamples=0))
    with pytest.raises(ValueError, match="3 hits of 2 trials"):
        wilson(3, 2)


def assert_same(there: Comparison, back: Comparison) -> None:
    a, b = there.difference, back.difference
    assert (a.sites, a.reason, there.p) == (b.sites, b.reason, back.p)
    assert a.value == pytest.approx(b.value, abs=1e-12)
    if a.interval:
        assert [a.error, a.interval.low, a.interval.high] == pytest.approx([b.error, b.interval.low, b.interval.high])
