"""Which words of a page an extractor kept, missed and leaked, and where a leak came from.

How words are counted: harness.alignment.counts.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from harness.alignment.counts import WordCounter, WordCounts
from harness.alignment.gaps import HOLE, Gaps
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import Verdict
from harness.pages.words import displayed, find_words, list_numbers, visible, visible_pieces

DUPLICATED = "duplicated"
MOVED = "moved"
INVENTED = "invented"

PASSAGE = 4
"""Words in a row from which on a match is a passage and no coincidence."""
_MAX_CANDIDATES = 64  # places compared for one leaked run; only text that repeats itself endlessly has more


@dataclass(frozen=True)
class PageWords:
    """The words of a golden's page, in page order, each with the label it falls under. The tuples run parallel."""

    words: tuple[str, ...]
    """The words."""

    shown: tuple[str, ...]
    """The words with the punctuation and spaces around them; joined, they are the lines."""

    verdicts: tuple[Verdict, ...]
    """The verdict on each word."""

    kinds: tuple[str, ...]
    """The kind of text that each word stands in."""

    lines: tuple[int, ...]
    """The line of the page that each word stands in."""

    after: tuple[str, ...]
    """What stands between each `keep` word and the next one, line breaks included and all other text left out; empty for
    words that are not `keep`."""

    preformatted: tuple[bool, ...]
    """Whether the spaces around each word count."""

    cells: tuple[tuple[int, int] | None, ...]
    """The row and the cell of a table that each word stands in, by their numbers."""

    @cached_property
    def keep(self) -> tuple[int, ...]:
        """Positions of the words that must come out."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict == "keep")

    @cached_property
    def keep_or_maybe(self) -> tuple[int, ...]:
        """Positions of the words that must or may come out."""
        return tuple(i for i, verdict in enumerate(self.verdicts) if verdict != "drop")

    @cached_property
    def counter(self) -> WordCounter:
        """Counts the words of outputs of the page."""
        return WordCounter(self.words, self.verdicts)

    @cached_property
    def _codes(self) -> dict[str, int]:
        """A number for each word."""
        return {word: code for code, word in enumerate(dict.fromkeys(self.words))}

    @cached_property
    def _places(self) -> tuple[_Index, _Index]:
        """Where every word stands, and every two neighbouring words."""
        words = np.fromiter((self._codes[word] for word in self.words), np.int64, len(self.words))
        return _Index.of(words), _Index.of(words[:-1] * len(self._codes) + words[1:])

    def places_of(self, run: Sequence[str]) -> list[int]:
        """Positions at which one or two words begin, at most a few dozen of them."""
        codes = [self._codes.get(word) for word in run]
        if None in codes:
            return []
        key = functools.reduce(lambda key, code: key * len(self._codes) + (code or 0), codes, 0)
        return self._places[len(run) - 1].positions(key)


@dataclass(frozen=True)
class _Index:
    """Positions of numbers, in arrays: dictionaries of so many words take ten times the memory of the page."""

    keys: NDArray[np.int64]
    """The numbers, sorted."""

    order: NDArray[np.int64]
    """The position of each of them."""

    @staticmethod
    def of(numbers: NDArray[np.int64]) -> _Index:
        order = np.argsort(numbers, kind="stable")
        return _Index(numbers[order], order)

    def positions(self, key: int) -> list[int]:
        """The first positions of a number, in their order."""
        start, end = np.searchsorted(self.keys, [key, key + 1])
        found: list[int] = self.order[start : min(end, start + _MAX_CANDIDATES)].tolist()
        return found


@dataclass(frozen=True)
class OutputWords:
    """The words of an extractor's output. The tuples run parallel, as in PageWords."""

    words: tuple[str, ...]
    """The words."""

    shown: tuple[str, ...]
    """The words with the punctuation and spaces around them."""

    lines: tuple[int, ...]
    """The line of the output that each word stands in."""

    after: tuple[str, ...]
    """What stands between each word and the next one, line breaks included."""


