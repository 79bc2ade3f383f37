"""Intervals of rates."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from harness.stats.intervals import FEWEST_SITES, Interval, errors, resampled_means
from harness.stats.sites import Sites, pages_of


def wilson(hits: float, trials: float, *, level: float = 0.95) -> Interval | None:
    """Wilson's interval of a rate (1927); None without a trial. Both may be effective numbers that are not whole."""
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} hits of {trials} trials are no rate: there cannot be more hits than trials")
    if not trials:
        return None
    z, rate = NormalDist().inv_cdf(0.5 + level / 2), hits / trials
    middle = (rate + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
    return Interval(0.0 if rate == 0 else middle - half, 1.0 if rate == 1 else middle + half, level, "Wilson")


def wilson_by_site(hits: ArrayLike, sites: Sites, *, level: float = 0.95) -> Interval | None:
    """Wilson's interval of the rate of pages (1 or 0 each, NaN left out) with as many trials as the pages are worth.

    Of n pages that number is n / (n - 1) · rate (1 - rate) / error², with the standard error over sites, and at most n.
    Where the error says nothing, at rates of 0 and 1 or with few sites, it is the number of sites. None without a page.
    """
    pages = pages_of(np.asarray(hits, dtype=np.float64)[:, None], sites)
    resampled = resampled_means(pages, sites, resamples=0)
    rate, count = float(resampled.value[0]), int(np.count_nonzero(~np.isnan(pages)))
    if not count:
        return None
    worth = float(resampled.sites[0])
    if 0 < rate < 1 and worth >= FEWEST_SITES:
        apart = math.sqrt(rate * (1 - rate) / (count - 1))  # the error if all pages were of different sites
        worth = count * (apart / max(apart, float(errors(resampled)[0]))) ** 2
    return wilson(rate * worth, worth, level=level)
