"""Word sequences that come out for several pages of one site: boilerplate that leaked, which takes no labels to see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

RUN = 6
"""Words of a sequence."""
PAGES = 3
"""Pages of one site that must have a sequence, copies of one another counted once."""

Words = tuple[str, ...]


@dataclass(frozen=True)
class Repeats:
    """What one extractor returned more than once for the pages of a site."""

    copies: int
    """Pages for which it returned the same words as for an earlier one."""
    pages: int
    """Pages with words of their own, if there are enough of them to compare; else 0."""
    words: int
    """Words that it returned for these pages."""
    repeated: int
    """Those in sequences that repeat."""
    passages: Counter[Words]
    """Passages of such sequences, each with the number of pages that it is on."""


def repeats(outputs: Sequence[Words]) -> Repeats:
    """What repeats in an extractor's outputs for the pages of one site."""
    returned = [output for output in outputs if output]
    distinct = list(dict.fromkeys(returned))
    copies = len(returned) - len(distinct)
    if len(distinct) < PAGES:
        return Repeats(copies, 0, 0, 0, Counter())
    seen = Counter(run for output in distinct for run in set(_runs(output)))
    passages: Counter[Words] = Counter()
    repeated = 0
    for output in distinct:
        places = {start + k for start, run in enumerate(_runs(output)) if seen[run] >= PAGES for k in range(RUN)}
        repeated += len(places)
        passages.update(set(_passages(output, sorted(places))))
    return Repeats(copies, len(distinct), sum(map(len, distinct)), repeated, passages)


def _runs(output: Words) -> list[Words]:
    return [output[start : start + RUN] for start in range(len(output) - RUN + 1)]


def _passages(output: Words, places: Sequence[int]) -> list[Words]:
    """The words at places that follow each other."""
    found: list[list[str]] = []
    for index, place in enumerate(places):
        if index == 0 or places[index - 1] != place - 1:
            found.append([])
        found[-1].append(output[place])
    return [tuple(passage) for passage in found]
