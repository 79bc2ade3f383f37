"""Whether the intervals and tests of harness/stats hold what they promise, and how fast they are.

Usage: python benchmarks/intervals.py [coverage] [alarms] [power] [speed]   (default: all four; some ten minutes)

Prints the tables of docs/statistics.md. The scores are made: bounded, skewed, alike within a site, some pages failed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from harness.stats import compare, detectable_difference, estimates, permutation_tests, ranks, resampled_means, sites_of
from harness.stats import intervals as stats_intervals
from harness.stats.sites import Floats, Sites

DATASETS = 2_000
RESAMPLES = 1_000
SITES = (10, 20, 100, 500)
POWER_DATASETS = 200
EXTRACTORS = (2, 6, 20)
SCORES = {
    "skewed": (2.6, 0.04, 1.3),
    "very skewed": (4.5, 0.03, 1.6),
}  # middle of the logits, share of failed pages, spread of sites


def main() -> None:
    """Print the tables asked for."""
    stats_intervals.FEWEST_SITES = 2  # the tables say what fewer sites would do
    for name in sys.argv[1:] or ["coverage", "alarms", "power", "speed"]:
        TABLES[name]()


def pages(sites: int, kind: str, generator: np.random.Generator, extractors: int = 2) -> tuple[Floats, Sites]:
    """Scores of extractors that could be exchanged, on 1 to 30 pages of each site, and the pages' sites in two sets."""
    middle, failed, spread = SCORES[kind]
    sizes = np.minimum(generator.geometric(0.4, sites), 30)
    site = np.repeat(np.arange(sites), sizes)
    of_site = 0.7 * spread * generator.standard_normal((sites, 1)) + 0.7 * spread * generator.standard_normal(
        (sites, extractors)
    )
    of_page = 0.6 * generator.standard_normal((len(site), 1)) + 0.6 * generator.standard_normal((len(site), extractors))
    scores = 1 / (1 + np.exp(-(middle + 0.5 * (site % 2)[:, None] + of_site[site] + of_page)))
    scores[scores > 0.99] = 1
    scores[generator.random(scores.shape) < failed] = 0
    return scores, sites_of([str(number) for number in site], ["even" if number % 2 == 0 else "odd" for number in site])


def coverage() -> None:
    """How often 95 % intervals contain the true mean and the true difference."""
    print(f"coverage of 95 % intervals, {DATASETS} made sets each, {RESAMPLES} resamples")
    heading("scores", "statistic", "sites", "percentile", "BCa", "percentile over pages", "mean width")
    for kind in SCORES:
        sample, _ = pages(1_000_000, kind, np.random.default_rng(1))
        truth = sample.mean()
        for sites in SITES:
            inside, widths = np.zeros((2, 3)), np.zeros(2)
            generator = np.random.default_rng(sites)
            for seed in range(DATASETS):
                scores, own = pages(sites, kind, generator)
                columns = np.stack([scores[:, 0], scores[:, 0] - scores[:, 1]], axis=1)
                by_site = resampled_means(columns, own, resamples=RESAMPLES, seed=seed)
                alone = sites_of([str(number) for number in range(len(columns))])
                by_page = resampled_means(columns, alone, resamples=RESAMPLES, seed=seed)
                found = (estimates(by_site), estimates(by_site, method="BCa"), estimates(by_page))
                for method, rows in enumerate(found):
                    for statistic, (row, target) in enumerate(zip(rows, (truth, 0.0))):
                        if row.interval:
                            inside[statistic, method] += row.interval.low <= target <= row.interval.high
                            widths[statistic] += (row.interval.high - row.interval.low) * (method == 0)
            for statistic, name in enumerate(("mean", "difference")):
                shares = " | ".join(f"{100 * share / DATASETS:.1f} %" for share in inside[statistic])
                print(f"| {kind} | {name} | {sites} | {shares} | {widths[statistic] / DATASETS:.3f} |", flush=True)


