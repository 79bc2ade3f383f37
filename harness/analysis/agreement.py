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
        codes: dict[str, int] = {}
        coded = [[codes.setdefault(word, len(codes)) for word in words(outputs[name])] for name in extractors]
        for a, b in combinations(range(len(extractors)), 2):
            size = len(coded[a]) + len(coded[b])
            common = 2 * LCSseq.similarity(coded[a], coded[b]) / size if size else 1.0
            totals[a][b] += common
            totals[b][a] += common
    means = tuple(tuple(total / len(shared) for total in line) for line in totals) if shared else ()
    return Agreement(tuple(extractors), len(shared), means)
