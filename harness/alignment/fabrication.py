"""The words of an output that its page does not have, in passages: what a language model has made up.

Labels do not matter here: a word is the page's wherever it stands, rendered or not, in any case of letters and any order.
What a reformatted output may say differently is the page's, too: words that it joins or parts, HTML entities that it leaves
as they are, and what stands in the source beside the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from urllib.parse import unquote

import numpy as np
import regex

from harness.alignment.passages import WORD_WEIGHT
from harness.alignment.words import OutputWords, PageWords, output_words
from harness.pages.page import Page
from harness.pages.words import fold_case, weight, words

_FEWEST_BETWEEN = 4  # words of the page in a row that end a passage: as many as are one of an alignment
_MOST_JOINED = 4  # words in which an output may have one
_MOST_PLACES = 64  # of a word on the page, at which others are joined to it
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]\w{1,30});", re.I)
_ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|.)", re.I)
_ALONE = re.compile(r"""["'>]\s*([^\s"'<>]+)\s*["'<]""")
_GLUED = regex.compile(r"(?<=[\p{Ll}\p{N}])(?=\p{Lu})")
_AROUND = 200  # characters around a word of the source that are read
_RARE = 1_000  # places of a word in the source; all words of it are read for one that has more
_CONTEXT = 4  # words shown on either side of a passage
_LONGEST_QUOTE = 300  # characters


@dataclass(frozen=True)
class FabricatedPassage:
    """A piece of a line of an output that begins and ends with a word that the page does not have, with fewer than four
    others between two such words."""

    words: int
    """How many words it has that the page does not have."""
    quote: str
    """The passage in brackets, with the words around it."""


@dataclass(frozen=True)
class Fabrication:
    """What of an output its page does not have."""

    words: int
    """Words of the output, HTML entities read as what they stand for."""
    fabricated: int
    """Words of it that the page does not have."""
    passages: tuple[FabricatedPassage, ...]
    """The passages that they stand in, those with the most of them first, then as they come."""

    @property
    def share(self) -> float | None:
        """The share of the output's words that the page does not have, 0…1; None for an output without words."""
        return self.fabricated / self.words if self.words else None


def fabrication(page: Page, page_words: PageWords, output: OutputWords, text: str) -> Fabrication:
    """Compare the words of an output with all that its page has.

    page_words: of the page, whatever its labels. output: the words of `text`, as an alignment has them.
    """
    if _ENTITY.search(text):
        output = output_words(page_words, html.unescape(text))
    found = _Comparison(page, page_words, output).fabricated()
    passages = [_passage(output, places) for places in _grouped(found, output)]
    passages.sort(key=lambda passage: -passage.words)
    return Fabrication(len(output.words), len(found), tuple(passages))


class _Comparison:
    """Finds the words of an output that its page does not have. What is known of the page is read when it is needed."""

    def __init__(self, page: Page, page_words: PageWords, output: OutputWords) -> None:
        self._page, self._page_words, self._output = page, page_words, output

    def fabricated(self) -> list[int]:
        """Where these words stand in the output."""
        text = self._page_words.text
        missing = [k for k, word in enumerate(self._output.words) if word not in text.codes]
        missing = [k for k in missing if not self._is_known(k)]
        if len(text.weights) and text.weights.min() < WORD_WEIGHT:
            missing = sorted({*missing, *filter(self._is_out_of_place, range(len(self._output.words)))})
        return [k for k in missing if not self._is_joined(k) and not self._is_in_source(k)]

    @cached_property
    def _words(self) -> list[str]:
        return [fold_case(word) for word in self._output.words]

    @cached_property
    def _lines(self) -> list[int]:
        lines: list[int] = self._output.lines.tolist()
        return lines

    def _is_known(self, k: int) -> bool:
        """Whether the page has a word in other letters, or without the underscores that Markdown writes for emphasis."""
        known = self._page_words.folded_places
        return self._words[k] in known or self._words[k].strip("_") in known

    def _is_out_of_place(self, k: int) -> bool:
        """Whether a character of a script without spaces stands beside none that it stands beside on the page: nearly every
        text of some length has nearly every character."""
        if not _is_unspaced(self._words[k]):
            return False
        around = [first for first in (k - 1, k) if 0 <= first < len(self._words) - 1 and not self._output.gaps[first]]
        pairs = [(self._words[first], self._words[first + 1]) for first in around]
        pairs = [pair for pair in pairs if all(map(_is_unspaced, pair))]
        return bool(pairs) and self._page_words.folded_pairs.isdisjoint(pairs)

    def _is_joined(self, k: int) -> bool:
        """Whether the page has a word in parts that the output has as one, or the other way round."""
        if _is_unspaced(self._words[k]):
            return False
        parts = _GLUED.split(self._output.words[k])
        if len(parts) > 1 and all(fold_case(part) in self._page_words.folded_places for part in parts):
            return True  # the end of a block and the beginning of another one
        return any(map(self._is_run, self._windows(k)))

    def _windows(self, k: int) -> Iterator[str]:
        """The words of a line joined, up to _MOST_JOINED of them, each time with this one."""
        for first in range(max(0, k - _MOST_JOINED + 1), k + 1):
            for end in range(k + 1, min(len(self._words), first + _MOST_JOINED) + 1):
                if self._lines[first] == self._lines[end - 1]:
                    yield "".join(self._words[first:end])

    def _is_run(self, text: str) -> bool:
        """Whether words in a row of the page, joined, are the text."""
        places, page = self._page_words.folded_places, self._page_words.folded
        for end in self._page_words.folded_lengths:
            for place in places.get(text[:end], ())[:_MOST_PLACES]:
                at, following = end, place + 1
                while at < len(text) and following < len(page) and text.startswith(page[following], at):
                    at, following = at + len(page[following]), following + 1
                if at == len(text):
                    return True
        return False

    def _is_in_source(self, k: int) -> bool:
        """Whether the source of the page has the word beside the same one, or alone between quotes or tags."""
        before = self._words[k - 1] if k else ""
        behind = self._words[k + 1] if k + 1 < len(self._words) else ""
        return _source_of(self._page).has(self._words[k], before, behind)


