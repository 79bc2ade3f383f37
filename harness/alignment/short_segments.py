"""Segments of a page that are too short to be told from a coincidence by their words alone, and where an output has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

import numpy as np
from numpy.typing import NDArray

from harness.alignment.common_runs import Ints, stretches

_MAX_FOUND = 300_000  # places in an output; only one that never ends has more
_MAX_PLACES = 16  # equal segments of each verdict that a place in an output is compared with
_MAX_ROWS = 200_000  # of all places together; beyond, each is compared with fewer segments, but with one of each verdict
_NUMBER, _RANK, _OFFSET, _PLACE, _LENGTH, _SIZE, _OPTIONAL = range(7)  # rows of a table with a column for each piece

SegmentStarts = Sequence[tuple[int, int]]  # (where a segment begins in an output, its number)
SegmentPlaces = tuple[Ints, Ints, Ints, Ints]
"""For each place of segments that were found: position on the page, position in the output, words in a row, words of the
segment."""


class ShortSegments:
    """Short segments, by their words. Equal ones have one number."""

    def __init__(
        self,
        words: Ints,
        verdicts: Ints,
        optional: NDArray[np.bool_],
        starts: Ints,
        lengths: Ints,
        parted: Sequence[Sequence[int]],
    ) -> None:
        """words, verdicts: those of all words of a page, as numbers from 0. starts, lengths: where segments begin, and their
        words. parted: the positions of each segment that has gaps. optional: which segments may stand anywhere in an output
        (see `inside`), those with gaps last."""
        items: list[int] = words.tolist()
        self._numbers: dict[tuple[int, ...], int] = {}
        known = self._numbers
        whole = (tuple(items[start:end]) for start, end in zip(starts.tolist(), (starts + lengths).tolist()))
        texts = chain(whole, (tuple(items[i] for i in segment) for segment in parted))
        numbers = np.array([known.setdefault(text, len(known)) for text in texts], np.int64)
        heads = np.append(starts, np.array([segment[0] for segment in parted], np.int64))
        ranks = _ranks(numbers * (int(verdicts.max(initial=0)) + 1) + verdicts[heads])
        pieces = [(len(starts) + k, *piece, len(segment)) for k, segment in enumerate(parted) for piece in _pieces(segment)]
        rows = np.array([np.arange(len(starts)), np.zeros_like(starts), starts, lengths, lengths])
        owner, *rest = np.concatenate([rows, np.array(pieces, np.int64).reshape(-1, 5).T], axis=1)
        table = np.array([numbers[owner], ranks[owner], *rest, optional[owner]])
        table = table[:, table[_RANK] < _MAX_PLACES]
        self._rows = table[:, np.lexsort(table[[_PLACE, _RANK, _NUMBER]])]
        self._optional_rows = self._rows[:, self._rows[_OPTIONAL] == 1]
        self._sizes: dict[int, list[int]] = {}
        for text in sorted(known, key=len, reverse=True):
            sizes = self._sizes.setdefault(text[0], [])
            if len(text) not in sizes:
                sizes.append(len(text))
        self._is_head = np.zeros(int(words.max(initial=-1)) + 2, bool)  # the last one: of no word of the page
        self._is_head[list(self._sizes)] = True
        self._of_word = np.full(len(self._is_head), -1, np.int64)  # the number of the segment that is just this word
        for text, number in known.items():
            if len(text) == 1:
                self._of_word[text[0]] = number
        self._is_only_word = np.zeros(len(self._is_head), bool)  # words that begin no longer segment
        self._is_only_word[[word for word, sizes in self._sizes.items() if sizes == [1]]] = True
        self._optional = set(numbers[optional].tolist())
        pairs = {text[:2] for text, number in known.items() if len(text) > 1 and number in self._optional}
        self._pairs = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        self._begins_pair = np.zeros(len(self._is_head), bool)
        self._begins_pair[self._pairs[:, 0]] = True

    def filling(self, output: Ints, starts: Ints, ends: Ints) -> SegmentPlaces:
        """Segments that fill stretches of an output, one after the other; of several that begin alike, the longest.

        output: words as the page numbers them, -1 for those that it does not have.
        """
        chosen = self._is_head[output[starts]]
        starts, ends = starts[chosen], ends[chosen]
        is_words = ends == starts + 1
        only_words = np.concatenate([[0], np.cumsum(self._is_only_word[output])])
        is_words |= only_words[ends] - only_words[starts] == ends - starts
        words = stretches(starts[is_words], (ends - starts)[is_words])
        words = words[self._of_word[output[words]] >= 0]
        items: list[int] = [] if is_words.all() else output.tolist()
        longer = zip(starts[~is_words].tolist(), ends[~is_words].tolist())
        found = [found for start, end in longer for found in self._parts(items, start, end)]
        places, numbers = _columns(found)
        return self._places(
            np.concatenate([words, places]), np.concatenate([self._of_word[output[words]], numbers]), self._rows
        )

    def _parts(self, words: Sequence[int], start: int, end: int) -> SegmentStarts:
        found: list[tuple[int, int]] = []
        while start < end:
            for size in self._sizes.get(words[start], ()):
                number = self._numbers.get(tuple(words[start : start + size]))
                if number is not None and start + size <= end:
                    break
            else:
                return ()
            found.append((start, number))
            start += size
        return found

    def inside(self, output: Ints) -> SegmentPlaces:
        """Optional segments of two and more words wherever an output has them. output: as in `filling`."""
        width = len(self._is_head)
        starts = np.flatnonzero(self._begins_pair[output[:-1]])
        pairs = np.isin(output[starts] * width + output[starts + 1], self._pairs[:, 0] * width + self._pairs[:, 1])
        starts = starts[pairs]
        words = output.tolist()
        found = [
            (start, number)
            for start in starts.tolist()
            for size in self._sizes.get(words[start], ())
            if 1 < size <= len(words) - start
            and (number := self._numbers.get(tuple(words[start : start + size]), -1)) in self._optional
        ]
        return self._places(*_columns(found), self._optional_rows)

    def _places(self, starts: Ints, numbers: Ints, rows: Ints) -> SegmentPlaces:
        """The places of segments, by where each begins in the output and its number."""
        starts, numbers = starts[:_MAX_FOUND], numbers[:_MAX_FOUND]
        most = _MAX_ROWS // max(1, len(starts))
        if most < _MAX_PLACES:
            rows = rows[:, rows[_RANK] < max(1, most)]
        first = np.searchsorted(rows[_NUMBER], numbers)
        counts = np.searchsorted(rows[_NUMBER], numbers, "right") - first
        chosen = stretches(first, counts)
        begins = np.repeat(starts, counts) + rows[_OFFSET, chosen]
        return rows[_PLACE, chosen], begins, rows[_LENGTH, chosen], rows[_SIZE, chosen]


def _columns(found: SegmentStarts) -> tuple[Ints, Ints]:
    starts, numbers = np.fromiter(chain.from_iterable(found), np.int64, 2 * len(found)).reshape(-1, 2).T
    return starts, numbers


def _ranks(keys: Ints) -> Ints:
    """How many equal ones stand before each."""
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    ranks = np.empty_like(keys)
    ranks[order] = np.arange(len(keys)) - np.searchsorted(in_order, in_order)
    return ranks


def _pieces(positions: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Where positions follow each other without a gap: (how many stand before, the first, how many there are)."""
    for _, group in groupby(enumerate(positions), key=lambda item: item[1] - item[0]):
        (offset, place), *rest = group
        yield offset, place, 1 + len(rest)
