"""A diff in a terminal: marks and counts without colour, folds, and no text that steers the terminal."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence

import pytest
from rich.console import Console

from factories.goldens import Block, lined_golden
from harness.alignment.align import Alignment, align
from harness.alignment.words import page_words
from harness.goldens.vocabulary import LabelVerdict
from harness.pages import words as text
from harness.report.diff import print_diff


def aligned(blocks: Sequence[Block], output: str) -> Alignment:
    """An output laid beside a page with one line for each block."""
    return align(page_words(lined_golden(blocks)), output)


def shown(blocks: Sequence[Block], output: str, width: int = 4000) -> str:
    """What stands in a terminal without colours, counts included."""
    file = io.StringIO()
    print_diff(aligned(blocks, output), Console(file=file, width=width, highlight=False, markup=False, emoji=False))
    return file.getvalue()


def body_of(view: str) -> str:
    """A view without its counts."""
    return view.partition("\n\n")[2].rstrip("\n")


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
    top = shown(STORY, "Ferry adrift\nThe ferry lost its winch. zzz A bakery sells bread").split("\n")[0]
    assert top.split() == "kept 5 missed 4 (body 4) leaked 5 (related 4, invented 1) not counted 2".split()


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
    verdict: dict[str, LabelVerdict] = {"kept": "keep", "missed": "keep", "leaked": "drop", "free": "maybe"}
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
    verdict: dict[str, LabelVerdict] = {"missed": "keep", "leaked": "drop", "free": "maybe"}
    blocks: list[Block] = [("keep", "body", "Before it"), ("keep", "body", "after it")]
    if place != "invented":
        blocks.insert(1, (verdict.get(place, "keep"), "body", hostile))
    output = "Before it\nafter it" if place == "missed" else f"Before it\n{hostile}\nafter it"
    view = shown(blocks, output)
    assert {unicodedata.category(char) for char in view.replace("\n", "")}.isdisjoint(STEERING)
    assert all(word in view for word in text.words(hostile))
