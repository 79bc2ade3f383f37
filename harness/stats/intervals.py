"""Intervals of means and of ratios of sums, by a stratified bootstrap over sites."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from harness.common.wording import plural
from harness.stats.sites import ROUNDING, Floats, Sites, chunks, pages_of

Method = Literal["percentile", "BCa"]

FEWEST_SITES = 20  # with fewer, intervals come out far too short, see docs/statistics.md
RESAMPLES = 10_000

_NORMAL = NormalDist()


@dataclass(frozen=True)
class Resampled:
    """Statistics of the pages, one for each column, and what they would have been on other sites."""

    value: Floats
    """The statistics on the pages as they are."""
    resamples: Floats
    """The statistics on each resample."""
    left_out: Floats
    """The statistics without each site, the other sites of its stratum standing for it."""
    stratum: NDArray[np.int64]
    """The stratum of each site."""
    sites: NDArray[np.int64]
    """The number of sites that have a value, for each column."""


@dataclass(frozen=True)
class Interval:
    """A confidence interval."""

    low: float
    """Its lower end."""
    high: float
    """Its upper end."""
    level: float
    """Its nominal coverage, in 0…1."""
    method: Method | Literal["Wilson"]
    """How it was computed."""


@dataclass(frozen=True)
class Estimate:
    """A statistic with its uncertainty over sites."""

    value: float | None
    """The statistic; None where no page has a value."""
    interval: Interval | None
    """Its confidence interval; None for the reason that `reason` gives."""
    error: float | None
    """Its standard error; None for the reason that `reason` gives."""
    sites: int
    """The number of sites that have a value."""
    reason: str = ""
    """Why there is no interval; empty if there is one."""


def resampled_means(scores: ArrayLike, sites: Sites, *, resamples: int = RESAMPLES, seed: int = 0) -> Resampled:
    """The mean of each column over the pages that have a value."""
    pages = pages_of(scores, sites)
    return resampled_ratios(pages, np.ones_like(pages), sites, resamples=resamples, seed=seed)


def resampled_ratios(
    tops: ArrayLike, bottoms: ArrayLike, sites: Sites, *, resamples: int = RESAMPLES, seed: int = 0
) -> Resampled:
    """The sum of each column's tops over the sum of its bottoms, on the pages where both have a value.

    Within each stratum of n sites a resample draws n - 1 of them with replacement, each standing for n / (n - 1), so that
    the spread of the resamples is right for few sites and for many small sets (Rao and Wu 1988). Raises ValueError for a
    negative bottom.
    """
    top_pages, bottom_pages = pages_of(tops, sites), pages_of(bottoms, sites)
    if (bottom_pages < 0).any():
        raise ValueError("the denominators of a ratio of sums must not be negative")
    unknown = np.isnan(top_pages) | np.isnan(bottom_pages)
    top, bottom = sites.sums(np.where(unknown, 0, top_pages)), sites.sums(np.where(unknown, 0, bottom_pages))
    both = np.concatenate([top, bottom], axis=1)
    columns = top.shape[1]

    def ratios(sums: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(sums[..., columns:] > 0, sums[..., :columns] / sums[..., columns:], np.nan)

    drawn = [weights @ both for weights in _weights(sites.stratum, resamples, seed)]
    return Resampled(
        value=ratios(both.sum(axis=0)),
        resamples=ratios(np.concatenate(drawn) if drawn else np.zeros((0, 2 * columns))),
        left_out=ratios(_sums_without_each(both, sites.stratum)),
        stratum=sites.stratum,
        sites=np.count_nonzero(bottom, axis=0),
    )


def derived(resampled: Resampled, function: Callable[..., Floats], *columns: int) -> Resampled:
    """One statistic computed from others by a function of arrays, such as `np.subtract`, or F of precision and recall."""

    def of(values: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return function(*(values[..., [column]] for column in columns))

    return Resampled(
        of(resampled.value),
        of(resampled.resamples),
        of(resampled.left_out),
        resampled.stratum,
        resampled.sites[list(columns)].min(keepdims=True),
    )


def estimates(resampled: Resampled, *, level: float = 0.95, method: Method = "percentile") -> list[Estimate]:
    """Each statistic with its interval and its standard error, which is that of the jackknife over sites.

    Raises ValueError for a level that is not between 0 and 1, and without resamples.
    """
    if not 0 < level < 1:
        raise ValueError(f"the level must be between 0 and 1, not {level}")
    if len(resampled.stratum) and not len(resampled.resamples):
        raise ValueError("an interval needs at least one resample")
    influence = _influence(resampled)
    return [_estimate(resampled, column, influence[:, column], level, method) for column in range(len(resampled.value))]


def errors(resampled: Resampled) -> Floats:
    """The stratified jackknife's standard errors over sites; NaN with one site."""
    return np.asarray(np.sqrt((_influence(resampled) ** 2).sum(axis=0)))


