"""Names of extractors, as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ALIAS = re.compile(r"([^\s=:/]+)=(?=.)", re.DOTALL)


def split_alias(word: str) -> tuple[str, str]:
    """`ALIAS=REFERENCE` as its two parts; an empty alias for a name that has none."""
    found = _ALIAS.match(word)
    return (found[1], word[found.end() :]) if found else ("", word)


def spelled_out(word: str, known: Iterable[str]) -> str:
    """`ALIAS=REFERENCE` for a word that is one of the aliases that are known, with the release for `ALIAS@RELEASE`; another
    word as it is. known: words that extractors are asked for by, some of them with aliases."""
    references = {alias: reference for alias, reference in map(split_alias, known) if alias}
    alias, at, release = word.partition("@")
    if word in references:
        return f"{word}={references[word]}"
    reference = references.get(alias, "")
    return f"{word}={reference}{at}{release}" if reference and not {"@", ":"} & {*reference} else word


def name_of(word: str) -> str:
    """What an extractor that was asked for by this word is called in runs: its alias, else the word."""
    return split_alias(word)[0] or word
