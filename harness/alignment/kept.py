"""Which `keep` words of a page came out: in page order, by passages, and between them by what stands close enough."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from rapidfuzz.distance import LCSseq

from harness.alignment.chain import chain
from harness.alignment.common_runs import Ints, Runs, covered_positions, longest_runs, runs_of_pairs, stretches
from harness.alignment.lcs import longest_common_subsequence
from harness.alignment.passages import (
    KEEP,
    MAYBE,
    PASSAGE,
    WORD_WEIGHT,
    Bools,
    OutputText,
    PageText,
    Passages,
    keep_runs,
    longest_over,
)

_STRONG = 20 * WORD_WEIGHT  # what a keep passage weighs that no passage of other text strikes
_BY_CHANCE = 1 / 20, 1 / 10  # F, and the share of either side, that unrelated texts stay below
_NO_CHANCE = 10 * WORD_WEIGHT  # what a run weighs that no two texts share by chance; 9 words were found in 48,000 pairs
_MAX_RUNS = 30_000  # runs that a chain is made of, the longest; only text that repeats itself endlessly has more
_NEAR = 3  # how many words further on a single word may stand from a kept one
_NEAR_CHARACTERS = 6  # the same where a word is a character

Pairs = list[tuple[int, int]]
_Step = tuple[int, int, int]  # (place among the `keep` words, position in the output, words)


def main_content_itself(page: PageText, output: OutputText) -> Ints | None:
    """Where the page has each word of an output that is its main content, with or without optional text; else None."""
    for least in (MAYBE, KEEP):
        places = np.flatnonzero(page.verdicts >= least)
        if np.array_equal(page.words[places], output.words):
            return places
    return None


def kept_pairs(page: PageText, output: OutputText, passages: Passages) -> tuple[Ints, Ints]:
    """Of each kept word its place among the `keep` words and its position in the output; both rise."""
    runs = keep_runs(page, passages, len(output))
    struck = _struck(page, output, passages, runs)
    ranks, places = stretches(runs.a, runs.lengths), stretches(runs.b, runs.lengths)
    left = ~struck[places]
    runs = longest_runs(runs_of_pairs(ranks[left], places[left], len(output)), number=_MAX_RUNS)
    steps = _cut_at_segments(page, output, chain(runs, 1 + _doubts(page, output, passages, runs), len(output)))
    gaps = _Gaps(page, output, struck)
    ends = [*steps, (len(page.keep), len(output), 0)]
    near = [pair for start, end in zip([(0, 0, 0), *steps], ends) for pair in gaps.pairs(start, end)]
    a, b, lengths = np.array(steps, np.int64).reshape(-1, 3).T
    single_a, single_b = np.array(near, np.int64).reshape(-1, 2).T
    ranks = np.concatenate([stretches(a, lengths), single_a])
    places = np.concatenate([stretches(b, lengths), single_b])
    return np.sort(ranks), np.sort(places)


def is_chance(page: PageText, ranks: Ints, places: Ints, counted: int) -> bool:
    """Whether the kept words are no more than any two texts share, such as a usual phrase or a heading: a small part both of
    the main content and of the output, without a long run.

    ranks, places: see kept_pairs. counted: words of the output that are not free.
    """
    most_f, most = _BY_CHANCE
    kept, sizes = len(ranks), (len(page.keep), counted)
    if not kept or 2 * kept >= most_f * sum(sizes) or kept >= most * min(sizes):
        return False
    runs = runs_of_pairs(ranks, places, int(places[-1]) + 1)
    return bool((page.keep_weights_before[runs.a + runs.lengths] - page.keep_weights_before[runs.a]).max() < _NO_CHANCE)


def _cut_at_segments(page: PageText, output: OutputText, steps: list[_Step]) -> list[_Step]:
    """The same number of words in as many steps. Where a step goes on in the words of the next one, as before a repeated
    heading, it ends where a segment of the page begins in the next one."""
    starts, keep = page.starts_segment[page.keep], page.keep_words
    for k in range(len(steps) - 1):
        (a, b, length), (next_a, next_b, next_length) = steps[k : k + 2]
        if b + length != next_b or starts[next_a]:
            continue
        for more in range(1, min(next_length, next_a - a - length + 1)):
            if keep[a + length + more - 1] != output.words[next_b + more - 1]:
                break
            if starts[next_a + more]:
                steps[k] = (a, b, length + more)
                steps[k + 1] = (next_a + more, next_b + more, next_length - more)
                break
    return steps


def _struck(page: PageText, output: OutputText, passages: Passages, runs: Runs) -> Bools:
    """Words of the output that are not kept, since a passage of `drop` or `maybe` text explains them better: one of which
    `keep` passages explain less than half, but for long ones; or a whole segment in which they say nothing of their own."""
    other = passages[page.verdicts[passages.page] != KEEP]
    if not len(other):
        return np.zeros(len(output), bool)
    fills = page.fills_segment(other.page, other.lengths)
    heavy = page.weights_before[other.page + other.lengths] - page.weights_before[other.page] >= PASSAGE * WORD_WEIGHT
    strikes = heavy | fills & ((other.lengths >= PASSAGE) | output.fills_line(other.output, other.lengths))
    other, fills = other[strikes], fills[strikes]
    begin, end = other.output, other.output + other.lengths
    size = len(output)
    explained = longest_over(runs, runs.lengths, size)
    known = 2 * explained[stretches(begin, other.lengths)] >= np.repeat(other.lengths, other.lengths)
    weak = 2 * _count(known, other.lengths) < other.lengths
    struck = covered_positions(begin[weak], other.lengths[weak], size)
    weights = page.keep_weights_before[runs.a + runs.lengths] - page.keep_weights_before[runs.a]
    strong = weights >= _STRONG
    struck &= ~covered_positions(runs.b[strong], runs.lengths[strong], size)
    reach = longest_over(runs, runs.b + runs.lengths, size)  # the last end of a run over each position, then the first start
    start = size - longest_over(runs, size - runs.b, size)
    more = (reach[end - 1] >= end + PASSAGE) | (start[begin] <= begin - PASSAGE)
    segments = _whole_segments(page, runs)
    whole = covered_positions(segments.b, segments.lengths, size)
    mostly_whole = 2 * _count(whole[stretches(begin, other.lengths)], other.lengths) >= other.lengths
    optional = page.verdicts[other.page] == MAYBE
    equal = fills & ~more & ~mostly_whole & (optional | (reach[begin] >= end))
    return struck | covered_positions(begin[equal], other.lengths[equal], size)


def _whole_segments(page: PageText, runs: Runs) -> Runs:
    """The part of each run of `keep` words that is whole segments, without the runs that have none."""
    starts = page.ranks[page.segment_starts[page.verdicts[page.segment_starts] == KEEP]]
    ends = np.append(starts[1:], len(page.keep))
    first = np.append(starts, len(page.keep))[np.searchsorted(starts, runs.a)]
    last = np.concatenate([[0], ends])[np.searchsorted(ends, runs.a + runs.lengths, "right")]
    has_one = last > first
    return Runs(first[has_one], (runs.b + first - runs.a)[has_one], (last - first)[has_one])


def _doubts(page: PageText, output: OutputText, passages: Passages, runs: Runs) -> Ints:
    """How many words of each run of `keep` words a longer run explains that leads into other text.

    Such a run may be a copy that no reader sees. Where the text came out twice, the other one is the main content.
    """
    is_keep = page.verdicts[passages.page] == KEEP
    if is_keep.all():
        return np.zeros(len(runs.a), np.int64)
    keep, other = passages[is_keep], passages[~is_keep]
    rival = longest_over(other, other.run_lengths, len(output))
    # The longest run that each run of `keep` words was cut from, by the first word of every passage.
    width = len(output) + 1
    diagonals = (runs.a - runs.b + len(output)) * width + runs.b
    place = (
        np.searchsorted(diagonals, (page.ranks[keep.page] - keep.output + len(output)) * width + keep.output, "right") - 1
    )
    own = np.zeros(len(runs.a), np.int64)
    np.maximum.at(own, place[place >= 0], keep.run_lengths[place >= 0])
    doubtful = rival[stretches(runs.b, runs.lengths)] > np.repeat(own, runs.lengths)
    return _count(doubtful, runs.lengths)


def _count(true: Bools, lengths: Ints) -> Ints:
    """How many are true of each of several stretches that stand one after the other."""
    before = np.concatenate([[0], np.cumsum(true)])
    ends = np.cumsum(lengths)
    counts: Ints = before[ends] - before[ends - lengths]
    return counts


class _Gaps:
    """The words between passages, in which some more are kept."""

    def __init__(self, page: PageText, output: OutputText, struck: Bools) -> None:
        self._page = page
        self._size = len(output)
        open_places = np.flatnonzero(~struck)
        self._places: list[int] = open_places.tolist()
        self._words: list[int] = output.words[open_places].tolist()

    def pairs(self, start: _Step, end: _Step) -> Pairs:
        """Pairs of the gap between two passages, in order: those of a longest common subsequence if the two sides agree by
        half, else what stands within a few words of the passage before or behind, and on from there."""
        (a, b, length), (last_i, last_j, _) = start, end
        i, j = a + length, b + length
        first, last = bisect_left(self._places, j), bisect_left(self._places, last_j)
        if i >= last_i or first == last:
            return []
        keep, weights = self._page.keep_words[i:last_i], self._page.keep_weights[i:last_i]
        places, words = self._places[first:last], self._words[first:last]
        both = len(keep) + len(words)
        if (
            both > 2
            and max(len(keep), len(words)) <= 3 * min(len(keep), len(words))
            and 4 * LCSseq.similarity(keep, words) >= both
        ):
            common = _without_chance(longest_common_subsequence(keep, words), weights)
            if 6 * len(common) >= both:
                return [(i + x, places[y]) for x, y in common]
        forwards: Pairs = []
        if start != (0, 0, 0):
            forwards = _without_chance(_near(keep, weights, words, places, j), weights)
        a, b = (forwards[-1][0] + 1, forwards[-1][1] + 1) if forwards else (0, 0)
        backwards: Pairs = []
        if last_i < len(self._page.keep) or last_j < self._size:
            keep, weights, words = keep[a:][::-1], weights[a:][::-1], words[b:][::-1]
            rest = places[b:][::-1]
            back = _without_chance(_near(keep, weights, words, [-place for place in rest], 1 - last_j), weights)
            backwards = [(last_i - 1 - x, rest[y]) for x, y in reversed(back)]
        return [*((i + x, places[y]) for x, y in forwards), *backwards]


def _without_chance(pairs: Pairs, weights: list[int]) -> Pairs:
    """The pairs without single letters of a script without spaces: any two words of such a script share some."""
    if not pairs or min(weights) > 1:
        return pairs
    known = set(pairs)
    return [(a, b) for a, b in pairs if weights[a] > 1 or (a - 1, b - 1) in known or (a + 1, b + 1) in known]


def _near(keep: list[int], weights: list[int], words: list[int], places: list[int], start: int) -> Pairs:
    """Index pairs of equal words, from the beginning: each within a few words of the one before on both sides, the closest
    first; up to where there is none. places: where each of `words` stands. start: where the gap begins."""
    pairs: Pairs = []
    a = b = 0
    while True:
        steps = [
            (x - a + places[y] - start, x, y)
            for x in range(a, min(a + _NEAR_CHARACTERS, len(keep)))
            for y in range(b, min(b + _NEAR_CHARACTERS, len(words)))
            if keep[x] == words[y]
            and max(x - a, places[y] - start) < (_NEAR if weights[x] == WORD_WEIGHT else _NEAR_CHARACTERS)
        ]
        if not steps:
            return pairs
        _, x, y = min(steps)
        pairs.append((x, y))
        a, b, start = x + 1, y + 1, places[y] + 1
