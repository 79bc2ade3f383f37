"""How sure the scores of a set of pages are: intervals, tests of paired differences, ranks, rates (docs/statistics.md).

Plain functions over arrays. Columns are extractors, rows are pages; NaN means that a page has no value. Everything random
comes from PCG64 with a seed, so that a result can be had again. Nothing here knows files, runs or names of metrics.
"""

from harness.stats.agreement import kendall_tau
from harness.stats.differences import ALPHA, Comparison, compare, detectable_difference, holm, permutation_tests, ranks
from harness.stats.intervals import Estimate, Interval, Resampled, derived, estimates, resampled_means, resampled_ratios
from harness.stats.rates import wilson, wilson_by_site
from harness.stats.sites import Sites, sites_of

__all__ = [
    "ALPHA",
    "Comparison",
    "Estimate",
    "Interval",
    "Resampled",
    "Sites",
    "compare",
    "derived",
    "detectable_difference",
    "estimates",
    "holm",
    "kendall_tau",
    "permutation_tests",
    "ranks",
    "resampled_means",
    "resampled_ratios",
    "sites_of",
    "wilson",
    "wilson_by_site",
]