def alarms() -> None:
    """How often the paired test finds a difference where there is none, and where there is one."""
    print(f"share of p values up to 0.05, {DATASETS} made sets each, 1,000 flips")
    heading("scores", "sites", "exchangeable", "equal means, unlike failures", "difference of 2.80 standard errors")
    for kind in SCORES:
        power, failing = _equal_on_average(kind)
        for sites in SITES:
            found = np.zeros(3)
            generator = np.random.default_rng(sites)
            drawn = (compare(*pages(sites, kind, generator), resamples=200)[0].difference.error or 0 for _ in range(200))
            typical = 2.80 * float(np.mean([*drawn]))
            for seed in range(DATASETS):
                scores, own = pages(sites, kind, generator)
                difference = scores[:, :1] - scores[:, 1:]
                second = np.where(generator.random(len(scores)) < failing, 0, scores[:, 1] ** power)
                columns = np.concatenate([difference, scores[:, :1] - second[:, None], difference + typical], axis=1)
                p = permutation_tests(columns, own, flips=1_000, seed=seed)
                found += [value is not None and value <= 0.05 for value in p]
            print(
                f"| {kind} | {sites} | " + " | ".join(f"{100 * share / DATASETS:.1f} %" for share in found) + " |",
                flush=True,
            )


def _equal_on_average(kind: str) -> tuple[float, float]:
    """A power of its scores that makes up for 2 % more failed pages of the second extractor."""
    sample, _ = pages(300_000, kind, np.random.default_rng(2))
    low, high, failing = 0.01, 1.0, 0.02
    for _ in range(40):
        power = (low + high) / 2
        if (1 - failing) * (sample**power).mean() > sample.mean():
            low = power
        else:
            high = power
    return low, failing


def power() -> None:
    """How often an extractor that is better than all others by the detectable difference is told from one of them."""
    print(f"share of adjusted p values up to 0.05, {POWER_DATASETS} made sets each")
    heading("scores", "sites", *(f"{extractors} extractors" for extractors in EXTRACTORS))
    for kind in SCORES:
        for sites in SITES[1:]:
            shares = [_power(kind, sites, extractors) for extractors in EXTRACTORS]
            print(f"| {kind} | {sites} | {' | '.join(shares)} |", flush=True)


def _power(kind: str, sites: int, extractors: int) -> str:
    generator = np.random.default_rng(sites)
    others = range(1, extractors)
    error, worth = np.zeros(0), np.zeros(0)
    for _ in range(100):
        scores, own = pages(sites, kind, generator, extractors)
        found = compare(scores, own, [(0, other) for other in others], resamples=10)
        known = own.sums(np.ones((len(scores), 1)))
        error = np.append(error, [pair.difference.error or 0 for pair in found])
        worth = np.append(worth, known.sum() ** 2 / (known**2).sum())
    typical = detectable_difference(float(error.mean()), float(worth.mean()), tests=extractors * (extractors - 1) // 2)
    if typical is None:
        return "never"
    told = 0
    for seed in range(POWER_DATASETS):
        scores, own = pages(sites, kind, generator, extractors)
        scores[:, 0] += typical
        found = [pair for pair in compare(scores, own, resamples=1_000, seed=seed) if pair.first == 0]
        told += sum(pair.adjusted is not None and pair.adjusted <= 0.05 for pair in found)
    return f"{100 * told / POWER_DATASETS / (extractors - 1):.1f} % of {typical:.3f}"


def speed() -> None:
    """CPU seconds for 2,000 pages, 20 extractors and 10,000 resamples."""
    generator = np.random.default_rng(0)
    print("CPU seconds, 2,000 pages and 20 extractors, 10,000 resamples")
    heading("sites", "20 intervals", "with BCa", "all 190 pairs with tests and ranks")
    for count in (100, 500, 2_000):
        scores = generator.beta(5, 1, (2_000, 20))
        own = sites_of(
            [str(number % count) for number in range(2_000)], [str(number % count % 8) for number in range(2_000)]
        )

        def paired(scores: Floats = scores, own: Sites = own) -> None:
            ranks(20, compare(scores, own))

        def simple(scores: Floats = scores, own: Sites = own) -> None:
            estimates(resampled_means(scores, own))

        def corrected(scores: Floats = scores, own: Sites = own) -> None:
            estimates(resampled_means(scores, own), method="BCa")

        print(f"| {count} | {seconds(simple):.2f} | {seconds(corrected):.2f} | {seconds(paired):.2f} |", flush=True)


def heading(*columns: str) -> None:
    """Print the head of a table."""
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")


def seconds(call: Callable[[], None]) -> float:
    """CPU time of the call, over all threads."""
    start = time.process_time()
    call()
    return time.process_time() - start


TABLES = {"coverage": coverage, "alarms": alarms, "power": power, "speed": speed}

if __name__ == "__main__":
    main()
