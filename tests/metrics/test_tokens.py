r"""Tokens of benchmarks are the matches of `\w+`, whatever the text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from harness.metrics.benchmarks.tokens import word_tokens


def test_every_character_is_in_a_token_where_the_expression_says_so() -> None:
    characters = [chr(code) for code in range(0x110000)]
    assert word_tokens(" ".join(characters)) == re.findall(r"\w+", " ".join(characters))
    assert word_tokens("".join(characters)) == re.findall(r"\w+", "".join(characters))


@given(st.text())
def test_tokens_are_what_findall_finds(text: str) -> None:
    assert word_tokens(text) == re.findall(r"\w+", text)
