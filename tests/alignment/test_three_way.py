"""Two outputs beside the golden as one text."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from factories.goldens import lined_golden
from harness.alignment.align import align
from harness.alignment.three_way import three_way
from harness.alignment.words import PageWords, page_words
from harness.pages.words import words

WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=12).map(" ".join)
SEGMENTS = st.lists(st.tuples(WORDS, st.sampled_from(["keep", "maybe", "drop"])), max_size=8)


def page_of(*parts: tuple[str, str]) -> PageWords:
    kinds = {"keep": "body", "maybe": "title", "drop": "related"}
    return page_words(lined_golden((verdict, kinds[verdict], text) for text, verdict in parts))


@st.composite
def pages_and_outputs(draw: st.DrawFn) -> tuple[list[tuple[str, str]], str, str]:
    """Parts of a page, and two outputs of them in any order and number, with other words between."""
    parts = draw(SEGMENTS)
    line = st.sampled_from([text for text, _ in parts]) | WORDS if parts else WORDS
    outputs = st.lists(line, max_size=6).map("\n".join)
    return parts, draw(outputs), draw(outputs)


@given(pages_and_outputs())
def test_the_text_holds_the_main_content_and_both_outputs_word_for_word_in_order(case):
    parts, first, second = case
    page = page_of(*parts)
    pieces = list(three_way(page, align(page, first), align(page, second)))
    main_content = [piece for piece in pieces if piece.status in ("kept", "missed")]
    assert [word for piece in main_content for word in words(piece.text)] == [page.words[i] for i in page.keep]
    for side, output in (("A", first), ("B", second)):
        came = [piece for piece in pieces if (side in piece.who) == (piece.status in ("leaked", "free"))]
        assert [word for piece in came for word in words(piece.text)] == words(output)


@given(pages_and_outputs())
def test_of_two_equal_outputs_everything_is_of_both(case):
    parts, output, _ = case
    page = page_of(*parts)
    pieces = list(three_way(page, align(page, output), align(page, output)))
    assert {piece.who for piece in pieces} <= {"", "AB"}
    leaked = Counter(piece.certain for piece in pieces if piece.status == "leaked")
    assert leaked[True] == align(page, output).counts.leaked
