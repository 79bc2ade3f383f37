"""Text in scorecards: what people write is kept, and nothing steers a page or a terminal."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.scorecards import HOSTILE
from harness.scorecard.write.markdown import escape
from harness.scorecard.write.sanitise import clean, shorten


@pytest.mark.parametrize("text", HOSTILE)
def test_plain_text_is_one_line_without_markup(text):
    assert "\n" not in escape(text)
    assert not re.search(r"(?<!\\)[\[\]<>`*|]", escape(text).replace("<!-- -->", ""))


def test_clean_text_keeps_what_people_write():
    for text in ("Straße, naïve café", "日本語", "שלום", "नमस्ते", "line\n\ttab"):
        assert clean(text) == text


@given(st.text())
def test_clean_text_can_be_stored_and_steers_nothing(text):
    cleaned = clean(text)
    cleaned.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]", cleaned)
    assert clean(cleaned) == cleaned


@given(st.text(max_size=300))
def test_a_word_of_usual_length_is_not_cut(word):
    assert shorten(word[:80]) == word[:80]
    assert len(shorten(word)) <= 80
