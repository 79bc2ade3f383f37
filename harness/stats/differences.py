"""Whether two extractors differ: permutation tests by site, Holm's adjustment, ranks, detectable differences."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from harness.stats.intervals import RESAMPLES, Estimate, estimates, resampled_means
from harness.stats.sites import ROUNDING, Floats, Sites, chunks, pages_of

ALPHA = 0.05
"""The p value, adjusted where there are several, up to which a difference counts as more than chance."""
_DRAWN = 1_000_000  # signs at a time; another number would give other ones
_EXACT_SITES = 16  # up to 2**16 sign flips are enumerated
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Comparison:
    """Two extractors on the pages where both have a value."""

    first: int
    """The column of one."""
    second: int
    """The column of the other."""
    difference: Estimate
    """First minus second."""
    p: float | None
    """The p-value of the two-sided permutation test by site; None where no page has both values."""
    adjusted: float | None
    """`p` as Holm corrects it over all comparisons of its family."""
    detectable: float | None
    """The true difference that pages like these would show, by `adjusted`, in 80 % of cases or more; None without a
    standard error, and where there are too few sites for so many comparisons."""


def compare(
    scores: ArrayLike,
    sites: Sites,
    pairs: Iterable[tuple[int, int]] | None = None,
    *,
    families: Sequence[Hashable] | None = None,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> list[Comparison]:
    """Pairs of columns compared page by page; all pairs if none are named.

    families: the family of each pair. P values and detectable differences are adjusted for the number of pairs in a family;
    without families all pairs are one.
    """
    pages = pages_of(scores, sites)
    chosen = list(combinations(range(pages.shape[1]), 2) if pairs is None else pairs)
    differences = np.stack([pages[:, a] - pages[:, b] for a, b in chosen], axis=1) if chosen else np.zeros((len(pages), 0))
    found = estimates(resampled_means(differences, sites, resamples=resamples, seed=seed), level=level)
    # Fewer sign flips could not reach a small adjusted p value, however clear the difference.
    tests = permutation_tests(differences, sites, flips=max(resamples, 40 * len(chosen)), seed=seed)
    members: dict[Hashable, list[int]] = {}
    for number, family in enumerate(families if families is not None else [""] * len(chosen)):
        members.setdefault(family, []).append(number)
    worth = _effective_sites(differences, sites)
    compared: dict[int, Comparison] = {}
    for numbers in members.values():
        made = sum(tests[number] is not None for number in numbers)
        for number, adjusted in zip(numbers, holm([tests[number] for number in numbers])):
            error = found[number].error
            smallest = None if error is None else detectable_difference(error, float(worth[number]), tests=made)
            compared[number] = Comparison(*chosen[number], found[number], tests[number], adjusted, smallest)
    return [compared[number] for number in range(len(chosen))]


def permutation_tests(differences: ArrayLike, sites: Sites, *, flips: int = RESAMPLES, seed: int = 0) -> list[float | None]:
    """Two-sided p values of the hypothesis that the two sides of each column of paired differences could be exchanged.

    All differences of a site change sign together. Up to 16 sites that differ, all flips are enumerated; else p is
    (b + 1) / (flips + 1), b of the random flips being as far from 0 as the data. None for a column without a value.
    """
    pages = pages_of(differences, sites)
    sums = sites.sums(np.nan_to_num(pages))
    size = np.abs(sums).sum(axis=0)
    sums[np.abs(sums) <= ROUNDING * size] = 0
    reached = np.abs(sums.sum(axis=0)) - ROUNDING * size
    exact = [int(np.count_nonzero(column)) <= _EXACT_SITES for column in sums.T]
    random = [column for column, few in enumerate(exact) if not few]
    beyond = np.zeros(len(exact), dtype=np.int64)
    for signs in _signs(len(sums) if random else 0, flips, seed):
        beyond[random] += np.count_nonzero(np.abs(signs @ sums[:, random]) >= reached[random], axis=0)

    def p_value(column: int) -> float | None:
        if np.isnan(pages[:, column]).all():
            return None
        if exact[column]:
            return _exact_p(sums[:, column], float(reached[column]))
        return (int(beyond[column]) + 1) / (flips + 1)

    return [p_value(column) for column in range(len(exact))]


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """P values adjusted for their number (Holm 1979), in the order given; None stays and counts for nothing."""
    known = sorted((p, index) for index, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, (p, index) in enumerate(known):
        largest = max(largest, min(1.0, (len(known) - rank) * p))
        adjusted[index] = largest
    return adjusted


def ranks(
    columns: int, comparisons: Sequence[Comparison], *, alpha: float = ALPHA, higher_is_better: bool = True
) -> list[int | None]:
    """The rank of each extractor: 1 and the number of those that are significantly better, by the adjusted p values.

    comparisons: of all pairs. None for an extractor that could be compared with no other one.
    """
    found = [1] * columns
    alone = [True] * columns
    for pair in comparisons:
        difference = pair.difference.value
        if difference is None or pair.adjusted is None:
            continue
        alone[pair.first] = alone[pair.second] = False
        if pair.adjusted <= alpha:
            found[pair.second if (difference > 0) == higher_is_better else pair.first] += 1
    return [None if alone[column] and columns > 1 else rank for column, rank in enumerate(found)]


def detectable_difference(error: float, sites: float, *, tests: int = 1, power: float = 0.8) -> float | None:
    """The true difference that the permutation test finds with that power at ALPHA, given the standard error.

    tests: the number of tests that are adjusted together. Holm's adjustment rejects all that Bonferroni's does, so the power
    is at least the one named. sites: the effective number of sites. The flipped sums spread by the difference itself, too:
    √(error² + difference² / sites). So few sites need a larger difference, and None is the answer where none suffices.
    """
    limit = _NORMAL.inv_cdf(1 - ALPHA / tests / 2)
    if sites <= limit**2:
        return None
    return error * (limit / math.sqrt(1 - limit**2 / sites) + _NORMAL.inv_cdf(power))


def _effective_sites(pages: Floats, sites: Sites) -> Floats:
    """The number of sites of each column, sites with more pages than others counting for less: (Σ k)² / Σ k²."""
    known = sites.sums((~np.isnan(pages)).astype(np.float64))
    with np.errstate(invalid="ignore"):
        return np.asarray(known.sum(axis=0) ** 2 / (known**2).sum(axis=0))


def _signs(sites: int, flips: int, seed: int) -> Iterator[Floats]:
    generator = np.random.Generator(np.random.PCG64([seed, 1]))
    for rows in chunks(sites, flips, _DRAWN):
        drawn = generator.integers(0, 2, size=(rows, sites), dtype=np.int8)
        first = 0
        for number in chunks(sites, rows):
            yield drawn[first : first + number].astype(np.float64) * 2 - 1
            first += number


def _exact_p(sums: Floats, reached: float) -> float:
    flipped = np.zeros(1)
    for term in sums[sums != 0]:
        flipped = np.concatenate([flipped + term, flipped - term])
    return float(np.mean(np.abs(flipped) >= reached))
