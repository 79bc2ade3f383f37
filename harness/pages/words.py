"""The only place where text is normalised and split into words.

Every side of every metric of our own goes through these functions, so that no metric can disagree with another about
what a word is. The metrics of public benchmarks use the tokens that their own scripts define.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import regex

from harness.pages.characters import codes_of, text_of_codes

# Characters that Unicode calls default ignorable: soft hyphen, joiners, directional marks, variation selectors …
_INVISIBLE_RANGES = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
_INVISIBLE = regex.compile("[" + "".join(f"{chr(first)}-{chr(last)}" for first, last in _INVISIBLE_RANGES) + "]+")
_IS_INVISIBLE = np.zeros(0x110000, bool)
for _first, _last in _INVISIBLE_RANGES:
    _IS_INVISIBLE[_first : _last + 1] = True
LIST_NUMBER_ENDS = ".)．）"
"""What stands behind the number of a list item."""
# What ordered lists count in: numbers, letters (also two, behind z), Roman numerals.
_LIST_NUMBER = (
    r"(?:\d{1,9}|\p{L}\p{M}*|[a-z]{2}|[A-Z]{2}"
    r"|(?i:(?=[ivxlcdm])m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})))"
)
_IS_LIST_NUMBER = regex.compile(_LIST_NUMBER)
_LONGEST_LIST_NUMBER = 15  # characters: a Roman numeral
# What stands before an item of an ordered list: `1.`, `b)`, `(iv)`, `* 4.`, `５．`; several where lists begin in lists.
_LIST_NUMBERS = regex.compile(rf"^(?:\W*({_LIST_NUMBER})(?:[.)．）]+(?=\s|$)|[．）]+(?!\d))){{1,8}}")
_SPACES = regex.compile(r"\s+")

# What can become one character with what stands before it: marks, Korean letters, half-width marks of kana.
_JOINING = r"[\p{M}\u1161-\u1175\u11a8-\u11c2\u3131-\u318e\uff9e-\uffdc]"
_JOINED = regex.compile(rf"(?s).{_JOINING}*")
_PIECE = regex.compile(r"\s+|\S+")
_LEADING = regex.compile(rf"{_JOINING}+")

# Scripts that are written without spaces: one character, with its marks, is a word.
_UNSPACED = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30fc]&&[\p{L}\p{N}]]"
_SPACED = rf"[[\p{{L}}\p{{N}}_]--{_UNSPACED}]"
_WORD = regex.compile(rf"(?V1){_UNSPACED}\p{{M}}*|{_SPACED}[{_SPACED}\p{{M}}]*")
_UNSPACED_WORD = regex.compile(rf"(?V1){_UNSPACED}")
FIRST_UNSPACED = "\u0e00"
"""No character of scripts without spaces comes before it."""
_HAN = regex.compile(r"\p{Han}")

SPACED, UNSPACED, MARK = 1, 2, 3
"""Classes of characters: what words of scripts with spaces are made of, words of their own, and what belongs to either."""
_CLASSES = ((SPACED, regex.compile(rf"(?V1){_SPACED}")), (UNSPACED, _UNSPACED_WORD), (MARK, regex.compile(r"\p{M}")))


class Word(NamedTuple):
    """A word, and where it stands in a text that `without_invisible` returned."""

    text: str
    """The word in the form in which words are compared: Unicode NFKC."""
    start: int
    """Its first character."""
    end: int
    """The character behind its last one. Two words can share one character, such as the digits of a fraction."""


def without_invisible(text: str) -> str:
    """Text in Unicode NFC without invisible characters; its spaces and line breaks as they were."""
    if text.isascii():
        return text
    codes = codes_of(text)
    is_invisible = _IS_INVISIBLE[codes]
    return unicodedata.normalize("NFC", text_of_codes(codes[~is_invisible]) if is_invisible.any() else text)


def visible_lines(lines: Sequence[str]) -> list[str]:
    """Lines as `without_invisible` has them, each of them alone."""
    text = "\n".join(lines)
    seen = without_invisible(text)
    if seen == text:
        return list(lines)
    seen_lines = seen.split("\n")  # no character composes with a line break
    return seen_lines if len(seen_lines) == len(lines) else list(map(without_invisible, lines))


def visible_pieces(pieces: Sequence[str]) -> list[str]:
    """Pieces of one text as `without_invisible` has them: joined, they are the visible text.

    A mark that begins a piece goes to the piece of the letter that it stands on.
    """
    text = "".join(pieces)
    if text.isascii() or (without_invisible(text) == text and not any(map(_LEADING.match, pieces))):
        return list(pieces)
    seen = [_INVISIBLE.sub("", piece) for piece in pieces]
    before = None  # the last piece with text
    for index, piece in enumerate(seen):
        if before is not None and (marks := _LEADING.match(piece)):
            seen[before] += marks[0]
            seen[index] = piece = piece[marks.end() :]
        before = index if piece else before
    return [unicodedata.normalize("NFC", piece) for piece in seen]


def comparable_text(text: str) -> str:
    """Text as it is compared: visible, in Unicode NFKC, which writes out ligatures and makes full-width forms usual ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def fold_case(text: str) -> str:
    """Comparable text without regard to the case of letters."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", comparable_text(text).casefold())


def normalise(text: str) -> str:
    """Comparable text with every run of Unicode spaces made one space, and none at the ends."""
    return _SPACES.sub(" ", comparable_text(text)).strip()


def find_words(visible_text: str, cuts: Sequence[int] = ()) -> list[Word]:
    """The words of a text that `without_invisible` returned, with their places.

    cuts: places, in order, at which words are cut.
    """
    found = _find_words(visible_text)
    return [part for word in found for part in cut_word(visible_text, word, cuts)] if cuts else found


def _find_words(visible_text: str) -> list[Word]:
    if visible_text.isascii() or unicodedata.is_normalized("NFKC", visible_text):
        return [Word(match[0], *match.span()) for match in _WORD.finditer(visible_text)]
    parts: list[str] = []
    starts: list[int] = []  # for each character of the parts, where what it was made of begins, and where it ends
    ends: list[int] = []
    for piece in _PIECE.finditer(visible_text):
        if unicodedata.is_normalized("NFKC", piece[0]):
            parts.append(piece[0])
            starts += range(piece.start(), piece.end())
            ends += range(piece.start() + 1, piece.end() + 1)
            continue
        for joined in _JOINED.finditer(visible_text, *piece.span()):
            parts.append(unicodedata.normalize("NFKC", joined[0]))
            starts += [joined.start()] * len(parts[-1])
            ends += [joined.end()] * len(parts[-1])
    found = _WORD.finditer("".join(parts))
    return [Word(match[0], starts[match.start()], ends[match.end() - 1]) for match in found]


def cut_word(text: str, word: Word, cuts: Sequence[int]) -> list[Word]:
    """A word of a text, cut."""
    inside = cuts[bisect_right(cuts, word.start) : bisect_left(cuts, word.end)]
    if not inside:
        return [word]
    parts = (
        (start, part) for start, end in pairwise([word.start, *inside, word.end]) for part in _find_words(text[start:end])
    )
    return [Word(part.text, start + part.start, start + part.end) for start, part in parts]


def character_classes(characters: str) -> list[int]:
    """The class of each character, 0 for those that are in no word."""
    found = [0] * len(characters)
    for number, of in reversed(_CLASSES):
        for match in of.finditer(characters):
            found[match.start()] = number
    return found


def folded_character(character: str) -> str:
    """A character that stands for it in the search for words: what NFKC makes of it where that is one character, a space
    where it makes several of which none is in a word, else itself."""
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) > 1 and not _WORD.search(folded) and not _LEADING.match(folded):
        return " "
    return folded if len(folded) == 1 else character


def is_list_number(word: str) -> bool:
    """Whether a word could be the number of a list item: a number, a letter or a Roman numeral."""
    return len(word) <= _LONGEST_LIST_NUMBER and _IS_LIST_NUMBER.fullmatch(word) is not None


def list_numbers(line: str) -> list[str]:
    """What a line begins with that could be the numbers of list items, mostly one: `1.` and `１．` as `1`, `b)` as `b`."""
    match = _LIST_NUMBERS.match(line)
    return [comparable_text(number) for number in match.captures(1)] if match else []


def without_list_numbers(line: str) -> str:
    """A line without what `list_numbers` finds, unless it has nothing else."""
    return _LIST_NUMBERS.sub("", line, 1) if list_numbers(line) != words(line) else line


def words(text: str) -> list[str]:
    r"""The words of any text, in order, case kept, in the form in which they are compared.

    A word is a run of letters, digits, underscores and combining marks (`\w+`, to which Python's `re` would not count
    the vowel signs of Devanagari); in scripts written without spaces, one character.
    """
    return _WORD.findall(comparable_text(text))


def weight(word: str) -> int:
    """How much a word says, in quarters of one that is written between spaces: 2 for a Han character, 1 for a character of
    another script without spaces, whose words have more characters."""
    if word < FIRST_UNSPACED or _UNSPACED_WORD.match(word) is None:
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