@dataclass(frozen=True)
class _Source:
    """The source of a page, markup, data and scripts included, without regard to the case of letters."""

    text: str
    """It begins and ends with a word that is not the page's, so that a first or last word may be left out."""

    def has(self, word: str, before: str, behind: str) -> bool:
        """Whether a word stands there behind or before one of these words, or alone between quotes or tags.

        Only what is around a rare word is read: sources are long, and few words are sought in them.
        """
        if self.text.count(word) > _RARE:
            return word in self._alone or not {(before, word), (word, behind)}.isdisjoint(self._pairs)
        return any(_has(around, word, before, behind) for around in self._around(word))

    def _around(self, word: str) -> Iterator[str]:
        """The text around each place of a word."""
        place = self.text.find(word)
        while place >= 0:
            yield self.text[max(0, place - _AROUND) : place + len(word) + _AROUND]
            place = self.text.find(word, place + 1)

    @cached_property
    def _alone(self) -> frozenset[str]:
        """The words that stand alone between quotes or tags."""
        return frozenset(words(" ".join(_ALONE.findall(self.text))))

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        """The words that stand beside each other."""
        return frozenset(pairwise(words(self.text)))


def _has(text: str, word: str, before: str, behind: str) -> bool:
    if any(word in words(found) for found in _ALONE.findall(text) if word in found):
        return True
    beside = (before and before in text) or (behind and behind in text)
    whole = words(text)[1:-1] if beside else []  # the outer ones may be cut
    return not {(before, word), (word, behind)}.isdisjoint(pairwise(whole))


@lru_cache(maxsize=4)  # several extractors have the same page, one after the other
def _source_of(page: Page) -> _Source:
    text = _ESCAPED.sub(_character, html.unescape(page.content))
    address = " ".join(f'"{word}"' for word in words(page.url or ""))
    pieces = "\n".join(["begin", text, *([unquote(text)] if "%" in text else []), address, "end"]).split('"')
    # Most of a large source is ASCII, of which only letters have another case.
    return _Source('"'.join(piece.lower() if piece.isascii() else fold_case(piece) for piece in pieces))


def _character(escaped: re.Match[str]) -> str:
    """What stands for an escape of JSON: a character, or a space in place of line breaks and the like."""
    return chr(int(escaped[1], 16)) if escaped[1] else " "


def _is_unspaced(word: str) -> bool:
    return weight(word) < WORD_WEIGHT


def _grouped(places: Sequence[int], output: OutputWords) -> Iterator[list[int]]:
    """Places of words, those of one passage together."""
    passage: list[int] = []
    for place in places:
        if passage and (place - passage[-1] > _FEWEST_BETWEEN or output.lines[place] != output.lines[passage[-1]]):
            yield passage
            passage = []
        passage.append(place)
    if passage:
        yield passage


def _passage(output: OutputWords, places: Sequence[int]) -> FabricatedPassage:
    """The passage with its quotation."""
    first, end = places[0], places[-1] + 1
    line = output.lines[first]
    line_first, line_end = (int(np.searchsorted(output.lines, line, side)) for side in ("left", "right"))
    start, stop = max(line_first, first - _CONTEXT), min(line_end, end + _CONTEXT)
    before, inside, behind = ("".join(output.shown[a:b]).strip() for a, b in ((start, first), (first, end), (end, stop)))
    if len(inside) > _LONGEST_QUOTE:
        inside = f"{inside[:_LONGEST_QUOTE]}…"
    words = ["…"] * (start > line_first) + [before, f"[{inside}]", behind] + ["…"] * (stop < line_end)
    return FabricatedPassage(len(places), " ".join(" ".join(words).split()))
