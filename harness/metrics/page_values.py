"""Values of pages whose mean is a metric over all of them, so that the same statistics serve every metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from harness.metrics.base import Metric, Scored
from harness.stats import Estimate, estimates, resampled_means
from harness.stats.sites import Floats, Sites

ScoredPages = Sequence[Scored | None]
"""What is known of each page, in the order of the pages' sites; None where a page was not measured."""


def page_values(metric: Metric, columns: Sequence[ScoredPages], sites: Sites) -> Floats:
    """The values, a row for each page and a column for each of `columns`; NaN where there is none.

    Of a metric that is a mean they are the pages' own. Of any other one they are jackknife pseudo-values of sites (Tukey
    1958), on the first page of each: with n sites, metric + (n - 1) · (mean of the metric without each site - metric without
    this site). Their mean is the metric over all pages, and to the metric's uncertainty a site contributes as its value
    differs from that mean. A column has none if the metric is not defined without one of the sites.
    """
    found = np.full((len(sites.of_page), len(columns)), np.nan)
    for number, column in enumerate(columns):
        if metric.over is None:
            own = (np.nan if page is None else page.scores.get(metric.name) for page in column)
            found[:, number] = [np.nan if value is None else value for value in own]
        else:
            for page, value in _pseudo_values(metric, column, sites).items():
                found[page, number] = value
    return found


def estimates_of(metric: Metric, columns: Sequence[ScoredPages], sites: Sites) -> list[Estimate]:
    """The metric over the pages of each column, by its own rule, with interval and standard error by site."""
    found = estimates(resampled_means(page_values(metric, columns, sites), sites))
    if metric.over is None:
        return found
    values = [metric.over_pages([page for page in column if page is not None]) for column in columns]
    return [with_value(estimate, value) for estimate, value in zip(found, values)]


def with_value(estimate: Estimate, value: float | None) -> Estimate:
    """An estimate from page values with the metric's own value over these pages, which rounding may have moved."""
    if value is not None and estimate.value is None:
        return replace(estimate, value=value, reason="not defined without some of the sites")
    return replace(estimate, value=value)


def _pseudo_values(metric: Metric, column: ScoredPages, sites: Sites) -> dict[int, float]:
    """The pseudo-value of each site, by the number of its first page."""
    by_site: dict[int, list[int]] = {}
    for number, (page, site) in enumerate(zip(column, sites.of_page.tolist())):
        if page is not None:
            by_site.setdefault(site, []).append(number)
    scored = [(page, site) for page, site in zip(column, sites.of_page.tolist()) if page is not None]
    whole = metric.over_pages([page for page, _ in scored])
    if whole is None:
        return {}
    if len(by_site) == 1:
        return {pages[0]: whole for pages in by_site.values()}
    without = []
    for left_out in by_site:
        value = metric.over_pages([page for page, site in scored if site != left_out])
        if value is None:
            return {}
        without.append(value)
    mean, weight = sum(without) / len(without), len(without) - 1
    return {pages[0]: whole + weight * (mean - value) for pages, value in zip(by_site.values(), without)}