@dataclass(frozen=True)
class Alignment:
    """An output laid beside its golden."""

    page: PageWords
    """The words of the page."""

    output: OutputWords
    """The words of the output."""

    matched: tuple[tuple[int, int], ...]
    """Pairs (position in the page, position in the output) of the kept words, in order."""

    optional: tuple[tuple[int, int], ...]
    """Pairs (position in the page, position in the output) of the words that `maybe` segments account for, in order."""

    leaks: dict[int, str]
    """Where each leaked word came from, by its position in the output: the kind of a `drop` segment, `duplicated` (text that
    came out more often than the page has it), `moved` (text of a `keep` or `maybe` segment that came out in another place),
    or `invented` (a word that is not on the page)."""

    @cached_property
    def free(self) -> frozenset[int]:
        """Positions in the output of words that `maybe` segments account for."""
        return frozenset(j for _, j in self.optional)

    @cached_property
    def counts(self) -> WordCounts:
        """The numbers of words."""
        return self.page.counter.counts_from(len(self.matched), len(self.optional), len(self.output.words))

    def leaks_by_kind(self) -> dict[str, int]:
        """Leaked words by where they came from, `duplicated`, `moved` and `invented` included."""
        return dict(sorted(Counter(self.leaks.values()).items()))

    def frees_by_kind(self) -> dict[str, int]:
        """Words that `maybe` segments account for, by the kind of the segment."""
        return dict(sorted(Counter(self.page.kinds[i] for i, _ in self.optional).items()))

    def misses_by_kind(self) -> dict[str, int]:
        """Missed words by the kind of the segment that they stand in."""
        kept = {page for page, _ in self.matched}
        return dict(sorted(Counter(self.page.kinds[i] for i in self.page.keep if i not in kept).items()))


def page_words(golden: Golden) -> PageWords:
    """The words of a golden's page with their labels; a word that spans segments falls under the first of them."""
    rows: list[tuple[str, str, Verdict, str, int, bool, tuple[int, int] | None]] = []
    gaps = Gaps()
    known: dict[str, str] = {}
    for segments in golden.lines():
        pieces = visible_pieces([segment.text for segment in segments])
        joined = "".join(pieces)
        found = find_words(joined)
        ends, total = [], 0
        kept_spans = []
        for piece in pieces:
            total += len(piece)
            ends.append(total)
        owner = 0
        for (word, start, end), shown in zip(found, displayed(joined, found)):
            while start >= ends[owner]:
                owner += 1
            word = known.setdefault(word, word)  # one string for all places of a word: pages stay in memory by the hundred
            segment = segments[owner]
            if segment.verdict == "keep":
                kept_spans.append((start, end))
            shown = word if shown == word else shown
            rows.append((word, shown, segment.verdict, segment.kind, segments[0].line, segment.preformatted, segment.cell))
        if any(segment.verdict == "keep" for segment in segments):
            only_kept = (p if s.verdict == "keep" else HOLE * len(p) for p, s in zip(pieces, segments))
            gaps.line("".join(only_kept), kept_spans, segments[0].line)
    if not rows:
        return PageWords((), (), (), (), (), (), (), ())
    words, shown_words, verdicts, kinds, lines, preformatted, cells = zip(*rows)
    following = iter(gaps.after)
    after = tuple(known.setdefault(gap, gap) for gap in (next(following) if v == "keep" else "" for v in verdicts))
    return PageWords(words, shown_words, verdicts, kinds, lines, after, preformatted, cells)


