"""The only place where text is normalised and split into words.

Every side of every metric of our own goes through these functions, so that no metric can disagree with another about
what a word is. The metrics of public benchmarks use the tokens that their own scripts define.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import regex

# Soft hyphen, zero-width space and joiners, directional marks, word joiner, variation selectors, byte order mark.
_INVISIBLE = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), *range(0xFE00, 0xFE10), 0xFEFF]
)
_OPENING = regex.compile(r"(?<=\s)\S*$")  # what stands before a word without a space in between
_SPACES = regex.compile(r"\s+")

# Scripts that are written without spaces: one character, with its marks, is a word.
_UNSPACED = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30fc]&&[\p{L}\p{N}]]"
_SPACED = rf"[[\p{{L}}\p{{N}}_]--{_UNSPACED}]"
_WORD = regex.compile(rf"(?V1){_UNSPACED}\p{{M}}*|{_SPACED}[{_SPACED}\p{{M}}]*")
_UNSPACED_WORD = regex.compile(rf"(?V1){_UNSPACED}")
_HAN = regex.compile(r"\p{Han}")


def visible(text: str) -> str:
    """Text in Unicode NFC without invisible characters; its spaces and line breaks as they were."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def normalise(text: str) -> str:
    """Visible text with every run of Unicode spaces made one space, and none at the ends."""
    return _SPACES.sub(" ", visible(text)).strip()


def word_spans(visible_text: str) -> list[tuple[int, int]]:
    """Half-open character spans of the words of a text that `visible` or `normalise` returned."""
    return [match.span() for match in _WORD.finditer(visible_text)]


def displayed(visible_text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The text cut into one piece for each word span: punctuation before a word and after it goes with it."""
    cuts = [0]
    for (_, end), (start, _) in pairwise(spans):
        opening = _OPENING.search(visible_text, end, start) if start > end + 1 else None
        cuts.append(opening.start() if opening else start)
    cuts.append(len(visible_text))
    return [visible_text[start:end] for start, end in pairwise(cuts)]


def words(text: str) -> list[str]:
    r"""The words of any text, in order, case kept.

    A word is a run of letters, digits, underscores and combining marks (`\w+`, to which Python's `re` would not count
    the vowel signs of Devanagari); in scripts written without spaces, one character.
    """
    return _WORD.findall(visible(text))


def weight(word: str) -> int:
    """How much a word says, in quarters of one that is written between spaces: 2 for a Han character, 1 for a character of
    another script without spaces, whose words have more characters."""
    if _UNSPACED_WORD.match(word) is None:
        return 4
    return 2 if _HAN.match(word) else 1


def join_words(sequence: list[str]) -> str:
    """Words as one line of text: one space between two words, none between two of a script without spaces."""
    parts: list[str] = []
    unspaced_before = False
    for word in sequence:
        unspaced = _UNSPACED_WORD.match(word) is not None
        if parts and not (unspaced and unspaced_before):
            parts.append(" ")
        parts.append(word)
        unspaced_before = unspaced
    return "".join(parts)
