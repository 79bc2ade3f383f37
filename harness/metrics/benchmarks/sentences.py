"""Sentences of a text as NLTK 3.9.1 splits them with its English Punkt model, whatever NLTK is installed.

The algorithm is Punkt (Kiss and Strunk 2006, Unsupervised Multilingual Sentence Boundary Detection, Computational
Linguistics 32, 485-525): section 4 of the paper, on words that a trained model knows. Scores that are computed sentence by
sentence change with every change of the splitting, and NLTK 3.10 splits at curly quotes where 3.9.1 does not. So the
splitting is pinned here, with what of NLTK's behaviour the paper does not say.

`punkt_english.txt` holds the words of the model `punkt_tab/english` of NLTK's data (its `ortho_context.tab` has the SHA-256
4bbcca25ed3d3f06c02402abf8419b9f033b8adc06e7b482eca4e45f81a5dc4c), trained by Jan Strunk and Tibor Kiss on the Wall Street
Journal. NLTK's index of its data names Jan Strunk as the author and the MIT License. The model says of 20,365 words in
which places of a sentence, and with which case, they were seen. Only three classes of them make a difference and are kept,
see `_Model`. Two abbreviations that no word of a text can equal are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

_WORDS_FILE = Path(__file__).with_name("punkt_english.txt")

_ENDS = frozenset(".?!")
_INNER = frozenset(";:,.?!")  # no sentence begins with them
_BOUNDARY = r"[?!)\";}\]*:@'({\[]"  # characters at which a word ends
_RUN = r"-{2,}|\.{2,}|(?:\.\s){2,}\."  # dashes, and dots with and without spaces
_CANDIDATE = re.compile(rf"[.?!](?=({_BOUNDARY})|\s+(\S+))")
_WORD = re.compile(
    rf"{_RUN}"
    rf"|(?![(\"`{{\[:;&#*@)}}\]\-,])\S+?(?=\s|$|{_BOUNDARY}|{_RUN}|,(?:$|\s|{_BOUNDARY}|{_RUN}))"
    r"|\S"
)
_CLOSING = re.compile(r"[\"')\]}]+?(?:\s+|(?=--)|$)")
_ASCII_SPACES = " \t\n\r\v\f"

_NUMBER = re.compile(r"-?[.,]?\d[\d,.\-]*")
_INITIAL = re.compile(r"[^\W\d]\.")
_NUMBER_KIND = "##number##"


@dataclass(frozen=True)
class _Model:
    """What was learned of English words, all in lower case."""

    abbreviations: frozenset[str]
    starters: frozenset[str]
    common: frozenset[str]
    """Seen in lower case, and never capitalised inside a sentence."""
    mixed: frozenset[str]
    """Seen in lower case, and capitalised inside a sentence."""
    beginning: frozenset[str]
    """Seen at the beginning of a sentence in lower case, and never capitalised."""
    collocations: frozenset[tuple[str, ...]]


@cache
def _model() -> _Model:
    _, *words, pairs = re.split(r"^\[.+\]\n", _WORDS_FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    abbreviations, starters, common, mixed, beginning = (frozenset(section.split()) for section in words)
    collocations = frozenset(tuple(line.split()) for line in pairs.splitlines())
    return _Model(abbreviations, starters, common, mixed, beginning, collocations)


def split_sentences(text: str) -> list[str]:
    """The sentences of a text in order, without the spaces between them; none of a text without content."""
    return [text[start:end] for start, end in _with_closing_marks(text, _spans(text)) if start < end]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end, if what closes a quote belongs to the next one."""
    begin = 0
    for match, context in _candidates(text):
        if _holds_end(context):
            yield begin, match.end()
            begin = match.start(2) if match[2] else match.end()
    yield begin, len(text.rstrip())


def _candidates(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """The marks that may end a sentence, each with the text from the beginning of its word to the end of the next.

    Of several marks in one word only the last counts, and one with which the word begins. A word begins after the last
    ASCII space behind the mark before it, or where the word of that mark does; a space with which the text begins does
    not count.
    """
    last: re.Match[str] | None = None
    word_begin = searched_to = 0
    for match in _CANDIDATE.finditer(text):
        end = match.start()
        space = max(text.rfind(character, searched_to, end) for character in _ASCII_SPACES)
        next_begin = space + 1 if space > searched_to else word_begin
        if last and searched_to <= next_begin:
            yield last, _context(text, word_begin, last)
        last, word_begin, searched_to = match, next_begin, end
    if last:
        yield last, _context(text, word_begin, last)


def _context(text: str, begin: int, match: re.Match[str]) -> str:
    return text[begin : match.end(1) if match[1] else match.end(2)]


def _holds_end(context: str) -> bool:
    """Whether a sentence ends at some word of a text but the last."""
    words = [word for line in context.split("\n") for word in _WORD.findall(line)]
    return any(_ends_sentence(word, following) for word, following in pairwise(words))


def _ends_sentence(word: str, following: str) -> bool:
    """Whether a sentence ends with a word, given the one that follows it."""
    if word[-1] != "." or word == ".":
        return word in _ENDS
    model = _model()
    kind = _kind(word).removesuffix(".")
    next_kind = _kind(following).removesuffix(".") if _ends_alone(following) else _kind(following)
    if (kind, next_kind) in model.collocations:
        return False
    capitalised = following[0].isupper()
    begins = _begins_sentence(following, next_kind)
    initial = _INITIAL.fullmatch(word) is not None
    if initial or kind == _NUMBER_KIND:
        if begins is False or (initial and begins is None and capitalised and next_kind not in model.mixed):
            return False
    elif _is_abbreviation(word) or not word.strip("."):
        return begins is True or (capitalised and next_kind in model.starters)
    return _ends_alone(word)


def _ends_alone(word: str) -> bool:
    """Whether a sentence ends with a word, as far as can be said without the next one."""
    return word in _ENDS or (word[-1] == "." and not _is_abbreviation(word))


def _is_abbreviation(word: str) -> bool:
    """Whether a word, which ends in a dot, or its part behind the last hyphen is a known abbreviation."""
    stem = word[:-1].lower()
    abbreviations = _model().abbreviations
    return stem in abbreviations or stem.rpartition("-")[2] in abbreviations


def _kind(word: str) -> str:
    """A word in lower case; one kind for all numbers."""
    lower = word.lower()
    return _NUMBER_KIND if _NUMBER.fullmatch(lower) else lower


def _begins_sentence(word: str, kind: str) -> bool | None:
    """Whether a word begins a sentence, by its case and where it was seen in which case; None if that says nothing."""
    if word in _INNER:
        return False
    if word[0].isupper() and kind in _model().common:
        return True
    if word[0].islower() and kind not in _model().beginning:
        return False
    return None


def _with_closing_marks(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Quotes and brackets that follow the end of a sentence moved into it."""
    begin, end = next(spans)
    for next_begin, next_end in spans:
        closing = _CLOSING.match(text, next_begin, next_end)
        if closing:
            yield begin, next_begin + len(closing[0].rstrip())
            begin = closing.end()
        else:
            yield begin, end
            begin = next_begin
        end = next_end
    yield begin, end
