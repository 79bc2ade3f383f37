"""The only place where text is normalised and split into words.

Every side of every metric of our own goes through these functions, so that no metric can disagree with another about
what a word is. The metrics of public benchmarks use the tokens that their own scripts define.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import regex

# Characters that Unicode calls default ignorable: soft hyphen, joiners, directional marks, variation selectors …
_INVISIBLE = dict.fromkeys(
    code
    for first, last in (
        *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
        *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
        *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
    )
    for code in range(first, last + 1)
)
# What stands before an item of an ordered list: `1.`, `2)`, `(3)`, `* 4.`; where lists begin in lists, several of them.
_LIST_NUMBERS = regex.compile(r"^(?:\W*(\d{1,4})[.)]+(?=\s|$)){1,8}")
_OPENING = regex.compile(r"(?<=\s)\S*$")  # what stands before a word without a space in between
_SPACES = regex.compile(r"\s+")

# What can become one character with what stands before it: marks, Korean letters, half-width marks of kana.
_JOINING = r"[\p{M}\u1161-\u1175\u11a8-\u11c2\u3131-\u318e\uff9e-\uffdc]"
_JOINED = regex.compile(rf"(?s).{_JOINING}*")
_LEADING = regex.compile(rf"{_JOINING}+")

# Scripts that are written without spaces: one character, with its marks, is a word.
_UNSPACED = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30fc]&&[\p{L}\p{N}]]"
_SPACED = rf"[[\p{{L}}\p{{N}}_]--{_UNSPACED}]"
_WORD = regex.compile(rf"(?V1){_UNSPACED}\p{{M}}*|{_SPACED}[{_SPACED}\p{{M}}]*")
_UNSPACED_WORD = regex.compile(rf"(?V1){_UNSPACED}")
_HAN = regex.compile(r"\p{Han}")


class Word(NamedTuple):
    """A word, and where it stands in a text that `visible` returned."""

    text: str
    """The word in the form in which words are compared: Unicode NFKC."""
    start: int
    """Its first character."""
    end: int
    """The character behind its last one. Two words can share one character, such as the digits of a fraction."""


def visible(text: str) -> str:
    """Text in Unicode NFC without invisible characters; its spaces and line breaks as they were."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def visible_pieces(pieces: Sequence[str]) -> list[str]:
    """Pieces of one text as `visible` has them: joined, they are the visible text.

    A mark that begins a piece goes to the piece of the letter that it stands on.
    """
    seen = [piece.translate(_INVISIBLE) for piece in pieces]
    before = None  # the last piece with text
    for index, piece in enumerate(seen):
        if before is not None and (marks := _LEADING.match(piece)):
            seen[before] += marks[0]
            seen[index] = piece = piece[marks.end() :]
        before = index if piece else before
    return [unicodedata.normalize("NFC", piece) for piece in seen]


def comparable(text: str) -> str:
    """Text as it is compared: visible, in Unicode NFKC, which writes out ligatures and makes full-width forms usual ones."""
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE))


def normalise(text: str) -> str:
    """Comparable text with every run of Unicode spaces made one space, and none at the ends."""
    return _SPACES.sub(" ", comparable(text)).strip()


def find_words(visible_text: str) -> list[Word]:
    """The words of a text that `visible` returned, with their places."""
    text = visible_text if visible_text.isascii() else visible_text.translate(_one_for_one())
    if unicodedata.is_normalized("NFKC", text):
        return [Word(match[0], *match.span()) for match in _WORD.finditer(text)]
    parts: list[str] = []
    places: list[tuple[int, int]] = []  # for each character of the parts, where what it was made of begins and ends
    for joined in _JOINED.finditer(visible_text):
        parts.append(unicodedata.normalize("NFKC", joined[0]))
        places += [joined.span()] * len(parts[-1])
    found = _WORD.finditer("".join(parts))
    return [Word(match[0], places[match.start()][0], places[match.end() - 1][1]) for match in found]


def list_numbers(line: str) -> list[str]:
    """What a line begins with that could be the numbers of list items, mostly one: `1.` as `1`."""
    match = _LIST_NUMBERS.match(line)
    return match.captures(1) if match else []


def without_list_numbers(line: str) -> str:
    """A line without what `list_numbers` finds, unless it has nothing else."""
    return _LIST_NUMBERS.sub("", line, 1) if list_numbers(line) != words(line) else line


def displayed(visible_text: str, words: Sequence[Word]) -> list[str]:
    """The text cut into one piece for each of its words: punctuation before a word and after it goes with it."""
    cuts = [0]
    for (_, _, end), (_, start, _) in pairwise(words):
        start = max(start, end)
        opening = _OPENING.search(visible_text, end, start) if start > end + 1 else None
        cuts.append(opening.start() if opening else start)
    cuts.append(len(visible_text))
    return [visible_text[start:end] for start, end in pairwise(cuts)]


def words(text: str) -> list[str]:
    r"""The words of any text, in order, case kept, in the form in which they are compared.

    A word is a run of letters, digits, underscores and combining marks (`\w+`, to which Python's `re` would not count
    the vowel signs of Devanagari); in scripts written without spaces, one character.
    """
    return _WORD.findall(comparable(text))


@cache
def _one_for_one() -> dict[int, str]:
    """Usual characters that NFKC replaces by one other: full-width forms, spaces, superscript digits. A shortcut only."""
    usual = (*range(0xA0, 0x100), *range(0x2000, 0x2100), 0x3000, *range(0xFF00, 0xFFF0))
    folded = ((code, unicodedata.normalize("NFKC", chr(code))) for code in usual)
    return {code: text for code, text in folded if len(text) == 1 and text != chr(code)}


def weight(word: str) -> int:
    """How much a word says, in quarters of one that is written between spaces: 2 for a Han character, 1 for a character of
    another script without spaces, whose words have more characters."""
    if _UNSPACED_WORD.match(word) is None:
        return 4
    return 2 if _HAN.match(word) else 1


def join_words(sequence: list[str]) -> str:
    """Words as one line of text: one space between two words, none between two of a script without spaces."""
    spaced = " ".join(sequence)
    if _UNSPACED_WORD.search(spaced) is None:
        return spaced
    parts: list[str] = []
    unspaced_before = False
    for word in sequence:
        unspaced = _UNSPACED_WORD.match(word) is not None
        if parts and not (unspaced and unspaced_before):
            parts.append(" ")
        parts.append(word)
        unspaced_before = unspaced
    return "".join(parts)
