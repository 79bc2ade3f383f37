"""Which words of a page an extractor kept, missed and leaked, and where a leak came from.

1. A passage is text that the output shares with the page and that cannot be there by chance (harness.alignment.passages).
   Where a longer passage of `drop` or `maybe` text explains the same words of the output better, a `keep` passage is
   struck.
2. Kept are the most `keep` words that the remaining passages give in page order, and between them the words of a gap
   whose two sides agree by half (in F), else those within three words of a kept one (harness.alignment.kept).
3. Of the other words of the output those in an optional passage are free, wherever they stand and however often; all
   others are leaked (harness.alignment.origins).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from harness.alignment.common_runs import Ints
from harness.alignment.counts import WordCounts
from harness.alignment.kept import is_chance, kept_pairs, main_content_itself
from harness.alignment.notations import with_chosen_notations
from harness.alignment.origins import free_pairs, leak_origins
from harness.alignment.passages import KEEP, Bools, OutputText, passages_of
from harness.alignment.words import OutputWords, PageWords, output_words

Places = tuple[Ints, Ints]
"""Positions of words: on the page, and of the same words in the output."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """An output laid beside its golden."""

    page: PageWords
    """The words of the page."""

    output: OutputWords
    """The words of the output."""

    codes: Ints
    """The words of the output as the page numbers them (PageText.codes), -1 for those that it does not have."""

    kept: Places
    """Where the kept words stand, in order."""

    freed: Places
    """Where the free words stand, in the order of the output; a word of the page may stand there several times."""

    leaks: dict[int, str]
    """Where each leaked word came from, by its position in the output: the kind of a `drop` segment, `duplicated` (a passage
    that came out more often than the page has it), `moved` (a passage of `keep` text that came out in another place), or
    `invented` (a word in no passage of the page)."""

    @cached_property
    def matched(self) -> tuple[tuple[int, int], ...]:
        """`kept` as pairs (position in the page, position in the output)."""
        return _pairs(self.kept)

    @cached_property
    def optional(self) -> tuple[tuple[int, int], ...]:
        """`freed` as pairs (position in the page, position in the output)."""
        return _pairs(self.freed)

    @cached_property
    def free(self) -> frozenset[int]:
        """Positions in the output of the words that lie in an optional passage."""
        return frozenset(self.freed[1].tolist())

    @cached_property
    def is_free(self) -> Bools:
        """Which words of the output lie in an optional passage."""
        is_free = np.zeros(len(self.codes), bool)
        is_free[self.freed[1]] = True
        return is_free

    @property
    def missed(self) -> Ints:
        """Positions in the page of the missed words."""
        is_missed = self.page.text.verdicts == KEEP
        is_missed[self.kept[0]] = False
        return np.flatnonzero(is_missed)

    @cached_property
    def counts(self) -> WordCounts:
        """The numbers of words."""
        kept, free = len(self.kept[0]), len(self.freed[0])
        return WordCounts(kept, len(self.page.text.keep) - kept, len(self.codes) - kept - free, free)

    def leaks_by_kind(self) -> dict[str, int]:
        """Leaked words by where they came from, `duplicated`, `moved` and `invented` included."""
        return dict(sorted(Counter(self.leaks.values()).items()))

    def frees_by_kind(self) -> dict[str, int]:
        """Words of `maybe` segments that came out, once or more often, by the kind of the segment."""
        return self._by_kind(np.unique(self.freed[0]))

    def misses_by_kind(self) -> dict[str, int]:
        """Missed words by the kind of the segment that they stand in."""
        return self._by_kind(self.missed)

    def _by_kind(self, places: Ints) -> dict[str, int]:
        """Words of the page by the kind of the segment that they stand in."""
        segments = np.bincount(self.page.owners[places])
        found: Counter[str] = Counter()
        for segment in np.flatnonzero(segments).tolist():
            found[self.page.segments.kinds[segment]] += int(segments[segment])
        return dict(sorted(found.items()))


def align(page: PageWords, output: str) -> Alignment:
    """Compare an output with the words of its golden's page."""
    page = with_chosen_notations(page, output, _kept)
    return _aligned(page, output)


def _kept(page: PageWords, output: str) -> list[int]:
    kept: list[int] = _aligned(page, output).kept[0].tolist()
    return kept


def _aligned(page: PageWords, output: str) -> Alignment:
    out = output_words(page, output)
    output_text = OutputText(page.text, out.words, out.lines)
    places = main_content_itself(page.text, output_text)
    if places is not None:
        is_keep = page.text.verdicts[places] == KEEP
        kept, freed = ((places[chosen], np.flatnonzero(chosen)) for chosen in (is_keep, ~is_keep))
        return Alignment(page, out, output_text.words, kept, freed, {})
    return _by_passages(page, out, output_text)


def _by_passages(page: PageWords, out: OutputWords, output: OutputText) -> Alignment:
    passages = passages_of(page.text, output)
    ranks, places = kept_pairs(page.text, output, passages)
    explained = np.zeros(len(output), bool)
    explained[places] = True
    free = free_pairs(page.text, output, passages, explained)
    if is_chance(page.text, ranks, places, int(np.count_nonzero(free < 0))):
        ranks, places = ranks[:0], places[:0]
        explained[:] = False
        free = free_pairs(page.text, output, passages, explained)
    kept = page.text.keep[ranks]
    used = np.zeros(len(page.words), bool)
    used[kept] = True
    is_free = free >= 0
    leaks = leak_origins(page.text, page.origins, output, passages, explained | is_free, used)
    return Alignment(page, out, output.words, (kept, places), (free[is_free], np.flatnonzero(is_free)), leaks)


def _pairs(places: Places) -> tuple[tuple[int, int], ...]:
    page, output = places
    return tuple(zip(page.tolist(), output.tolist()))
