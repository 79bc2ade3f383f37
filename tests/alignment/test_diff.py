"""The diff gives back both texts, word for word and line by line."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from factories.goldens import Block, lined_golden
from harness.alignment.align import Alignment, align
from harness.alignment.diff import diff
from harness.alignment.words import page_words
from harness.goldens.golden import Segment
from harness.goldens.vocabulary import VERDICTS
from harness.pages import words as text
from harness.report.diff import print_diff


def aligned(blocks: Sequence[Block], output: str) -> Alignment:
    """An output laid beside a page with one line for each block."""
    return align(page_words(lined_golden(blocks)), output)


def body_of(view: str) -> str:
    """A view without its counts."""
    return view.partition("\n\n")[2].rstrip("\n")


separators = st.sampled_from([" ", " ", " ", ", ", "\n", "\t– ", " (", "'", ". "])
sentences = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "dd", "港", "é", "w1", "w2"]), separators), max_size=25)
texts = sentences.map(lambda pairs: "".join(word + separator for word, separator in pairs))
lines = texts.map(lambda content: content.replace("\n", " "))
pages = st.lists(st.tuples(st.sampled_from(VERDICTS), st.sampled_from(("body", "related", "title")), lines), max_size=6)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Block], str]:
    """A page, and an output put together from its lines and other text."""
    blocks = draw(pages)
    piece = st.sampled_from([content for _, _, content in blocks]) | texts if blocks else texts
    return blocks, "\n".join(draw(st.lists(piece, max_size=5)))


@given(cases())
def test_kept_and_missed_parts_are_the_main_content_in_order(case: tuple[list[Block], str]) -> None:
    blocks, output = case
    alignment = aligned(blocks, output)
    parts = [part for run in diff(alignment) for part in run.parts if part.status in ("kept", "missed")]
    main = [alignment.page.words[i] for i in alignment.page.keep]
    assert [word for part in parts for word in text.words(part.text)] == main
    assert [part.kind for part in parts] == [alignment.page.kinds[i] for i in alignment.page.keep]


@given(cases())
def test_kept_leaked_and_free_parts_are_the_output_in_order(case: tuple[list[Block], str]) -> None:
    alignment = aligned(*case)
    # Where a missed passage is shown whole, the words in it that came out are shown again, as echoes, in the leaked one.
    parts = [
        part
        for run in diff(alignment)
        for part in run.parts
        if part.status in ("leaked", "free", "echo") or (part.status == "kept" and run.status != "missed")
    ]
    assert [word for part in parts for word in text.words(part.text)] == list(alignment.output.words)


@given(cases())
def test_every_word_is_shown_under_its_status_and_no_run_mixes_leaks_of_two_kinds(case: tuple[list[Block], str]) -> None:
    blocks, output = case
    alignment = aligned(blocks, output)
    runs = diff(alignment)
    parts = [part for run in runs for part in run.parts]
    numbers = {status: sum(part.status == status for part in parts) for status in ("kept", "missed", "leaked", "free")}
    counts = (alignment.counts.kept, alignment.counts.missed, alignment.counts.leaked, len(alignment.free))
    assert tuple(numbers.values()) == counts
    for run in runs:
        for part in run.parts:
            if part.status in ("missed", "leaked"):
                assert (run.status, run.kind) == (part.status, part.kind)


def test_a_line_that_ends_in_dropped_text_still_ends_in_the_diff() -> None:
    segments = (
        Segment("The ferry lost its winch ", "keep", "body", 1),
        Segment("(advert)", "drop", "promo", 1),
        Segment("Divers found the broken drum", "keep", "body", 2),
    )
    words = page_words(replace(lined_golden([]), labelled=segments))
    file = io.StringIO()
    output = "The ferry lost its winch\nDivers found the broken drum"
    print_diff(align(words, output), Console(file=file, width=200))
    kept = body_of(file.getvalue()).split("\n")
    assert len(kept) == 2 and kept[1] == "Divers found the broken drum"
