"""How far extractors agree with each other on each page, where ports of one program count once.

Extractors fail in ways of their own: where one returns other words than the others, it is likely the one that failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.analysis.survey.returned import Floats, Groups

FEWEST_VOICES = 2
"""With fewer others on a page that are no clones of one another, nothing is said of an extractor's agreement."""
_POWER = 6  # of its own agreement by which an extractor counts: one that agrees with nobody hardly tells who fails
_ROUNDS = 4  # after which the order of extractors hardly moves


@dataclass(frozen=True)
class Consensus:
    """The agreement of extractors on pages."""

    groups: Groups
    """The extractors by their numbers, clones together."""
    weights: Floats
    """How much each group counts where its members are among the others, in 0…1."""
    agreement: Floats
    """A row for each page, a column for each extractor: the weighted mean share of words that its output has in common with
    those of the other groups, in 0…1; NaN where it has no output or too few others have one."""

    @property
    def means(self) -> Floats:
        """The mean agreement of each extractor; NaN where no page has one."""
        return mean_of(self.agreement, 0)


def consensus(shares: Floats, groups: Groups, voters: Sequence[bool]) -> Consensus:
    """The agreement of extractors.

    shares: by page, extractor and extractor, the share of words in common, in 0…1; NaN where one of them has no output.
    groups: clones. voters: whether an extractor counts as one of the others.
    """
    number = len(voters)
    own = np.zeros(number, dtype=int)
    for place, group in enumerate(groups):
        own[list(group)] = place
    columns = []
    for group in groups:
        members = [one for one in group if voters[one]]
        columns.append(mean_of(shares[:, :, members], 2) if members else np.full(shares.shape[:2], np.nan))
    by_group = np.stack(columns, axis=2)  # page, extractor, group
    by_group[:, np.arange(number), own] = np.nan  # a clone is no witness
    weights = _weights(mean_of(by_group, 0), groups, voters)
    known = ~np.isnan(by_group)
    totals = known @ weights
    with np.errstate(invalid="ignore", divide="ignore"):
        agreement = np.where(known.sum(axis=2) >= FEWEST_VOICES, np.nan_to_num(by_group) @ weights / totals, np.nan)
    return Consensus(groups, weights, agreement)


def _weights(shares: Floats, groups: Groups, voters: Sequence[bool]) -> Floats:
    """How much each group counts, by the agreement of its members with others that count much themselves.

    shares: the mean share of words that an extractor has in common with a group, NaN for its own.
    """
    known = ~np.isnan(shares)
    weights: Floats = np.asarray(np.any(known, axis=0), dtype=np.float64)
    for _ in range(_ROUNDS):
        with np.errstate(invalid="ignore", divide="ignore"):
            own = np.nan_to_num(shares) @ weights / (known @ weights)
        trust = np.power(np.nan_to_num(own), _POWER)
        weights = np.array([max((trust[one] for one in group if voters[one]), default=0.0) for group in groups])
    return weights


def mean_of(values: Floats, axis: int) -> Floats:
    """The mean of the values that there are; NaN where there are none."""
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(values, axis=axis) / known.sum(axis=axis), dtype=np.float64)
