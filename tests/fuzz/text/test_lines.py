"""Lines of a dump: ends, margins, blank ones, wrapping, and all in one."""

from __future__ import annotations

from itertools import pairwise
from textwrap import wrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.text_layouts import DUMP, DUMP_LABELS, NAMES, core, core_page, dump_golden
from harness.fuzz.base import DoesNotApply
from harness.fuzz.columns import columns
from harness.fuzz.text.operators.lines import BlankLines, LineEnds, Margins, OneLine, Wrap
from harness.fuzz.text.page import TextPage
from harness.goldens.labels import Label


def test_line_ends(page: TextPage) -> None:
    changed_page = LineEnds("crlf", leading=1, final=1, bom=True).apply(page)
    assert changed_page.raw == b"\xef\xbb\xbf\r\n" + DUMP.replace("\n", "\r\n").encode() + b"\r\n"
    golden = changed_page.golden("a/b")
    assert Label("keep", ("7[13:63]", "8-9"), "body") in golden.labels
    assert LineEnds("ls").apply(page).content == DUMP.replace("\n", "\u2028")


def test_carriage_returns_alone_part_lines_of_the_main_content(page: TextPage) -> None:
    assert LineEnds("cr").apply(page).golden("a/b").main_content.splitlines() == page.golden("a/b").main_content.splitlines()


def test_margins(page: TextPage) -> None:
    lines = Margins(indent=2, trailing=1, space="\t", every=2).apply(page).content.split("\n")
    assert lines[0] == "\t\tlamp\t"
    assert lines[1] == "The bridge that hums"


@given(gaps=st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_blank_lines_follow_the_pattern(gaps: list[int]) -> None:
    page = TextPage.of(dump_golden(DUMP, DUMP_LABELS))
    lines = BlankLines(tuple(gaps)).apply(page).lines
    full = [i for i, line in enumerate(lines) if not line.blank]
    assert [b - a - 1 for a, b in pairwise(full)] == [gaps[i % len(gaps)] for i in range(len(full) - 1)]


@settings(max_examples=50)
@given(
    st.sampled_from([name for name in NAMES if columns(core(name).page.content) <= len(core(name).page.content)]),
    st.integers(20, 120),
)
def test_lines_are_wrapped_as_any_program_does(name: str, width: int) -> None:
    page = core_page(name)
    expected = []
    for line in page.lines:
        fits = columns(line.text) <= width
        expected += [line.text] if fits else wrap(line.text, width, break_long_words=False, break_on_hyphens=False)
    if len(expected) == len(page.lines):
        with pytest.raises(DoesNotApply):
            Wrap(width).apply(page)
    else:
        assert [line.text.split() for line in Wrap(width).apply(page).lines] == [text.split() for text in expected]


@given(st.integers(4, 60), st.integers(30, 90))
def test_wide_characters_take_two_columns(width: int, count: int) -> None:
    text = ("春夏秋冬" * count)[:count]
    page = TextPage.of(dump_golden(text, [Label("keep", ("1",), "body")]))
    size = width // 2
    lines = [line.text for line in Wrap(width).apply(page).lines] if 2 * count > width else [text]
    assert lines == [text[i : i + size] for i in range(0, count, size)]


def test_no_line_begins_with_a_mark_that_ends_something() -> None:
    page = TextPage.of(dump_golden("春が来る。夏が「来る」、秋。", [Label("keep", ("1",), "body")]))
    assert [line.text for line in Wrap(8).apply(page).lines] == ["春が来", "る。夏が", "「来", "る」、", "秋。"]


def test_one_line(page: TextPage) -> None:
    (line,) = OneLine(on=True).apply(page).lines
    assert line.text == " ".join(part.strip() for part in DUMP.split("\n") if part)


def test_lines_of_a_script_without_spaces_are_joined_without_one() -> None:
    dump = "川は北へ流れる。\n橋は三本ある。\nLamp 7\n"
    golden = dump_golden(dump, [Label("keep", ("1-3",), "body")])
    assert OneLine(on=True).apply(TextPage.of(golden)).content == "川は北へ流れる。橋は三本ある。 Lamp 7\n"
