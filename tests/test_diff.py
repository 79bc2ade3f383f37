"""The diff gives back both texts, folds, and is readable and harmless in a terminal."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from harness.alignment.align import Alignment, align, page_words
from harness.alignment.diff import diff
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import VERDICTS, Verdict
from harness.pages.page import Page
from harness.pages.words import words
from harness.report.diff import print_diff

Block = tuple[Verdict, str, str]  # verdict, kind, text


def aligned(blocks: Sequence[Block], output: str) -> Alignment:
    """An output laid beside a page with one line for each block."""
    segments = tuple(Segment(content, verdict, kind, line) for line, (verdict, kind, content) in enumerate(blocks))
    return align(page_words(Golden("set/page", Page(b"", "text/plain"), "article", "site.example", segments)), output)


def shown(blocks: Sequence[Block], output: str, width: int = 4000) -> str:
    """What stands in a terminal without colours, counts included."""
    file = io.StringIO()
    print_diff(aligned(blocks, output), Console(file=file, width=width, highlight=False, markup=False, emoji=False))
    return file.getvalue()


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
    assert [word for part in parts for word in words(part.text)] == main
    assert [part.kind for part in parts] == [alignment.page.kinds[i] for i in alignment.page.keep]


@given(cases())
def test_kept_leaked_and_free_parts_are_the_output_in_order(case: tuple[list[Block], str]) -> None:
    blocks, output = case
    # Where a missed passage is shown whole, the words in it that came out are shown again, as echoes, in the leaked one.
    parts = [
        part
        for run in diff(aligned(blocks, output))
        for part in run.parts
        if part.status in ("leaked", "free", "echo") or (part.status == "kept" and run.status != "missed")
    ]
    assert [word for part in parts for word in words(part.text)] == words(output)


@given(cases())
def test_every_word_is_shown_under_its_status_and_no_run_mixes_leaks_of_two_kinds(case: tuple[list[Block], str]) -> None:
    blocks, output = case
    alignment = aligned(blocks, output)
    runs = diff(alignment)
    parts = [part for run in runs for part in run.parts]
    numbers = {status: sum(part.status == status for part in parts) for status in ("kept", "missed", "leaked", "free")}
    assert numbers == asdict(alignment.counts)
    for run in runs:
        for part in run.parts:
            if part.status in ("missed", "leaked"):
                assert (run.status, run.kind) == (part.status, part.kind)


STORY: list[Block] = [
    ("maybe", "title", "Ferry adrift"),
    ("keep", "body", "The ferry lost its winch."),
    ("keep", "body", "Divers found the drum."),
    ("drop", "related", "A bakery sells bread at midnight"),
]


def test_marks_tell_kept_missed_leaked_and_maybe_without_colour() -> None:
    output = "Ferry adrift\nThe ferry lost its winch.\nA bakery sells bread at midnight"
    assert body_of(shown(STORY, output)).split("\n") == [
        "{~Ferry adrift~}",
        "The ferry lost its winch.",
        "[-Divers found the drum.-]",
        "{+related: A bakery sells bread at midnight+}",
    ]


def test_counts_stand_on_top_with_the_kinds_of_what_was_missed_and_leaked() -> None:
    top = shown(STORY, "Ferry adrift\nThe ferry lost its winch. zzz A bakery sells").split("\n")[0]
    assert top.split() == "kept 5 missed 4 (body 4) leaked 4 (related 3, invented 1) not counted 2".split()


def test_nothing_kept_and_nothing_returned_is_said() -> None:
    assert body_of(shown([("drop", "promo", "An advert")], "")) == "(no text)"


def test_a_colour_terminal_strikes_what_was_missed() -> None:
    file = io.StringIO()
    print_diff(aligned(STORY, "The ferry lost its winch."), Console(file=file, width=80, force_terminal=True))
    struck = re.findall(r"\x1b\[[\d;]*\b9\b[\d;]*m([^\x1b]*)", file.getvalue())
    assert "Divers found the drum." in "".join(struck)
    assert "ferry" not in "".join(struck)


@pytest.mark.parametrize("status", ["kept", "missed", "leaked", "free"])
def test_long_equal_runs_are_folded_and_say_how_many_words_they_hide(status: str) -> None:
    words = [f"w{i}" for i in range(500)]
    long = " ".join(words)
    verdict: dict[str, Verdict] = {"kept": "keep", "missed": "keep", "leaked": "drop", "free": "maybe"}
    view = shown([(verdict[status], "body", long)], "" if status == "missed" else long)
    hidden = re.findall(r"… (\d+) words …", view)
    visible = re.findall(r"\bw\d+", view)
    assert len(hidden) == 1 and len(visible) + int(hidden[0]) == 500
    assert len(visible) < 200
    assert visible == words[: len(visible) // 2] + words[500 - len(visible) // 2 :]


def test_short_texts_are_never_folded() -> None:
    words = " ".join(f"w{i}" for i in range(40))
    assert "…" not in shown([("keep", "body", words), ("drop", "related", "x " * 100)], f"{words}\n{'x ' * 100}")


def test_lines_of_the_page_stay_lines() -> None:
    first, second = "One two three four five", "six seven eight nine ten"
    blocks: list[Block] = [("keep", "body", first), ("keep", "body", second), ("keep", "body", "eleven twelve")]
    assert body_of(shown(blocks, f"{first}\n{second}\neleven twelve")) == f"{first}\n{second}\neleven twelve"
    assert body_of(shown(blocks, f"{first}\n{second}")) == f"{first}\n{second}\n[-eleven twelve-]"


def test_a_line_that_ends_in_dropped_text_still_ends_in_the_diff() -> None:
    segments = (
        Segment("The ferry lost its winch ", "keep", "body", 1),
        Segment("(advert)", "drop", "promo", 1),
        Segment("Divers found the broken drum", "keep", "body", 2),
    )
    words = page_words(Golden("set/page", Page(b"", "text/plain"), "article", "site.example", segments))
    file = io.StringIO()
    output = "The ferry lost its winch\nDivers found the broken drum"
    print_diff(align(words, output), Console(file=file, width=200))
    kept = body_of(file.getvalue()).split("\n")
    assert len(kept) == 2 and kept[1] == "Divers found the broken drum"


HOSTILE = {
    "colours": "\x1b[31mred\x1b[0m text",
    "window title": "see \x1b]0;owned\x07 this",
    "clear screen": "now \x1b[2J\x1b[H gone",
    "C1 control sequence": "an \x9b31m odd one",
    "backspaces": "safe\x08\x08\x08\x08 evil",
    "carriage return": "the true line\rfake",
    "override": "abc \u202etxt.exe\u202c end",
    "isolate": "abc \u2067txt.exe\u2069 end",
    "arabic mark": "abc \u061ctxt end",
    "lone surrogate": "half \ud83d pair",
    "NUL": "nul \x00 here",
    "rich markup": "[bold]not markup[/bold] [link=https://x.example]here[/link]",
}
STEERING = {"Cc", "Cf", "Cs", "Co"}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["kept", "missed", "leaked", "free", "invented"])
def test_hostile_text_cannot_steer_the_terminal(name: str, place: str) -> None:
    hostile = HOSTILE[name]
    verdict: dict[str, Verdict] = {"missed": "keep", "leaked": "drop", "free": "maybe"}
    blocks: list[Block] = [("keep", "body", "Before it"), ("keep", "body", "after it")]
    if place != "invented":
        blocks.insert(1, (verdict.get(place, "keep"), "body", hostile))
    output = "Before it\nafter it" if place == "missed" else f"Before it\n{hostile}\nafter it"
    view = shown(blocks, output)
    assert {unicodedata.category(char) for char in view.replace("\n", "")}.isdisjoint(STEERING)
    assert all(word in view for word in words(hostile))
