"""Where the words of an output come from that are not kept: optional text, or a leak of some kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.alignment.common_runs import Ints, stretches
from harness.alignment.passages import DROP, KEEP, MAYBE, Bools, OutputText, PageText, Passages, longest_over

DUPLICATED = "duplicated"
MOVED = "moved"
INVENTED = "invented"
_DUPLICATED, _MOVED, _INVENTED = range(3)  # their numbers

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


@dataclass(frozen=True)
class Origins:
    """Names of where leaks come from, by number."""

    names: tuple[str, ...]
    """`duplicated`, `moved`, `invented`, and the kinds of text of a page."""

    of_words: Ints
    """The number for each word of the page that is not in the output yet."""

    @staticmethod
    def of(kinds: Sequence[str], owners: Ints, page: PageText) -> Origins:
        """Those of a page. kinds: the kind of text of each segment. owners: the segment of each word."""
        names = (DUPLICATED, MOVED, INVENTED, *dict.fromkeys(kinds))
        numbers = {name: number for number, name in enumerate(names)}
        of_segments = np.array([numbers[kind] for kind in kinds], np.int64)
        return Origins(names, np.where(page.verdicts == KEEP, _MOVED, of_segments[owners]))


def leak_origins(
    page: PageText, origins: Origins, output: OutputText, passages: Passages, explained: Bools, used: Bools
) -> dict[int, str]:
    """The origin of each leaked word, by its position in the output.

    explained: which words of the output are kept or free. used: which words of the page these are.
    """
    leaked = ~explained
    before = np.concatenate([[0], np.cumsum(leaked)])
    if not before[-1]:
        return {}
    other = passages[page.verdicts[passages.page] != MAYBE]
    other = other[before[other.output + other.lengths] > before[other.output]]
    longest = longest_over(other, other.run_lengths, len(output))
    found = np.full(len(output), -1, np.int64)
    open_bytes = bytearray(leaked.tobytes())
    open_words, used = np.frombuffer(open_bytes, bool), used.copy()  # the same bytes: they are searched without an array
    order = np.lexsort((other.page, page.verdicts[other.page], other.output, -other.lengths, -other.run_lengths))
    other = other[order]
    looked_at = other[:_MAX_PASSAGES]
    columns = np.stack([looked_at.output, looked_at.lengths, looked_at.run_lengths])
    firsts = np.flatnonzero(np.concatenate([[True], (columns[:, 1:] != columns[:, :-1]).any(axis=0)])[: len(looked_at)])
    groups = np.vstack([columns[:, firsts], firsts, np.append(firsts, len(looked_at))[1:]]).T.tolist()
    pages: list[int] = looked_at.page.tolist()
    for fresh in (True, False):
        for start, length, run_length, first, end in groups:
            if open_bytes.find(1, start, start + length) < 0:
                continue
            words = open_words[start : start + length].copy()
            if fresh:
                words &= 2 * run_length >= longest[start : start + length]
                if not words.any():
                    continue
            places = pages[first : min(end, first + _MAX_PLACES)]
            place = places[0]
            if len(places) > 1:
                unused = [int(np.count_nonzero(words & ~used[place : place + length])) for place in places]
                best = max(range(len(places)), key=lambda k: (unused[k], page.verdicts[places[k]] == DROP, -k))
                place = places[best]
            taken = used[place : place + length]
            if fresh:
                words &= ~taken
            origin = np.where(taken, _DUPLICATED, origins.of_words[place : place + length])
            found[start : start + length][words] = origin[words]
            open_words[start : start + length] &= ~words
            taken |= words
    rest = other[_MAX_PASSAGES:][::-1]
    covered, explaining = stretches(rest.output, rest.lengths), stretches(rest.page, rest.lengths)
    still = open_words[covered]
    found[covered[still]] = np.where(used, _DUPLICATED, origins.of_words)[explaining[still]]
    _fill(found, output, leaked)
    positions = np.flatnonzero(leaked)
    return dict(zip(positions.tolist(), map(origins.names.__getitem__, found[positions].tolist())))


def _fill(found: Ints, output: OutputText, leaked: Bools) -> None:
    """Give an origin to the leaked words that are in no passage."""
    rest = leaked & (found < 0)
    borders = np.flatnonzero(np.diff(rest, prepend=False, append=False))
    starts, ends = borders[::2], borders[1::2]
    lines = np.cumsum(output.starts_line)
    before, behind = starts - 1, np.minimum(ends, len(found) - 1)
    inside = (starts > 0) & (ends - starts <= _BETWEEN) & (lines[before] == lines[behind])
    inside &= (found[before] >= 0) & (found[behind] >= 0)
    origin = np.repeat(np.where(inside, found[before], _INVENTED), ends - starts)
    places = np.flatnonzero(rest)
    found[places] = np.where(output.words[places] >= 0, origin, _INVENTED)
