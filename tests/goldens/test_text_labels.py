"""Labels of lines and characters laid over text dumps."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from factories.labels import KINDS, VERDICTS, contradicted, labelled, without_effect
from factories.pages import html_page, text_page
from harness.goldens.golden import resolve
from harness.goldens.labels import Label


@st.composite
def text_labels(draw: st.DrawFn) -> tuple[str, list[Label], list[dict[int, set[int]]]]:
    """A dump, labels over it, and for each label the characters that it names: line from 1 -> columns."""
    lines = draw(st.lists(st.text(st.sampled_from("ab é漢.\r\t\x0b\u00a0"), max_size=6), min_size=1, max_size=7))
    labels, extents = [], []
    for row in range(draw(st.integers(1, 6))):
        places, extent = [], {}
        for _ in range(draw(st.integers(1, 2))):
            first = draw(st.integers(1, len(lines)))
            length = len(lines[first - 1])
            if length and draw(st.booleans()):
                start = draw(st.integers(0, length - 1))
                end = draw(st.integers(start + 1, length))
                places.append(f"{first}[{start}:{end}]")
                extent.setdefault(first, set()).update(range(start, end))
            else:
                last = draw(st.integers(first, len(lines)))
                places.append(f"{first}-{last}" if last > first or draw(st.booleans()) else f"{first}")
                for number in range(first, last + 1):
                    extent.setdefault(number, set()).update(range(len(lines[number - 1])))
        labels.append(Label(draw(VERDICTS), tuple(places), draw(KINDS), row + 1))
        extents.append(extent)
    ending = "" if lines[-1] and draw(st.booleans()) else "\n"  # a line break at the end begins no line
    return "\n".join(lines) + ending, labels, extents


@given(text_labels())
def test_text_labels_paint_characters_and_later_paint_covers(
    case: tuple[str, list[Label], list[dict[int, set[int]]]],
) -> None:
    content, labels, extents = case
    painted, seen = [], set()
    for number, line in enumerate(content.removesuffix("\n").split("\n"), 1):
        for column, char in enumerate(line if line.strip() else ""):
            label = next((i for i in reversed(range(len(labels))) if column in extents[i].get(number, ())), None)
            seen |= {label} if char.strip() else set()
            rule = ("drop", "other") if label is None else (labels[label].verdict, labels[label].kind)
            painted.append((char, *rule, number))
    segments, wrong = resolve(text_page(content), labels)
    assert [(char, s.verdict, s.kind, s.line) for s in segments for char in s.text] == painted
    without_text = set(range(1, len(labels) + 1)) - {label + 1 for label in seen if label is not None}
    assert without_effect(wrong) <= without_text
    assert without_text <= without_effect(wrong) | contradicted(wrong) | {
        label.row for label, why in wrong if "blank" in why
    }


def test_lines_count_from_one_and_characters_from_zero_in_code_points() -> None:
    page = text_page("\ufeffmenu\n\n🚢 OSLO (X) — The 漢 ferry\nsank.\nmore\n")
    assert labelled(page, ("keep", "3-4", "body"), ("maybe", "3[2:12]", "dateline")) == [
        ("menu", "drop", "other"),
        ("🚢", "keep", "body"),
        ("OSLO (X) —", "maybe", "dateline"),
        ("The 漢 ferry", "keep", "body"),
        ("sank.", "keep", "body"),
        ("more", "drop", "other"),
    ]


def test_an_exception_may_name_a_line_elsewhere_as_well() -> None:
    page = text_page("one\nBUY\ntwo\n\nshop")
    segments, wrong = resolve(page, [Label("keep", ("1-3",), "body", 1), Label("drop", ("2", "5"), "promo", 2)])
    assert wrong == []
    assert [segment.verdict for segment in segments] == ["keep", "drop", "keep", "drop"]


def test_every_pair_of_labels_that_contradict_each_other_is_reported() -> None:
    labels = [Label(verdict, ("1",), "body", row) for row, verdict in enumerate(("keep", "maybe", "drop"), 1)]
    for page, rules in (
        (text_page("one"), labels),
        (html_page("<p>one"), [Label(label.verdict, ("p",), "body", label.row) for label in labels]),
    ):
        _, wrong = resolve(page, rules)
        pairs = [(label.row, found[1]) for label, reason in wrong if (found := re.search(r"label of line (\d+)", reason))]
        assert sorted(pairs) == [(2, "1"), (3, "1"), (3, "2")]