def output_words(page: PageWords, output: str) -> OutputWords:
    """The words of an output of a page, line by line.

    The number of a list item is no word: a browser writes it, and markup says it without one. A number that the text of
    the page has before the same word, with a full stop or parenthesis, is one.
    """
    rows: list[tuple[str, str, int]] = []
    gaps = Gaps()
    numbers: list[int] = []
    for number, line in enumerate(visible(output).splitlines()):
        found = find_words(line)
        numbers += range(len(rows), len(rows) + len(list_numbers(line)))
        gaps.line(line, [(word.start, word.end) for word in found], number)
        rows += [(word.text, shown, number) for word, shown in zip(found, displayed(line, found))]
    after = gaps.after
    pairs = ((i, (rows[i][0], rows[i + 1][0])) for i in numbers if i + 1 < len(rows))
    left_out = {i for i, pair in pairs if not any(list_numbers(page.shown[place]) for place in page.places_of(pair))}
    if left_out:
        for i in sorted(left_out - {0}, reverse=True):
            after[i - 1] += after[i].lstrip(".)")
        rows = [row for i, row in enumerate(rows) if i not in left_out]
        after = [gap for i, gap in enumerate(after) if i not in left_out]
    if not rows:
        return OutputWords((), (), (), ())
    words, shown_words, lines = zip(*rows)
    return OutputWords(words, shown_words, lines, tuple(after))


def align(page: PageWords, output: str) -> Alignment:
    """Lay an output beside the words of its golden's page."""
    out = output_words(page, output)
    joint = page.counter.pairs(out.words)
    matched = [(i, j) for i, j in joint if page.verdicts[i] == "keep"]
    optional = [(i, j) for i, j in joint if page.verdicts[i] == "maybe"]
    leaked = sorted(set(range(len(out.words))) - {j for _, j in joint})
    seen = [i for i, _ in joint]
    origins = dict(_origins(page, out.words, leaked, seen))
    return Alignment(page, out, tuple(matched), tuple(optional), origins)


def _origins(
    page: PageWords, output: Sequence[str], leaked: Sequence[int], matched_on_page: Iterable[int]
) -> Iterator[tuple[int, str]]:
    """Where each leaked word came from: the runs of the output that stand on the page decide.

    From left to right, the run that begins at a leaked word is looked up on the page. The place that explains most
    leaked words wins, then text that has not come out yet, then text of a `drop` segment. Less than a passage is rather
    put down to a `drop` segment, since single words stand everywhere.
    """
    used = set(matched_on_page)
    for stretch in _stretches(leaked):
        is_leaked = set(stretch)
        end = stretch[0]
        for j in stretch:
            if j < end:
                continue
            candidates = page.places_of(output[j : j + 2]) if j < stretch[-1] else []
            candidates = candidates or page.places_of(output[j : j + 1])
            if not candidates:
                yield j, INVENTED
                continue
            lengths = {i: _common_prefix(page.words, i, output, j, stretch[-1] + 1) for i in candidates}
            best = max(
                candidates,
                key=lambda i: (
                    lengths[i],
                    lengths[i] >= PASSAGE and i not in used,
                    page.verdicts[i] == "drop",
                    i not in used,
                    -i,
                ),
            )
            end = j + lengths[best]
            for i, position in zip(range(best, best + lengths[best]), range(j, end)):
                copy = i in used and (lengths[best] >= PASSAGE or page.verdicts[i] != "drop")
                if position in is_leaked:
                    yield position, DUPLICATED if copy else page.kinds[i] if page.verdicts[i] == "drop" else MOVED
                used.add(i)


def _stretches(leaked: Sequence[int]) -> Iterator[list[int]]:
    """Leaked positions, parted where several words in a row were matched.

    A longest common subsequence matches single words across a leaked passage; these do not part it.
    """
    stretch: list[int] = []
    for j in leaked:
        if stretch and j - stretch[-1] > PASSAGE:
            yield stretch
            stretch = []
        stretch.append(j)
    if stretch:
        yield stretch


def _common_prefix(page: Sequence[str], i: int, output: Sequence[str], j: int, end: int) -> int:
    start = j
    while i < len(page) and j < end and page[i] == output[j]:
        i, j = i + 1, j + 1
    return j - start
