"""Where an output has short segments of a page, against a search of every place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.alignment.short_segments import SegmentPlaces, ShortSegments

Segment = tuple[list[int], int]  # positions on the page, verdict of the first
Row = tuple[int, int, int, int]
WORD = st.integers(0, 3)


Case = tuple[list[int], list[Segment], list[int]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """The words of a page, short segments of it, some with gaps, and an output; -1 is a word that the page does not have."""
    words = draw(st.lists(WORD, min_size=1, max_size=14))
    verdicts = [draw(st.integers(0, 2)) for _ in words]
    positions = st.lists(st.integers(0, len(words) - 1), min_size=1, max_size=3, unique=True).map(sorted)
    segments = st.lists(positions.map(lambda found: (found, verdicts[found[0]])), max_size=6, unique_by=str)
    output = draw(st.lists(WORD, min_size=1, max_size=12))
    return words, draw(segments), [word if word in words else -1 for word in output]


def short_segments(words: list[int], segments: list[Segment]) -> ShortSegments:
    whole = [segment for segment, _ in segments if segment[-1] - segment[0] + 1 == len(segment)]
    parted = [segment for segment, _ in segments if segment not in whole]
    verdicts = np.zeros(len(words), np.int64)
    for segment, verdict in segments:
        verdicts[segment[0]] = verdict
    starts, lengths = (np.array([of(segment) for segment in whole], np.int64) for of in (min, len))
    optional = np.array([verdicts[segment[0]] < 2 for segment in [*whole, *parted]], bool)
    return ShortSegments(np.array(words, np.int64), verdicts, optional, starts, lengths, parted)


def pieces(segment: Sequence[int], begin: int) -> Iterator[Row]:
    """(position on the page, position in the output, words in a row, words of the segment) of each stretch without a gap."""
    start = 0
    for k in range(1, len(segment) + 1):
        if k == len(segment) or segment[k] != segment[k - 1] + 1:
            yield segment[start], begin + start, k - start, len(segment)
            start = k


def rows(places: SegmentPlaces) -> list[Row]:
    return sorted(zip(*(column.tolist() for column in places)))


@given(cases())
def test_optional_segments_of_two_and_more_words_are_found_everywhere(case: Case) -> None:
    words, segments, output = case
    expected = [
        row
        for segment, verdict in segments
        for begin in range(len(output))
        if verdict < 2 and len(segment) > 1 and [words[i] for i in segment] == output[begin : begin + len(segment)]
        for row in pieces(segment, begin)
    ]
    assert rows(short_segments(words, segments).inside(np.array(output, np.int64))) == sorted(expected)


@given(cases(), st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12)), max_size=4, unique=True))
def test_segments_fill_stretches_one_after_the_other_the_longest_first(case: Case, stretches: list[tuple[int, int]]) -> None:
    words, segments, output = case
    stretches = [(start, end) for start, end in stretches if start < end <= len(output)]
    texts = sorted({tuple(words[i] for i in segment) for segment, _ in segments}, key=len, reverse=True)
    expected: list[Row] = []
    for start, end in stretches:
        filled: list[Row] = []
        while start < end:
            fit = [text for text in texts if text == tuple(output[start : min(end, start + len(text))])]
            if not fit:
                filled = []
                break
            equal = [segment for segment, _ in segments if tuple(words[i] for i in segment) == fit[0]]
            filled += [row for segment in equal for row in pieces(segment, start)]
            start += len(fit[0])
        expected += filled
    starts, ends = np.array(stretches, np.int64).reshape(-1, 2).T
    found = short_segments(words, segments).filling(np.array(output, np.int64), starts, ends)
    assert rows(found) == sorted(expected)
