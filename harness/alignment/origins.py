"""Where the words of an output come from that are not kept: optional text, or a leak of some kind."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from harness.alignment.common_runs import Ints, stretches
from harness.alignment.passages import DROP, KEEP, MAYBE, Bools, OutputText, PageText, Passages, longest_over

DUPLICATED = "duplicated"
MOVED = "moved"
INVENTED = "invented"

_MAX_PLACES = 64  # places compared for one leaked stretch; only text that repeats itself endlessly has more
_MAX_PASSAGES = 50_000  # passages that use up the text of the page, the longest ones; others leave it as it is
_BETWEEN = 2  # words between two leaks that are taken for part of the first


def free_pairs(page: PageText, output: OutputText, passages: Passages, kept: Bools) -> Ints:
    """For each word of the output the page's word of the optional passage that it lies in, the longest one; else -1.

    A passage of `drop` text that is longer explains its words better, unless the optional passage is a whole segment.
    kept: which words of the output are kept.
    """
    of = page.verdicts[passages.page]
    drop = passages[of == DROP]
    longest_drop = longest_over(drop, drop.lengths, len(output))
    maybe = passages[of == MAYBE]
    maybe = maybe[np.lexsort((-maybe.page, maybe.lengths))]  # of several, the last one is written
    words, places = stretches(maybe.output, maybe.lengths), stretches(maybe.page, maybe.lengths)
    fills = page.fills_segment(maybe.page, maybe.lengths)
    free = np.repeat(fills, maybe.lengths) | (np.repeat(maybe.lengths, maybe.lengths) >= longest_drop[words])
    free &= ~kept[words]
    found = np.full(len(output), -1, np.int64)
    found[words[free]] = places[free]
    return found


def leak_origins(
    page: PageText, kinds: Sequence[str], output: OutputText, passages: Passages, explained: Bools, used: Bools
) -> dict[int, str]:
    """The origin of each leaked word, by its position in the output.

    explained: which words of the output are kept or free. used: which words of the page these are.
    """
    leaked = ~explained
    before = np.concatenate([[0], np.cumsum(leaked)])
    other = passages[page.verdicts[passages.page] != MAYBE]
    other = other[before[other.output + other.lengths] > before[other.output]]
    longest = longest_over(other, other.run_lengths, len(output))
    names = [DUPLICATED, MOVED, *dict.fromkeys(kinds)]
    numbers = {name: number for number, name in enumerate(names)}
    of_word = np.where(page.verdicts == KEEP, numbers[MOVED], np.array([numbers[kind] for kind in kinds], np.int64))
    found = np.full(len(output), -1, np.int64)
    open_words, used = leaked.copy(), used.copy()
    order = np.lexsort((other.page, page.verdicts[other.page], other.output, -other.lengths, -other.run_lengths))
    other = other[order]
    looked_at = other[:_MAX_PASSAGES]
    rows = np.stack([looked_at.page, looked_at.output, looked_at.lengths, looked_at.run_lengths], axis=1).tolist()
    for fresh in (True, False):
        for (start, length, run_length), group in groupby(rows, key=lambda row: row[1:]):
            words = open_words[start : start + length].copy()
            if fresh:
                words &= 2 * run_length >= longest[start : start + length]
            if not words.any():
                continue
            places = [row[0] for row in group][:_MAX_PLACES]
            unused = [int((words & ~used[place : place + length]).sum()) for place in places]
            best = max(range(len(places)), key=lambda k: (unused[k], page.verdicts[places[k]] == DROP, -k))
            place = places[best]
            taken = used[place : place + length]
            if fresh:
                words &= ~taken
            origin = np.where(taken, numbers[DUPLICATED], of_word[place : place + length])
            found[start : start + length][words] = origin[words]
            open_words[start : start + length] &= ~words
            taken |= words
    rest = other[_MAX_PASSAGES:][::-1]
    covered, explaining = stretches(rest.output, rest.lengths), stretches(rest.page, rest.lengths)
    still = open_words[covered]
    found[covered[still]] = np.where(used, numbers[DUPLICATED], of_word)[explaining[still]]
    origins = {j: names[found[j]] for j in np.flatnonzero(found >= 0).tolist()}
    _fill(origins, output, np.flatnonzero(leaked).tolist())
    return dict(sorted(origins.items()))


def _fill(origins: dict[int, str], output: OutputText, leaked: Sequence[int]) -> None:
    """Give an origin to the words that are in no passage."""
    lines = np.cumsum(output.starts_line[:-1])
    rest = [j for j in leaked if j not in origins]
    for _, group in groupby(enumerate(rest), key=lambda item: item[1] - item[0]):
        gap = [j for _, j in group]
        before, behind = gap[0] - 1, gap[-1] + 1
        inside = len(gap) <= _BETWEEN and before in origins and behind in origins and lines[before] == lines[behind]
        for j in gap:
            origins[j] = origins[before] if inside and output.words[j] >= 0 else INVENTED
