"""How much a confidence is worth: whether it orders pages by their quality, and whether it tells their quality.

Plain functions over parallel sequences, one value for each page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

BINS = 10
"""Bins of equal width in which `calibration_error` compares confidence and quality."""


def auroc(confidences: Sequence[float], good: Sequence[bool]) -> float | None:
    """The probability that a good page has the higher confidence of a good and a bad one, ties counting half: 0…1.

    The area under the receiver operating characteristic (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747), by
    which confidences of classifiers are compared (Hendrycks and Gimpel 2017, arXiv:1610.02136). None without a page of
    either sort.
    """
    values, is_good = np.asarray(confidences, float), np.asarray(good, bool)
    above, below = values[is_good], np.sort(values[~is_good])
    if not len(above) or not len(below):
        return None
    wins = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(wins.sum()) / (2 * len(above) * len(below))


def calibration_error(confidences: Sequence[float], qualities: Sequence[float]) -> float | None:
    """The expected calibration error: over bins of confidence, the mean distance between mean confidence and mean quality,
    each bin with the weight of its pages: 0…1, None without pages.

    Naeini, Cooper and Hauskrecht 2015 (doi:10.1609/aaai.v29i1.9602), Guo et al. 2017 (arXiv:1706.04599). Their quality is
    0 or 1; a score in 0…1 takes its place here, whose mean is the accuracy of theirs.
    """
    values, scores = np.asarray(confidences, float), np.asarray(qualities, float)
    if not len(values):
        return None
    bins = np.minimum((values * BINS).astype(int), BINS - 1)
    return float(sum(abs((values - scores)[bins == k].sum()) for k in np.unique(bins)) / len(values))


def risk_coverage(confidences: Sequence[float], qualities: Sequence[float]) -> list[tuple[float, float]]:
    """The risk-coverage curve (El-Yaniv and Wiener 2010, jmlr.org/papers/v11/el-yaniv10a.html): for each confidence that
    occurs, the highest first, the share of the pages that have at least that (coverage), and 1 - their mean quality (risk).
    """
    values, scores = np.asarray(confidences, float), np.asarray(qualities, float)
    order = np.argsort(-values, kind="stable")
    risks = np.cumsum(1 - scores[order]) / np.arange(1, len(order) + 1)
    is_end = np.append(np.diff(values[order]) != 0, True)[: len(order)]
    return [((int(end) + 1) / len(order), float(risks[end])) for end in np.flatnonzero(is_end)]


def area_under_risk(curve: Sequence[tuple[float, float]]) -> float | None:
    """The area under a risk-coverage curve, low is good (AURC, Geifman, Uziel and El-Yaniv 2019, arXiv:1805.08206): the mean
    of the risks over the pages, each at the coverage at which it is first taken in. None without pages."""
    before, area = 0.0, 0.0
    for coverage, risk in curve:
        area += (coverage - before) * risk
        before = coverage
    return area if curve else None


def risk_at(curve: Sequence[tuple[float, float]], coverage: float) -> float | None:
    """The risk of the pages with the highest confidence that are at least such a share of all; None without pages."""
    return next((risk for reached, risk in curve if reached >= coverage - 1e-9), None)
