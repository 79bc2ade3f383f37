"""The words of many lines at once, by arrays: those that `find_words` finds in each of them, in a tenth of the time."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import regex
from numpy.typing import NDArray

from harness.pages.characters import CharacterTable, Codes, codes_of, text_of_codes
from harness.pages.words import MARK, SPACED, UNSPACED, character_classes, find_words, folded_character

Ints = NDArray[np.int64]

_OPENING = regex.compile(r"(?<=\s)\S*$")  # what stands before a word without a space in between
_SPACE = 32


@dataclass(frozen=True)
class LineWords:
    """The words of several lines. The sequences run parallel."""

    text: str
    """The lines, each but the last with a line break behind it."""

    line_starts: Ints
    """Where in the text each line begins."""

    words: list[str]
    """The words, in the form in which they are compared."""

    starts: Ints
    """Where in the text each word begins."""

    ends: Ints
    """Where each ends. Two words can share one character, such as the digits of a fraction."""

    @cached_property
    def lines(self) -> Ints:
        """The line of each word, from 0."""
        return np.asarray(np.searchsorted(self.line_starts, self.starts, "right") - 1)

    def words_before(self, line: int) -> list[str]:
        """The words of the lines before one."""
        return self.words[: int(np.searchsorted(self.lines, line))]

    @property
    def line_lengths(self) -> Ints:
        """How many characters each line has."""
        return np.diff(self.line_starts, append=len(self.text) + 1) - 1

    def all_shown(self) -> list[str]:
        """Each word as `shown` has it."""
        if not self.words:
            return []
        lines, starts = self.lines, self.starts
        ends_before = np.concatenate([[0], self.ends[:-1]])
        opens_line = np.diff(lines, prepend=-1) != 0
        begins = np.where(opens_line, self.line_starts[lines], np.maximum(starts, ends_before))
        for k in np.flatnonzero(~opens_line & (starts > ends_before + 1)).tolist():
            begins[k] = self._begins_behind(int(ends_before[k]), int(starts[k]))
        line_ends = np.append(self.line_starts[1:] - 1, len(self.text))
        stops = np.where(np.append(opens_line[1:], True), line_ends[lines], np.append(begins[1:], 0))
        return [self.text[begin:stop] for begin, stop in zip(begins.tolist(), stops.tolist())]

    def shown(self, k: int) -> str:
        """A word with the punctuation and spaces around it; joined, those of a line are the line."""
        return self.text[self._shown_from(k) : self._shown_to(k)]

    def _shown_from(self, k: int) -> int:
        if k == 0 or self.lines[k - 1] != self.lines[k]:
            return int(self.line_starts[self.lines[k]])
        return self._begins_behind(int(self.ends[k - 1]), int(self.starts[k]))

    def _begins_behind(self, end: int, start: int) -> int:
        """Where a word is shown from that starts here, in a line in which another one ends before it."""
        start = max(start, end)
        opening = _OPENING.search(self.text, end, start) if start > end + 1 else None
        return opening.start() if opening else start

    def _shown_to(self, k: int) -> int:
        if k + 1 < len(self.words) and self.lines[k + 1] == self.lines[k]:
            return self._shown_from(k + 1)
        line = int(self.lines[k]) + 1
        return int(self.line_starts[line]) - 1 if line < len(self.line_starts) else len(self.text)


def words_of_lines(lines: Sequence[str], cuts: Sequence[int] = ()) -> LineWords:
    """The words of lines that are visible text (see words.visible).

    cuts: places in the text of all lines, in order, at which words are cut (see words.find_words).
    """
    text = "\n".join(lines)
    lengths = np.fromiter(map(len, lines), np.int64, len(lines)) + 1
    line_starts = np.cumsum(lengths) - lengths
    codes = _FOLDED.of(codes_of(text))
    by_line: list[int] = []
    if not text.isascii():
        folded = text_of_codes(codes)
        if not unicodedata.is_normalized("NFKC", folded):
            by_line = _not_normalised(folded, lines, line_starts)
            for k in by_line:
                codes[line_starts[k] : line_starts[k] + len(lines[k])] = _SPACE
    starts, ends, in_word, parted = _spans(codes, np.asarray(cuts, np.int64))
    if parted:
        found = text_of_codes(np.where(in_word, codes, np.uint32(_SPACE))).split()
    else:
        folded = text_of_codes(codes)
        found = [folded[start:end] for start, end in zip(starts.tolist(), ends.tolist())]
    words = LineWords(text, line_starts, found, starts, ends)
    return _with_lines(words, lines, by_line, cuts) if by_line else words


def joined_words(first: LineWords, second: LineWords) -> LineWords:
    """The words of the lines of both."""
    if not len(first.line_starts) or not len(second.line_starts):
        return first if len(first.line_starts) else second
    shift = len(first.text) + 1
    return LineWords(
        f"{first.text}\n{second.text}",
        np.concatenate([first.line_starts, second.line_starts + shift]),
        first.words + second.words,
        np.concatenate([first.starts, second.starts + shift]),
        np.concatenate([first.ends, second.ends + shift]),
    )


def _with_lines(words: LineWords, lines: Sequence[str], by_line: Sequence[int], cuts: Sequence[int]) -> LineWords:
    """Words with those of other lines among them, which are read line by line."""
    places = np.searchsorted(words.starts, words.line_starts[by_line]).tolist()
    found, starts, ends = list[str](), list[int](), list[int]()
    before = 0
    for k, place in [*zip(by_line, places), (None, len(words.words))]:
        found += words.words[before:place]
        starts += words.starts[before:place].tolist()
        ends += words.ends[before:place].tolist()
        before = place
        if k is not None:
            offset = int(words.line_starts[k])
            for word in find_words(lines[k], [cut - offset for cut in cuts if 0 < cut - offset < len(lines[k])]):
                found.append(word.text)
                starts.append(offset + word.start)
                ends.append(offset + word.end)
    return LineWords(words.text, words.line_starts, found, np.array(starts, np.int64), np.array(ends, np.int64))


def _not_normalised(folded: str, lines: Sequence[str], line_starts: Ints) -> list[int]:
    """The numbers of the lines whose characters NFKC replaces by more or fewer."""
    rows = ((k, folded[start : start + len(line)]) for k, (start, line) in enumerate(zip(line_starts.tolist(), lines)))
    return [k for k, row in rows if not row.isascii() and not unicodedata.is_normalized("NFKC", row)]


def _spans(codes: Codes, cuts: Ints) -> tuple[Ints, Ints, NDArray[np.bool_], bool]:
    """Where words begin and end, which characters are in one, and whether something parts any two of them."""
    size = len(codes)
    if not size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, bool), True
    classes = _CLASSES.of(codes)
    mark = classes == MARK
    if mark.any():
        # A mark belongs to what it stands on: a letter before it, or nothing.
        classes = classes[np.maximum.accumulate(np.where(mark, 0, np.arange(size)))]
        classes[: int(np.argmin(mark)) if not mark.all() else size] = 0
    in_word = classes > 0
    starts = in_word & ~mark
    # Behind a word of a script without spaces begins the next one, with each of its letters another.
    starts[1:] &= (classes[1:] == UNSPACED) | (classes[:-1] != SPACED)
    inside = cuts[(cuts > 0) & (cuts < size)]
    starts[inside] |= in_word[inside] & ~mark[inside]
    begins = np.flatnonzero(starts)
    ends_here = in_word.copy()
    ends_here[:-1] &= ~in_word[1:] | starts[1:]
    ends = np.flatnonzero(ends_here) + 1
    return begins, ends, in_word, bool((ends[:-1] < begins[1:]).all())


_CLASSES = CharacterTable(np.uint8, character_classes)
_FOLDED = CharacterTable(np.uint32, lambda characters: [ord(folded_character(character)) for character in characters])
