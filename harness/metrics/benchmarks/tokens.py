r"""Matches of `\w+` as Python's `re` finds them, which several benchmarks compare texts by."""

from __future__ import annotations

import re

import numpy as np

from harness.pages.characters import CharacterTable, codes_of, text_of_codes

_IN_TOKEN = re.compile(r"\w")
_SPACE = np.uint32(ord(" "))
_TABLE = CharacterTable(np.bool_, lambda characters: [_IN_TOKEN.match(character) is not None for character in characters])


def word_tokens(text: str) -> list[str]:
    r"""What `re.findall(r"\w+", text)` returns, in half the time."""
    codes = codes_of(text)
    return text_of_codes(np.where(_TABLE.of(codes), codes, _SPACE)).split()
