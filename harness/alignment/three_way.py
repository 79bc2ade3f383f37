"""Which words of a page two outputs kept, missed and leaked, as one text in the order of the page."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

import numpy as np

from harness.alignment.align import Alignment
from harness.alignment.chain import chain
from harness.alignment.common_runs import runs_of_pairs
from harness.alignment.diff import displayed_word
from harness.alignment.lcs import longest_common_subsequence
from harness.alignment.passages import PASSAGE
from harness.alignment.words import PageWords

PieceStatus = Literal["kept", "missed", "leaked", "free"]
Who = Literal["", "A", "B", "AB"]


@dataclass(frozen=True)
class Piece:
    """A word with the punctuation around it, and a line break where a line ended."""

    status: PieceStatus
    """What became of the word."""
    who: Who
    """Which of the two missed or returned it; empty for a word that both kept."""
    kind: str
    """Where a leak came from, else empty."""
    text: str
    """The word as it is shown."""
    certain: bool = True
    """Whether `who` holds for the word itself; else only for its passage, as one of the two has the word there by chance."""


@dataclass(frozen=True)
class _Extra:
    """A word of an output that stands in a leak, or in optional text in another place than on the page."""

    word: str
    text: str
    """The word as it is shown."""
    status: PieceStatus
    """`leaked` or `free`."""
    kind: str
    """Where the leak came from."""
    low: int
    """The position on the page that it stands behind."""
    high: int
    """The position on the page that it stands before."""
    certain: bool
    """Whether the word itself leaked; else it matched by chance."""


@dataclass(frozen=True)
class _Reading:
    """An alignment as a reader takes it: single words that match by chance between unlike passages count as differences."""

    came: frozenset[int]
    """Positions of the page's words that came out."""
    by_chance: frozenset[int]
    """Positions of words that came out in the middle of a missed passage."""
    extras: tuple[_Extra, ...]
    """The words that leaked, in order."""


def three_way(page: PageWords, a: Alignment, b: Alignment) -> Iterator[Piece]:
    """The words of the main content and all words that came out, in the order of the page.

    A leak stands where the page goes on after it, and once if both have it there. `a` and `b` are laid beside `page`.
    """
    first, second = _reading(page, a), _reading(page, b)
    shown = [i for i in page.keep_or_maybe if page.verdicts[i] == "keep" or i in first.came or i in second.came]
    extras = _merged(first, second)
    place = 0
    for i, following in zip(shown, [*shown[1:], None]):
        while place < len(extras) and extras[place][0] <= i:
            yield extras[place][1]
            place += 1
        yield _page_piece(page, i, following, first, second)
    yield from (piece for _, piece in extras[place:])


def _page_piece(page: PageWords, i: int, following: int | None, a: _Reading, b: _Reading) -> Piece:
    text = displayed_word(page, i, following)
    if page.verdicts[i] == "maybe":
        return Piece("free", _who(i in a.came, i in b.came), "", text)
    lacking = _who(i not in a.came, i not in b.came)
    return Piece("missed" if lacking else "kept", lacking, "", text, i not in a.by_chance and i not in b.by_chance)


def _who(a: bool, b: bool) -> Who:
    return "AB" if a and b else "A" if a else "B" if b else ""


def _reading(page: PageWords, laid: Alignment) -> _Reading:
    """What came out and what leaked, short matches between a missed and a leaked passage being part of both."""
    ends = (-1, -1), (len(page.words), len(laid.output.words))
    anchors: list[tuple[int, int]] = []
    short: list[tuple[int, int]] = []  # pairs of short runs since the last anchor
    by_chance: list[int] = []
    for run in [*_runs(page, laid), [ends[1]]]:
        ends_here = run[0] == ends[1]
        if len(run) < PASSAGE and not ends_here and not _is_whole_end(page, laid, run):
            short += run
            continue
        before = anchors[-1] if anchors else ends[0]
        if _tangled(page, before, run[0], short):
            by_chance += [i for i, _ in short]
        else:
            anchors += short
        short = []
        if not ends_here:
            anchors += run
    extras = [extra for before, after in pairwise([ends[0], *anchors, ends[1]]) for extra in _extras(laid, before, after)]
    return _Reading(frozenset(i for i, _ in anchors), frozenset(by_chance), tuple(extras))


def _runs(page: PageWords, laid: Alignment) -> list[list[tuple[int, int]]]:
    """Pairs in a row between which nothing was missed and nothing leaked."""
    runs: list[list[tuple[int, int]]] = []
    for i, j in _in_page_order(laid):
        if runs and j == runs[-1][-1][1] + 1 and not _keep_between(page, runs[-1][-1][0], i):
            runs[-1].append((i, j))
        else:
            runs.append([(i, j)])
    return runs


def _in_page_order(laid: Alignment) -> list[tuple[int, int]]:
    """The kept pairs and those optional ones that stand where the page has them, both rising."""
    pairs: list[tuple[int, int]] = []
    optional = iter([*laid.optional, (-1, len(laid.output.words))])
    pair = next(optional)
    for i, j in [*laid.matched, (len(laid.page.words), len(laid.output.words))]:
        gap = []
        while pair[1] < j:
            if (pairs[-1][0] if pairs else -1) < pair[0] < i:
                gap.append(pair)
            pair = next(optional)
        pairs += [*_rising(gap, j), (i, j)]
    return pairs[:-1]


