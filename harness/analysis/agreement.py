"""How much extractors agree with each other: a measure for pages without a golden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import LCSseq

from harness.pages.words import words
from harness.runs.record import Record


@dataclass(frozen=True)
class Agreement:
    """Mean over the pages of the share of words that two extractors have in common, in 0…1.

    The share is 2 * common / (words of one + words of the other), common being the length of a longest common
    subsequence; 1 if both are empty. A failure counts as an empty output.
    """

    extractors: tuple[str, ...]
    """Their names, in the order of the rows and columns of the shares."""
    pages: int
    """Pages that all of them were given."""
    matrix: tuple[tuple[float, ...], ...]
    """The shares, with a row for each extractor."""


def agreement(records: Sequence[Record]) -> Agreement:
    """The agreement of all extractors on the pages that all of them were given; of repeats the first counts."""
    pages: dict[str, dict[str, str]] = {}
    for record in records:
        if record.repeat == 0:
            pages.setdefault(record.golden, {})[record.extractor] = record.text
    extractors = sorted({record.extractor for record in records})
    shared = [outputs for outputs in pages.values() if len(outputs) == len(extractors)]
    totals = [[float(len(shared)) if a == b else 0.0 for b in extractors] for a in extractors]
    for outputs in shared:
        for (a, b), common in shares_in_common([words(outputs[name]) for name in extractors]).items():
            totals[a][b] += common
            totals[b][a] += common
    means = tuple(tuple(total / len(shared) for total in line) for line in totals) if shared else ()
    return Agreement(tuple(extractors), len(shared), means)


def shares_in_common(outputs: Sequence[Sequence[str]]) -> dict[tuple[int, int], float]:
    """The share of words that each two outputs of a page have in common, in 0…1. outputs: the words of each.

    A pair is two places in `outputs`, the smaller one first.
    """
    codes: dict[str, int] = {}
    coded = [[codes.setdefault(word, len(codes)) for word in output] for output in outputs]
    return {(a, b): _share(coded[a], coded[b]) for a, b in combinations(range(len(coded)), 2)}


def _share(one: Sequence[int], other: Sequence[int]) -> float:
    size = len(one) + len(other)
    return 2 * LCSseq.similarity(one, other) / size if size else 1.0
