"""How many words of a page came out, and precision, recall and F of them.

Let K be the words of the golden's `keep` segments, KM those of its `keep` and `maybe` segments, in page order, and O the
words of the output. Of all common subsequences of KM and O take those with most words of K, and of these one with most
other words. Then

    kept   = its words of K         as many as in a longest common subsequence of K and O
    free   = its other words        words of `maybe` segments: neither rewarded nor punished
    missed = |K| - kept
    leaked = |O| - kept - free      words of the output that neither `keep` nor `maybe` accounts for

Text that came out in another order than on the page counts as missed and leaked; a second copy of a text as leaked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.alignment.lcs import preferring_common_subsequence, preferring_lengths
from harness.goldens.vocabulary import Verdict


@dataclass(frozen=True)
class WordCounts:
    """Numbers of words of a page and of an output of it."""

    kept: int
    """Words of the main content that came out."""

    missed: int
    """Words of the main content that did not come out."""

    leaked: int
    """Words of the output that should not have come out."""

    free: int
    """Words of the output that `maybe` segments account for."""

    @property
    def precision(self) -> float:
        """The share of the output's words that belong to the main content, without the free ones: 0…1."""
        return precision(self.kept, self.leaked, self.missed)

    @property
    def recall(self) -> float:
        """The share of the main content's words that came out: 0…1."""
        return recall(self.kept, self.missed)

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall: 0…1."""
        return f_score(self.precision, self.recall)


def precision(kept: int, leaked: int, missed: int) -> float:
    """kept / (kept + leaked); of an empty output 1 if there was nothing to keep, else 0."""
    if kept + leaked == 0:
        return 1.0 if missed == 0 else 0.0
    return kept / (kept + leaked)


def recall(kept: int, missed: int) -> float:
    """kept / (kept + missed); 1 if there was nothing to keep."""
    return kept / (kept + missed) if kept + missed else 1.0


def f_score(p: float, r: float) -> float:
    """Harmonic mean of precision and recall; 0 if both are 0."""
    return 2 * p * r / (p + r) if p + r else 0.0


class WordCounter:
    """Lays outputs beside the words of one page."""

    def __init__(self, words: Sequence[str], verdicts: Sequence[Verdict]) -> None:
        """words: all words of the page, in order; verdicts: the verdict on each of them."""
        self._places = [i for i, verdict in enumerate(verdicts) if verdict != "drop"]
        self._is_keep = [verdicts[i] == "keep" for i in self._places]
        self._codes: dict[str, int] = {}
        self._coded = [self._codes.setdefault(words[i], len(self._codes)) for i in self._places]

    def pairs(self, output: Sequence[str]) -> list[tuple[int, int]]:
        """Pairs (position in the page, position in the output) of the kept and the free words, both rising."""
        pairs = preferring_common_subsequence(self._coded, self._is_keep, self._code(output))
        return [(self._places[i], j) for i, j in pairs]

    def count(self, output: Sequence[str]) -> WordCounts:
        """The counts of the words of an output: those of `pairs`, without the time that it takes to find them."""
        kept, free = preferring_lengths(self._coded, self._is_keep, self._code(output))
        return self.counts_from(kept, free, len(output))

    def counts_from(self, kept: int, free: int, output_length: int) -> WordCounts:
        """The counts of an output of so many words, of which so many are kept and free."""
        return WordCounts(kept, sum(self._is_keep) - kept, output_length - kept - free, free)

    def _code(self, output: Sequence[str]) -> list[int]:
        """The words as numbers, -1 for those that the page cannot account for."""
        return [self._codes.get(word, -1) for word in output]
