"""What extractors bring beside one another: counted by the runs of three words that come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from harness.analysis.survey.consensus import FEWEST_VOICES, Consensus
from harness.analysis.survey.returned import Flags, Floats, Groups, Returned, as_table

LARGEST = 3
"""Extractors of a set, at most."""
_CANDIDATES = 10  # extractors of which sets are formed: those that agree best with the others


@dataclass(frozen=True)
class Combined:
    """Some extractors, or one, taken together."""

    extractors: tuple[str, ...]
    """Their names."""
    oracle: float | None
    """The mean agreement of the one that agrees best with the others, chosen page by page, in 0…1; None where no page has
    one."""
    covered: float | None
    """Of the runs that two independent extractors or more returned, the share that these returned together, in 0…1."""
    unconfirmed: float | None
    """Of the runs that these returned together, the share that only one independent extractor returned, in 0…1."""


def complement(names: Sequence[str], found: Consensus, returned: Returned, members: Sequence[int]) -> tuple[Combined, ...]:
    """What one, two and three extractors bring, the best oracles first. members: those that compete; of clones, the one that
    agrees best with the others stands for all. Nothing if too few compete to confirm each other."""
    if len(_competing(found.groups, members)) <= FEWEST_VOICES:
        return ()
    means = np.nan_to_num(found.means, nan=-1.0)
    leaders = [max(group, key=lambda one: (means[one], -one)) for group in _competing(found.groups, members)]
    best = sorted(leaders, key=lambda one: (-means[one], one))[:_CANDIDATES]
    table, numbers = as_table(returned, len(names))
    confirmed = _voices(table, found.groups, members) >= 2
    total = numbers[confirmed].sum()
    sets = []
    for chosen in (list(chosen) for size in range(1, LARGEST + 1) for chosen in combinations(best, size)):
        has = table[:, chosen].any(axis=1)
        own = numbers[has].sum()
        covered = float(numbers[has & confirmed].sum() / total) if total else None
        unconfirmed = float(numbers[has & ~confirmed].sum() / own) if own else None
        sets.append(Combined(tuple(names[one] for one in chosen), _oracle(found.agreement[:, chosen]), covered, unconfirmed))
    return tuple(sorted(sets, key=lambda one: (len(one.extractors), -(one.oracle or 0.0), one.extractors)))


def own_shares(found: Consensus, returned: Returned, members: Sequence[int]) -> list[float | None]:
    """For each extractor, the share of its runs that none but its clones returned, in 0…1; None if it returned none."""
    table, numbers = as_table(returned, len(found.means))
    shares: list[float | None] = []
    for one in range(len(found.means)):
        others = [other for other in members if not any({one, other} <= {*group} for group in found.groups)]
        has = table[:, one]
        own = numbers[has].sum()
        shares.append(float(numbers[has & ~table[:, others].any(axis=1)].sum() / own) if own else None)
    return shares


def _competing(groups: Groups, members: Sequence[int]) -> list[list[int]]:
    kept = ([one for one in group if one in members] for group in groups)
    return [group for group in kept if group]


def _voices(table: Flags, groups: Groups, members: Sequence[int]) -> Floats:
    """How many independent extractors returned each row."""
    return np.asarray(np.sum([table[:, group].any(axis=1) for group in _competing(groups, members)], axis=0))


def _oracle(agreement: Floats) -> float | None:
    known = agreement[~np.isnan(agreement).all(axis=1)]
    return float(np.nanmax(known, axis=1).mean()) if len(known) else None