def _rising(pairs: Sequence[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """As many of the pairs as can be taken so that both parts rise. length: no second part is so high."""
    runs = runs_of_pairs(np.array([i for i, _ in pairs], np.int64), np.array([j for _, j in pairs], np.int64), length)
    steps = chain(runs, np.ones(len(runs.a), np.int64), length)
    return [(i + k, j + k) for i, j, size in steps for k in range(size)]


def _is_whole_end(page: PageWords, laid: Alignment, run: Sequence[tuple[int, int]]) -> bool:
    """Whether a run is where both sides begin, or where both end."""
    begins = run[0][1] == 0 and not _keep_between(page, -1, run[0][0])
    ends = run[-1][1] == len(laid.output.words) - 1 and not _keep_between(page, run[-1][0], len(page.words))
    return begins or ends


def _tangled(page: PageWords, before: tuple[int, int], after: tuple[int, int], short: Sequence[tuple[int, int]]) -> bool:
    """Whether something was missed and something leaked between two pairs, beside the pairs of short runs."""
    kept = sum(page.verdicts[i] == "keep" for i, _ in short)
    return _keep_between(page, before[0], after[0]) > kept and after[1] - before[1] - 1 > len(short)


def _keep_between(page: PageWords, first: int, last: int) -> int:
    """Number of words of the main content strictly between two positions."""
    return bisect_left(page.keep, last) - bisect_right(page.keep, first)


def _extras(laid: Alignment, before: tuple[int, int], after: tuple[int, int]) -> Iterator[_Extra]:
    """The words of the output between two pairs; one that matched by chance has the kind of the leak around it."""
    positions = range(before[1] + 1, after[1])
    kind = next((laid.leaks[j] for j in positions if j in laid.leaks), "")
    for j in positions:
        kind = laid.leaks.get(j, kind)
        text = displayed_word(laid.output, j, j + 1 if j + 1 < len(laid.output.words) else None)
        word, is_free = laid.output.words[j], j in laid.free
        status: PieceStatus = "free" if is_free else "leaked"
        yield _Extra(word, text, status, "" if is_free else kind, before[0], after[0], is_free or j in laid.leaks)


def _merged(a: _Reading, b: _Reading) -> list[tuple[int, Piece]]:
    """The leaks of both, each with the position on the page that it stands before, in order."""
    merged: list[tuple[int, Piece]] = []
    done = 0, 0
    for i, j in _same(a, b):
        place = min(a.extras[i].high, b.extras[j].high)
        merged += _apart(a.extras[done[0] : i], b.extras[done[1] : j], place)
        extra = a.extras[i]
        merged.append((place, Piece(extra.status, "AB", extra.kind, extra.text, extra.certain and b.extras[j].certain)))
        done = i + 1, j + 1
    return merged + _apart(a.extras[done[0] :], b.extras[done[1] :])


def _apart(a: Sequence[_Extra], b: Sequence[_Extra], latest: int | None = None) -> list[tuple[int, Piece]]:
    """Leaks that only one of both has, none later than a position."""
    sides: tuple[tuple[Who, Sequence[_Extra]], ...] = (("A", a), ("B", b))
    pieces = [
        (
            extra.high if latest is None else min(extra.high, latest),
            Piece(extra.status, who, extra.kind, extra.text, extra.certain),
        )
        for who, extras in sides
        for extra in extras
    ]
    return sorted(pieces, key=lambda item: item[0])


def _same(a: _Reading, b: _Reading) -> Iterator[tuple[int, int]]:
    """Index pairs of words of the same leak: a passage of the same kind at the same place of the page, or all of a leak."""
    common = sorted(a.came & b.came)  # no leak reaches across a word that both have
    places = [_by_place(reading.extras, common) for reading in (a, b)]
    for place in sorted(places[0].keys() & places[1].keys()):
        first, second = places[0][place], places[1][place]
        codes: dict[tuple[str, str], int] = {}
        coded = [
            [codes.setdefault((extra.word, extra.kind or extra.status), len(codes)) for extra in extras]
            for extras in (a.extras[first.start : first.stop], b.extras[second.start : second.stop])
        ]
        found = [(first.start + i, second.start + j) for i, j in longest_common_subsequence(*coded)]
        met = [(i, j) for i, j in found if max(a.extras[i].low, b.extras[j].low) < min(a.extras[i].high, b.extras[j].high)]
        for _, group in groupby(enumerate(met), key=lambda item: (item[1][0] - item[0], item[1][1] - item[0])):
            run = [pair for _, pair in group]
            (i, j), (last_i, last_j) = run[0], run[-1]
            if len(run) >= PASSAGE or (_is_whole(a.extras, i, last_i) and _is_whole(b.extras, j, last_j)):
                yield from run


def _by_place(extras: Sequence[_Extra], common: Sequence[int]) -> dict[int, range]:
    """Where the leaks behind each number of words that both have begin and end."""
    places: dict[int, range] = {}
    for index, extra in enumerate(extras):
        place = bisect_right(common, extra.low)
        places[place] = range(places[place].start if place in places else index, index + 1)
    return places


def _is_whole(extras: Sequence[_Extra], first: int, last: int) -> bool:
    """Whether these words are all that leaked between two words that came out."""
    begins = first == 0 or extras[first - 1].high != extras[first].high
    return begins and (last == len(extras) - 1 or extras[last + 1].high != extras[last].high)
