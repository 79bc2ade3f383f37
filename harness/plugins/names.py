"""Names of extractors, as they are written."""

from __future__ import annotations

import re

_ALIAS = re.compile(r"([^\s=:/]+)=(?=.)", re.DOTALL)


def split_alias(word: str) -> tuple[str, str]:
    """`ALIAS=REFERENCE` as its two parts; an empty alias for a name that has none."""
    found = _ALIAS.match(word)
    return (found[1], word[found.end() :]) if found else ("", word)


def name_of(word: str) -> str:
    """What an extractor that was asked for by this word is called in runs: its alias, else the word."""
    return split_alias(word)[0] or word