def _weights(stratum: NDArray[np.int64], resamples: int, seed: int) -> Iterator[Floats]:
    """How much each site counts in each resample: rows are resamples."""
    sizes = np.bincount(stratum)[stratum]  # of each site's stratum
    factors = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 1.0)
    for counts in _drawn(stratum.tobytes(), resamples, seed):
        yield np.multiply(counts, factors, dtype=np.float64)


@lru_cache(maxsize=8)
def _drawn(stratum: bytes, resamples: int, seed: int) -> list[NDArray[np.integer]]:
    """How often each site is drawn in each resample, as small numbers: the same pages are resampled again and again."""
    strata = np.frombuffer(stratum, dtype=np.int64)
    groups = [np.flatnonzero(strata == number) for number in range(int(strata.max(initial=-1)) + 1)]
    seeds = np.random.SeedSequence(seed).spawn(len(groups))
    generators = [np.random.Generator(np.random.PCG64(own)) for own in seeds]
    found = []
    for rows in chunks(len(strata), resamples):
        counts = np.ones((rows, len(strata)), dtype=np.int64)
        for group, generator in zip(groups, generators):
            size = len(group)
            if size > 1:
                drawn = generator.integers(0, size, size=(rows, size - 1)) + size * np.arange(rows)[:, None]
                counts[:, group] = np.bincount(drawn.ravel(), minlength=rows * size).reshape(rows, size)
        found.append(counts.astype(np.min_scalar_type(int(counts.max(initial=0)))))
    return found


def _sums_without_each(sums: Floats, stratum: NDArray[np.int64]) -> Floats:
    """All sums without one site, the others of its stratum weighted up; NaN where it is the only site."""
    total, left = sums.sum(axis=0), np.full_like(sums, np.nan)
    for number in np.unique(stratum):
        group = np.flatnonzero(stratum == number)
        if len(group) > 1:
            own = sums[group].sum(axis=0)
            left[group] = total - own + (own - sums[group]) * (len(group) / (len(group) - 1))
    return left


def _influence(resampled: Resampled) -> Floats:
    """How far each site moves each statistic; the squares add up to the jackknife's variance, a factor near 1 aside."""
    moved = np.full_like(resampled.left_out, np.nan)
    for number in np.unique(resampled.stratum):
        group = resampled.stratum == number
        size, left = int(group.sum()), resampled.left_out[group]
        moved[group] = (left.mean(axis=0) - left) * math.sqrt((size - 1) / size)
    return moved


def _estimate(resampled: Resampled, column: int, influence: Floats, level: float, method: Method) -> Estimate:
    value, sites = float(resampled.value[column]), int(resampled.sites[column])
    if math.isnan(value):
        return Estimate(None, None, None, sites, "no page has a value")
    if sites < FEWEST_SITES:
        return Estimate(value, None, None, sites, f"pages of {plural(sites, 'site')}; an interval needs {FEWEST_SITES}")
    drawn = resampled.resamples[:, column]
    error = math.sqrt(float((influence**2).sum()))
    if math.isnan(error) or np.isnan(drawn).any():
        return Estimate(value, None, None, sites, "not defined without some of the sites")
    if error <= ROUNDING * max(1.0, abs(value)):
        return Estimate(value, None, None, sites, "all sites have the same value, so that nothing shows how much they vary")
    tails = ((1 - level) / 2, (1 + level) / 2)
    if method == "BCa":
        tails = _corrected(tails, drawn, value, float((influence**3).sum()) / (6 * error**3))
    low, high = np.quantile(drawn, tails)
    return Estimate(value, Interval(float(low), float(high), level, method), error, sites)


def _corrected(tails: tuple[float, float], drawn: Floats, value: float, acceleration: float) -> tuple[float, float]:
    """The tails of an interval, corrected for bias and skewness (Efron 1987)."""
    near = ROUNDING * max(1.0, abs(value))
    below = (np.count_nonzero(drawn < value - near) + np.count_nonzero(drawn <= value + near)) / (2 * len(drawn))
    bias = _NORMAL.inv_cdf(min(max(below, 0.5 / len(drawn)), 1 - 0.5 / len(drawn)))

    def corrected(tail: float) -> float:
        shifted = bias + _NORMAL.inv_cdf(tail)
        return _NORMAL.cdf(bias + shifted / (1 - acceleration * shifted))

    return corrected(tails[0]), corrected(tails[1])
