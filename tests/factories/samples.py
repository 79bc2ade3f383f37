"""Scores with sites and sets, made up."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from harness.stats import (
    Comparison,
    Estimate,
    estimates,
    resampled_means,
    sites_of,
)
from harness.stats.intervals import FEWEST_SITES
from harness.stats.sites import Sites

NAN = math.nan
few_examples = settings(max_examples=30)  # of tables, which take a while to make


def made(sites: int, generator: np.random.Generator) -> tuple[np.ndarray, Sites, list[str], list[str]]:
    """Scores of two exchangeable extractors, much alike within a site, with the sites and sets of their pages."""
    site = np.repeat(np.arange(sites), generator.integers(1, 9, sites))
    logits = 2 + 1.5 * generator.standard_normal((sites, 2))[site] + 0.5 * generator.standard_normal((len(site), 2))
    names = [f"site{number:03}" for number in site]
    sets = [f"set{number % 2}" for number in site]
    return 1 / (1 + np.exp(-logits)), sites_of(names, sets), names, sets


def one_each(count: int) -> Sites:
    """One page of each site."""
    return sites_of([f"{number:04}" for number in range(count)])


def only(found: list[Estimate]) -> Estimate:
    (estimate,) = found
    return estimate


def estimated(scores: object, sites: Sites, **options: object) -> Estimate:
    return only(estimates(resampled_means(np.asarray(scores, dtype=float)[:, None], sites, resamples=500, **options)))


@st.composite
def page_tables(draw: st.DrawFn) -> tuple[np.ndarray, list[str], list[str]]:
    """Scores of two extractors in hundredths, with the site and set of each page; enough sites for an interval."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=FEWEST_SITES, max_size=FEWEST_SITES + 10))
    names = [f"s{number:02}" for number, size in enumerate(sizes) for _ in range(size)]
    number_of_sets = draw(st.integers(1, 4))
    sets = [f"set{int(name[1:]) % number_of_sets}" for name in names]
    scores = draw(st.lists(st.tuples(*[st.integers(0, 100)] * 2), min_size=len(names), max_size=len(names)))
    return np.array(scores) / 100, names, sets


def pair(first: int, second: int, difference: float, adjusted: float | None) -> Comparison:
    return Comparison(first, second, Estimate(difference, None, 0.1, 30), adjusted, adjusted, None)
