"""Changes of text dumps: labels follow every change, and each change does what its definition says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from textwrap import wrap

import pytest
from helpers import html_page, text_page
from hypothesis import find, given, settings
from hypothesis import strategies as st

from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.catalogue import applied, operators_of
from harness.fuzz.donors import DONOR_KINDS, comments, donors_from, languages, own_donors, wording
from harness.fuzz.strategies import by_code, compositions, dumps, operators
from harness.fuzz.text.blocks import cards_of, columns, heading_of, sections
from harness.fuzz.text.operators.around import DropHeadings, Glue, TitleCopies, TranslateHeadings
from harness.fuzz.text.operators.body import ForeignQuote, HeadingInBody, JoinBody, ShortBody, SplitBody
from harness.fuzz.text.operators.characters import Characters
from harness.fuzz.text.operators.inserted import Captions, FillComments, LegalFooter, PromoInside
from harness.fuzz.text.operators.lines import BlankLines, LineEnds, Margins, OneLine, Wrap
from harness.fuzz.text.operators.related import (
    AddRelated,
    CutEnds,
    MoveRelated,
    NearDuplicate,
    RebreakRelated,
    ReorderCards,
    Size,
)
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden, Label, resolve
from harness.goldens.reader import Dumps, read_golden
from harness.goldens.sets import DUMPS_VARIABLE, dumps_from, find_goldens, load_goldens
from harness.goldens.vocabulary import TEXT_KINDS
from harness.pages import words as words_of

ROOT = Path(__file__).parents[1]
CORE = sorted(path.stem for path in (ROOT / "goldens" / "core").glob("*.txt"))
TEXT_OPERATORS = operators_of("text/plain")
SEARCHED = by_code("text/plain")
SMALL = [t for t in TEXT_OPERATORS if t is not Size]  # sizes are probed, and take long to compare

DUMP = """\
lamp
The bridge that hums
The bridge that hums

The Quay4 hours ago
KNOLL (QP) — The footbridge hums in F sharp. Nobody knows why.
"It started in May," said the warden. He keeps a tuning fork now.
Only the ducks complain.
Comments

Nothing yet...

Related Articles

Goat elected twice
Goat elected twice
The Mill
time9 minutes ago
A goat won the vote in Osper. It had no rival. The count took a minute. Nobody asked for another.

Rain delays umbrella fair
The Mill
20 minutes ago
It rained on the fair again. Sales were good.

All rights reserved
"""
DUMP_LABELS = [
    Label("drop", ("1",), "alt"),
    Label("drop", ("2",), "title"),
    Label("maybe", ("3",), "title"),
    Label("maybe", ("5",), "byline"),
    Label("keep", ("6-8",), "body"),
    Label("maybe", ("6[0:13]",), "dateline"),
    Label("drop", ("9",), "comment"),
    Label("drop", ("11",), "interface"),
    Label("drop", ("13", "15-19", "21-24"), "related"),
    Label("drop", ("26",), "legal"),
]


def golden_of(dump: str, labels: list[Label], **more: object) -> Golden:
    page = replace(text_page(dump), lang="en")
    segments, wrong = resolve(page, labels)
    assert not wrong
    return Golden("own/dump", page, "article", "the-quay.example", segments, tuple(labels), **more)


@pytest.fixture
def page() -> TextPage:
    return TextPage.of(golden_of(DUMP, DUMP_LABELS))


@cache
def core(name: str) -> Golden:
    return read_golden(ROOT / "goldens" / "core" / f"{name}.yaml", Dumps([]))


@cache
def core_page(name: str) -> TextPage:
    return TextPage.of(core(name))


def squeezed(text: str) -> str:
    return "".join(words_of.visible(text).split())


def told(page: TextPage, *verdicts: str) -> str:
    """All characters of some verdicts that are no spaces."""
    return squeezed("".join(span.text for line in page.lines for span in line.spans if span.verdict in verdicts))


def inventory(page: TextPage) -> Counter[tuple[str, str, str]]:
    """How often each character stands under each label."""
    spans = (span for line in page.lines for span in line.spans)
    return Counter((span.verdict, span.kind, c) for span in spans for c in squeezed(span.text))


def labels_in(counted: Counter[tuple[str, str, str]]) -> set[str]:
    return {f"{verdict} {kind}" for verdict, kind, _ in counted}


def labelled_stretches(page: TextPage) -> list[tuple[tuple[str, str], str]]:
    """The page without spaces, as stretches under one label."""
    spans = [(span.label, squeezed(span.text)) for line in page.lines for span in line.spans]
    spans = [(label, text) for label, text in spans if text]
    return [(label, "".join(t for _, t in group)) for label, group in groupby(spans, key=lambda span: span[0])]


def lines_of(page: TextPage, kind: str | None = None) -> list[str]:
    """The lines of a page that are not blank, of a kind."""
    return [line.text for line in page.lines if not line.blank and kind in (None, line.kind)]


# Labels follow


@pytest.mark.parametrize("name", CORE)
def test_a_page_that_is_not_changed_is_the_same_to_the_byte(name: str) -> None:
    golden, page = core(name), core_page(name)
    again = page.golden("other/id")
    assert page.raw == golden.page.raw == again.page.raw
    assert again.main_content == golden.main_content
    assert (again.id, again.kind, again.site, again.lang) == ("other/id", golden.kind, golden.site, golden.lang)
    assert resolve(again.page, again.labels) == (again.labelled, [])


@pytest.mark.parametrize("name", CORE)
def test_defaults_change_nothing(name: str) -> None:
    page = core_page(name)
    for operator in TEXT_OPERATORS:
        assert operator().apply(page) == page


# What an operator may add to which labels and take from which.
GAINS = {
    "T10": {"drop related"},
    "T11": {"drop related"},
    "T14": {"keep heading"},
    "T16": {"drop promo"},
    "T17": {"drop alt", "maybe caption", "drop caption"},
    "T18": {"drop title", "drop navigation"},
    "T19": {"drop comment"},
    "T22": {"keep quote", "drop related"},
    "T25": {"drop legal"},
}
LOSES = {"T18": {"drop title", "maybe title"}, "T19": {"drop interface"}, "T20": {"drop related"}}
REWORDED = {"T12", "T13"}  # headings of any kind of boilerplate
SHORTER = {"T20", "T24"}  # the main content loses its end or its start
UNTOUCHED = {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T15", "T23"}  # the same text under the same labels in the same order
IN_ANOTHER_ORDER = {"T8", "T9"}


@pytest.mark.parametrize("operator_type", SMALL, ids=lambda t: t.code)
def test_labels_point_at_the_same_words(operator_type: type[Operator[TextPage]]) -> None:
    code = operator_type.code
    for name in CORE:
        page = core_page(name)
        before, keep = inventory(page), told(page, "keep")
        for operator in operator_type.usual():
            try:
                after_page = operator.apply(page)
            except DoesNotApply:
                continue
            assert after_page.raw != page.raw, (operator, name)
            assert operator.apply(page) == after_page
            after, now = inventory(after_page), told(after_page, "keep")
            if code == "T21":
                for old, new in zip(page.lines, after_page.lines, strict=True):
                    assert old == new or words_of.words(old.text) == words_of.words(new.text)
                continue
            gained, lost = labels_in(after - before), labels_in(before - after)
            if code in UNTOUCHED:
                assert labelled_stretches(after_page) == labelled_stretches(page), (operator, name)
            elif code in IN_ANOTHER_ORDER:
                assert (after, now) == (before, keep), (operator, name)
                assert sorted(lines_of(after_page)) == sorted(lines_of(page))
            elif code in REWORDED:
                assert now == keep
                assert told(after_page, "maybe") == told(page, "maybe")
                assert all(label.startswith("drop ") for label in gained | lost)
            elif code in SHORTER and now != keep:
                assert now
                assert keep.startswith(now) if code == "T24" else keep.endswith(now), (operator, name)
            else:
                assert gained <= GAINS.get(code, set()), (operator, name)
                assert lost <= LOSES.get(code, set()), (operator, name)
                new_keep = "".join(c for verdict, _, c in (after - before).elements() if verdict == "keep")
                assert Counter(now) - Counter(keep) == Counter(new_keep)
                places = range(len(keep) + 1)
                assert any(now[:i] + now[i + len(new_keep) :] == keep for i in places), (operator, name)


INSERTED = {"T10", "T11", "T16", "T19", "T25"}


@pytest.mark.parametrize("operator_type", SMALL, ids=lambda t: t.code)
def test_what_was_inserted_is_noted_and_dropped(operator_type: type[Operator[TextPage]]) -> None:
    page = core_page("drained-basin-a")
    for operator in operator_type.usual():
        try:
            after = operator.apply(page)
        except DoesNotApply:
            continue
        assert bool(after.inserted) >= (operator.code in INSERTED)
        added = inventory(after) - inventory(page)
        for text in after.inserted:
            assert text.strip()
            assert squeezed(text) in told(after, "drop")
        if operator.code in INSERTED:
            noted = Counter(squeezed("".join(after.inserted)))
            assert Counter(c for _, _, c in added.elements()) == noted


def test_inserted_blocks_have_kinds_that_goldens_know() -> None:
    assert {label.partition(" ")[2] for labels in GAINS.values() for label in labels} <= set(TEXT_KINDS)


def kept_words(golden: Golden) -> list[str]:
    return [word for segment in golden.segments if segment.verdict == "keep" for word in words_of.words(segment.text)]


@settings(max_examples=60)
@given(st.sampled_from(CORE), compositions("text/plain"))
def test_the_golden_of_any_composition_can_be_written_to_a_file(name: str, operators: list[Operator[TextPage]]) -> None:
    golden = applied(core_page(name), operators)[0].golden("fuzz/found")
    assert resolve(golden.page, golden.labels) == (golden.labelled, [])
    assert golden.page.raw.decode("utf-8-sig") == golden.page.content


@settings(max_examples=40)
@given(st.sampled_from(CORE), compositions("text/plain", sorted(SEARCHED.keys() - {"T14", "T20", "T22", "T24"})))
def test_no_composition_changes_the_main_content(name: str, operators: list[Operator[TextPage]]) -> None:
    page = core_page(name)
    golden = applied(page, operators)[0].golden("fuzz/found")
    assert kept_words(golden) == kept_words(core(name))


WHY_NOT = {
    ("T3", "the blank lines stand so already"): "cup-semi-final-a funicular-cerro-a tide-printers-a",
    (
        "T4",
        "no line of a related story has more sentences than 2",
    ): "burrow-listeners-b cup-semi-final-b cup-semi-final-c drained-basin-b "
    "drained-basin-c funicular-cerro-b tide-printers-c tiefenbohrung-b",
    ("T5", "no two paragraphs of the main content follow each other"): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T6", "no line of the main content has more sentences than 1"): "burrow-listeners-b cup-semi-final-b funicular-cerro-b",
    ("T7", "no line is wider than 100 columns"): "cup-semi-final-c drained-basin-b tiefenbohrung-b",
    ("T7", "no line is wider than 72 columns"): "cup-semi-final-c drained-basin-b tiefenbohrung-b",
    (
        "T8",
        "no block of related stories has two that could change places",
    ): "drained-basin-b tide-printers-c tiefenbohrung-b",
    ("T8", "there is no block of related stories"): "drained-basin-c",
    ("T9", "there is no block of related stories"): "drained-basin-c",
    ("T11", "there is no block of related stories"): "drained-basin-c",
    (
        "T12",
        "no section has a heading of its own: comment",
    ): "burrow-listeners-b burrow-listeners-c drained-basin-c tiefenbohrung-c",
    (
        "T12",
        "no section has a heading of its own: related",
    ): "burrow-listeners-b drained-basin-b drained-basin-c tiefenbohrung-c",
    (
        "T12",
        "no section has a heading of its own: related, comment, tags, newsletter, promo, author, legal",
    ): "drained-basin-c tiefenbohrung-c",
    (
        "T13",
        "no section has a heading of its own: related, comment, tags, newsletter, promo, author, legal",
    ): "drained-basin-c tiefenbohrung-c",
    ("T15", "there are no labels side by side"): "burrow-listeners-c drained-basin-c tiefenbohrung-c",
    (
        "T15",
        "there are no labels with a number stuck to a word",
    ): "burrow-listeners-b burrow-listeners-c cup-semi-final-b drained-basin-b "
    "drained-basin-c tide-printers-a tiefenbohrung-a tiefenbohrung-c",
    ("T18", "no line is labelled as the title"): "drained-basin-c",
    ("T20", "no related story has a line of more than 60 characters"): "cup-semi-final-c tide-printers-c tiefenbohrung-b",
    (
        "T20",
        "the main content stands in one line: without it nothing is left",
    ): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T20", "there is no block of related stories"): "drained-basin-c",
    ("T21", "nothing on the page can be written otherwise: dashes"): "tide-printers-a tide-printers-b tide-printers-c",
    (
        "T21",
        "nothing on the page can be written otherwise: decomposed",
    ): "cup-semi-final-a cup-semi-final-b drained-basin-a drained-basin-c",
    (
        "T21",
        "nothing on the page can be written otherwise: quotes",
    ): "funicular-cerro-a funicular-cerro-b funicular-cerro-c tide-printers-a "
    "tide-printers-b tide-printers-c tiefenbohrung-a tiefenbohrung-b tiefenbohrung-c",
    ("T21", "nothing on the page can be written otherwise: soft hyphens"): "tide-printers-a tide-printers-b",
    ("T22", "there is no block of related stories"): "drained-basin-c",
    ("T24", "the main content has no more lines than 1"): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T24", "the main content has no more lines than 2"): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T24", "the main content has no more lines than 6"): "burrow-listeners-c drained-basin-c tide-printers-c",
}
"""Operators that do not apply to all goldens: the reason, and the goldens."""


def test_every_operator_applies_to_every_golden_or_says_why_not() -> None:
    reasons: dict[tuple[str, str], set[str]] = {}
    for name in CORE:
        for operator in (one for kind in SMALL for one in kind.usual()):
            try:
                operator.apply(core_page(name))
            except DoesNotApply as why:
                reasons.setdefault((operator.code, str(why)), set()).add(name)
    assert reasons == {key: set(names.split()) for key, names in WHY_NOT.items()}


def test_the_same_on_every_machine() -> None:
    program = (
        "from hashlib import sha256; from pathlib import Path\n"
        "from harness.fuzz.base import DoesNotApply; from harness.fuzz.catalogue import operators_of\n"
        "from harness.fuzz.text.page import TextPage; from harness.goldens.reader import Dumps, read_golden\n"
        "page = TextPage.of(read_golden(Path('goldens/core/funicular-cerro-a.yaml'), Dumps([])))\n"
        "found = sha256()\n"
        "for operator in [one for kind in operators_of('text/plain')[:-1] for one in kind.usual()]:\n"
        "    try: golden = operator.apply(page).golden('a/b')\n"
        "    except DoesNotApply: continue\n"
        "    found.update(golden.page.raw + repr(golden.labels).encode())\n"
        "print(found.hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""


def test_there_are_26_operators_that_a_person_can_paste() -> None:
    assert [operator.code for operator in TEXT_OPERATORS] == [f"T{n}" for n in range(1, 27)]
    for operator_type in TEXT_OPERATORS:
        usual = operator_type.usual()
        assert usual and operator_type() not in usual
        assert len(set(usual)) == len(usual)
        assert all(eval(repr(operator)) == operator for operator in usual)


# What each operator does, on a page that can be read


def test_the_page_is_understood(page: TextPage) -> None:
    (related,) = sections(page, "related")
    assert heading_of(page, related) == 12
    assert cards_of(page, related) == [(14, 19), (20, 24)]


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
    page = TextPage.of(golden_of(DUMP, DUMP_LABELS))
    lines = BlankLines(tuple(gaps)).apply(page).lines
    full = [i for i, line in enumerate(lines) if not line.blank]
    assert [b - a - 1 for a, b in pairwise(full)] == [gaps[i % len(gaps)] for i in range(len(full) - 1)]


@settings(max_examples=50)
@given(
    st.sampled_from([name for name in CORE if columns(core(name).page.content) <= len(core(name).page.content)]),
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
    page = TextPage.of(golden_of(text, [Label("keep", ("1",), "body")]))
    size = width // 2
    lines = [line.text for line in Wrap(width).apply(page).lines] if 2 * count > width else [text]
    assert lines == [text[i : i + size] for i in range(0, count, size)]


def test_no_line_begins_with_a_mark_that_ends_something() -> None:
    page = TextPage.of(golden_of("春が来る。夏が「来る」、秋。", [Label("keep", ("1",), "body")]))
    assert [line.text for line in Wrap(8).apply(page).lines] == ["春が来", "る。夏が", "「来", "る」、", "秋。"]


def test_one_line(page: TextPage) -> None:
    (line,) = OneLine(on=True).apply(page).lines
    assert line.text == " ".join(part.strip() for part in DUMP.split("\n") if part)


def test_lines_of_a_script_without_spaces_are_joined_without_one() -> None:
    dump = "川は北へ流れる。\n橋は三本ある。\nLamp 7\n"
    golden = golden_of(dump, [Label("keep", ("1-3",), "body")])
    assert OneLine(on=True).apply(TextPage.of(golden)).content == "川は北へ流れる。橋は三本ある。 Lamp 7\n"


def test_related_prose_is_broken_after_sentences(page: TextPage) -> None:
    lines = lines_of(RebreakRelated(2).apply(page), "related")
    assert lines[5:7] == [
        "A goat won the vote in Osper. It had no rival.",
        "The count took a minute. Nobody asked for another.",
    ]
    spaced = RebreakRelated(2, blank=True).apply(page)
    assert lines_of(spaced) == lines_of(RebreakRelated(2).apply(page))
    assert len(spaced.lines) == len(page.lines) + 2


def test_the_story_is_joined_split_and_shortened(page: TextPage) -> None:
    body = lines_of(page, "body")
    assert lines_of(JoinBody((1,)).apply(page), "body") == [" ".join(body)]
    assert lines_of(JoinBody((1, 0)).apply(page), "body") == [" ".join(body[:2]), body[2]]
    assert lines_of(SplitBody(1).apply(page), "body") == [
        "KNOLL (QP) — The footbridge hums in F sharp.",
        "Nobody knows why.",
        '"It started in May," said the warden.',
        "He keeps a tuning fork now.",
        "Only the ducks complain.",
    ]
    assert lines_of(ShortBody(2).apply(page), "body") == body[:2]
    assert lines_of(CutEnds(lede=True).apply(page), "body") == body[1:]


def test_cards_change_places_whole(page: TextPage) -> None:
    related = lines_of(page, "related")
    assert lines_of(ReorderCards(backwards=True).apply(page), "related") == [related[0], *related[6:], *related[1:6]]
    assert ReorderCards(shift=1).apply(page) == ReorderCards(backwards=True).apply(page)


def test_related_stories_move_to_every_slot(page: TextPage) -> None:
    rest = [line for line in lines_of(page) if line not in lines_of(page, "related")]
    related = lines_of(page, "related")
    for slot, before in (("top", 1), ("after title", 4), ("after body", 7), ("end", len(rest))):
        lines = lines_of(MoveRelated(slot).apply(page))
        assert lines == [*rest[:before], *related, *rest[before:]], slot


def test_related_stories_are_added_telling_and_neutral(page: TextPage) -> None:
    donor, other = own_donors("related", "en")[:2]
    telling = lines_of(AddRelated(1).apply(page))[-len(donor.paragraphs) - 6 :]
    assert telling[0] == "Related Articles"
    assert telling[1:3] == [donor.heading] * 2
    assert telling[-len(donor.paragraphs) :] == list(donor.paragraphs)
    neutral = lines_of(AddRelated(2, neutral=True, collapsed=True, first=1).apply(page))[-4:]
    assert neutral[:2] == [other.heading, " ".join(other.paragraphs)]
    assert len(set(AddRelated(99).apply(page).lines)) == len(set(AddRelated(len(page.donors)).apply(page).lines))


def test_a_near_duplicate_repeats_the_beginning_of_the_story(page: TextPage) -> None:
    assert lines_of(NearDuplicate(2, of_body=True).apply(page))[-1] == "The footbridge hums in F sharp. Nobody knows why."
    assert lines_of(NearDuplicate(2).apply(page))[-1] == "A goat won the vote in Osper. It had no rival."
    assert lines_of(NearDuplicate(2, backwards=True).apply(page))[-1] == "It had no rival. A goat won the vote in Osper."


def test_headings_go_and_change(page: TextPage) -> None:
    assert "Comments" not in lines_of(DropHeadings(("comment",)).apply(page))
    assert "Related Articles" in lines_of(DropHeadings(("comment",)).apply(page))
    german = lines_of(TranslateHeadings("de").apply(page))
    assert ("Kommentare" in german, "Ähnliche Artikel" in german, "Related Articles" in german) == (True, True, False)


def test_a_misleading_subheading_belongs_to_the_story(page: TextPage) -> None:
    after = HeadingInBody("comment", place=1).apply(page)
    body = lines_of(page, "body")
    assert after.golden("a/b").main_content.splitlines()[1:] == [body[1], "Comments", body[2]]


def test_labels_are_stuck_together_and_parted(page: TextPage) -> None:
    parted = lines_of(Glue("part").apply(page))
    assert parted[3:5] == ["The Quay", "4 hours ago"]
    assert "9 minutes ago" in parted
    assert "The Mill20 minutes ago" in lines_of(Glue("glue").apply(page))


def test_titles_go_and_come(page: TextPage) -> None:
    assert lines_of(TitleCopies(remove=True).apply(page), "title") == []
    more = TitleCopies(2, suffix=True, breadcrumb=True).apply(page)
    assert lines_of(more)[1:4] == ["The bridge that hums - The Quay"] * 2 + ["The Quay > The bridge that hums"]
    assert told(more, "maybe") == told(page, "maybe")


def test_promotion_and_captions_stand_inside_the_story(page: TextPage) -> None:
    promo = own_donors("promo", "en")[0]
    lines = lines_of(PromoInside((0,)).apply(page))
    assert lines[5:9] == ["Advertisement", promo.heading, *promo.paragraphs]
    assert lines_of(PromoInside((0,), neutral=True).apply(page), "promo") == list(promo.paragraphs)
    doubled = Captions((1,), "doubled").apply(page)
    assert lines_of(doubled).count(wording("en").caption) == 2
    assert squeezed(wording("en").caption) in told(doubled, "maybe")


def test_a_story_in_one_line_takes_insertions_between_its_sentences(page: TextPage) -> None:
    joined = JoinBody((1,)).apply(page)
    after = ForeignQuote("ru", place=1).apply(joined)
    assert lines_of(after)[4].startswith(
        f'KNOLL (QP) — The footbridge hums in F sharp. Nobody knows why. {wording("ru").quote} "It'
    )
    assert squeezed(wording("ru").quote) in told(after, "keep")
    promo = PromoInside((0, 2), neutral=True).apply(joined)
    assert told(promo, "keep") == told(page, "keep")
    assert len(promo.inserted) == 2


def test_comments_take_the_place_of_the_empty_state(page: TextPage) -> None:
    lines = lines_of(FillComments(2, "short").apply(page))
    first, second = comments("en", "short")
    said = wording("en")
    at = lines.index("Comments") + 1
    assert lines[at : at + 4] == [first.heading, said.ago, *first.paragraphs, said.reply]
    assert lines[at + 4 : at + 8] == [second.heading, said.ago, *second.paragraphs, said.reply]
    assert "Nothing yet..." not in lines


def test_comments_stand_under_the_story_where_the_page_has_no_heading_for_them() -> None:
    golden = golden_of("The tide was late.\nAll rights reserved\n", [Label("keep", ("1",), "body")])
    lines = lines_of(FillComments(1, neutral=True).apply(TextPage.of(golden)))
    assert lines == ["The tide was late.", *comments("en", "short")[0].paragraphs, "All rights reserved"]
    assert lines_of(FillComments(1).apply(TextPage.of(golden)))[1] == "Comments"


def test_legal_prose_ends_the_page(page: TextPage) -> None:
    legal = own_donors("legal", "en")[0]
    assert lines_of(LegalFooter(2).apply(page))[-3:] == [legal.heading, *legal.paragraphs]
    assert lines_of(LegalFooter(1, neutral=True).apply(page))[-2:] == ["All rights reserved", legal.paragraphs[0]]


def test_characters(page: TextPage) -> None:
    def line(form: str) -> str:
        return lines_of(Characters((form,)).apply(page), "body")[1]

    assert line("quotes").startswith("“It started in May,” said")
    assert line("soft hyphens") == '"It started in May," said the warden. He keeps a tuning fork now.'
    assert "foot\u00adbridge" in Characters(("soft hyphens",)).apply(page).content
    assert " " not in Characters(("no-break",)).apply(page).content
    assert "–" in Characters(("dashes",)).apply(page).content


def test_sizes(page: TextPage) -> None:
    assert len(Size(lines=1000).apply(page).lines) == len(page.lines) + 1000
    assert len(Size(stories=50).apply(page).raw) > 20_000
    assert told(Size(stories=2, lines=3).apply(page), "keep", "maybe") == told(page, "keep", "maybe")


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        (LineEnds("lfcr"), "no line end 'lfcr'; there are lf, crlf, cr, ls"),
        (MoveRelated("left"), "no slot 'left'; there are end, after body, after title, top"),
        (AddRelated(1, slot="left"), "no slot 'left'"),
        (Captions((1,), "big"), "no form 'big'; there are alt, caption, doubled"),
        (FillComments(1, "rude"), "no style 'rude'; there are short, long, article"),
        (Characters(("runes",)), "no form 'runes'"),
        (Glue("weld"), "no mode 'weld'"),
        (TranslateHeadings("tlh"), "no headings in 'tlh'; there are en, de"),
        (ForeignQuote("tlh"), "no quotation in 'tlh'; there are en, de"),
    ],
)
def test_unknown_names_are_refused_with_those_that_exist(page: TextPage, operator: Operator[TextPage], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        operator.apply(page)


def test_pages_without_labelled_lines_say_why_they_cannot_be_changed() -> None:
    with pytest.raises(DoesNotApply, match="is no text dump but text/html"):
        TextPage.of(Golden("own/page", html_page("a"), "article", "x.example"))
    with pytest.raises(DoesNotApply, match="has no labels"):
        TextPage.of(Golden("own/page", text_page("a"), "article", "x.example", text="a"))
    with pytest.raises(DoesNotApply, match="has no main content"):
        TextPage.of(golden_of("a\n", []))
    other = golden_of("b\n", [Label("keep", ("1",), "body")])
    with pytest.raises(DoesNotApply, match="the labels of line 1 are not those of the dump"):
        TextPage.of(replace(other, page=text_page("a")))


# Donors


def test_every_language_has_all_kinds_of_text() -> None:
    assert set(languages()) >= {"en", "de", "fr", "es", "pt", "ru", "zh", "ja", "ar"}
    for lang in languages():
        for kind in DONOR_KINDS:
            first = own_donors(kind, lang)[0]
            assert (first.kind, first.lang) == (kind, lang)
            assert len({donor.lang for donor in own_donors(kind, lang)}) == len(languages())
        assert set(wording(lang).headings) == set(wording("en").headings)
    assert own_donors("related", "pt-BR")[0].lang == "pt"
    assert own_donors("related", "tlh")[0].lang == "en"
    with pytest.raises(ValueError, match="no donors of the kind 'prose'"):
        own_donors("prose")


def test_texts_of_different_donors_share_no_passage() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for kind in DONOR_KINDS:
        for donor in own_donors(kind):
            words = words_of.words(" ".join(donor.paragraphs))
            for i in range(len(words) - 7):
                key = tuple(words[i : i + 8])
                assert seen.setdefault(key, donor.heading) == donor.heading, key


def test_donors_of_a_run_come_from_other_sites_and_tell_other_stories() -> None:
    receiver = core("tide-printers-a")
    donors = donors_from([core(name) for name in CORE], receiver)
    assert len(donors) == len({name.rpartition("-")[0] for name in CORE}) - 1
    assert not any("潮見表" in donor.heading for donor in donors)
    english = donors_from([core(name) for name in CORE], core("burrow-listeners-b"))
    assert [donor.lang for donor in english] == sorted((donor.lang for donor in english), key=lambda lang: lang != "en")
    same_site = replace(core("drained-basin-a"), site=receiver.site)
    assert donors_from([same_site], receiver) == ()


# Strategies


def test_there_is_a_strategy_for_every_operator_but_sizes() -> None:
    assert set(SEARCHED) == {operator.code for operator in SMALL}
    with pytest.raises(KeyError, match="no strategy for T26, X"):
        operators("text/plain", ["X", "T26"])


@settings(max_examples=30)
@given(compositions("text/plain", ["T1", "T10", "T16"], max_size=2))
def test_compositions_hold_each_operator_once(operators: list[Operator[TextPage]]) -> None:
    assert len(operators) == len({type(operator) for operator in operators}) <= 2


def shrunk(wanted: Callable[[Operator[TextPage]], bool]) -> list[Operator[TextPage]]:
    quick = settings(max_examples=2000, database=None, deadline=None)
    return find(compositions("text/plain"), lambda operators: any(map(wanted, operators)), settings=quick)


def test_shrinking_ends_at_what_matters() -> None:
    assert shrunk(lambda one: isinstance(one, AddRelated) and one.neutral and one.stories >= 3) == [
        AddRelated(stories=3, collapsed=True, neutral=True)
    ]
    assert shrunk(lambda one: isinstance(one, PromoInside)) == [PromoInside((0,))]


@settings(max_examples=25)
@given(dumps(golden_of(DUMP, DUMP_LABELS), codes=["T2", "T5"]))
def test_dumps_are_goldens_of_the_same_story(golden: Golden) -> None:
    assert golden.id == "own/dump"
    assert words_of.words(golden.main_content) == words_of.words(golden_of(DUMP, DUMP_LABELS).main_content)


# The dumps: what breaks which rule


def is_long(line: str) -> bool:
    return len(line) >= 80


def most_consecutive(dump: str) -> str:
    runs = [list(run) for long, run in groupby(dump.splitlines(), key=is_long) if long]
    return "\n".join(max(runs, key=len, default=[]))


def before_comments(dump: str) -> str:
    lines = dump.splitlines()
    return "\n".join(filter(is_long, lines[: lines.index("Comments")] if "Comments" in lines else lines))


def first_run(dump: str) -> str:
    lines = [line for line in dump.splitlines() if line.strip()]
    return "\n".join(next((list(run) for long, run in groupby(lines, key=is_long) if long), []))


def longest_line(dump: str) -> str:
    return max(dump.splitlines(), key=len)


def everything(dump: str) -> str:
    return dump


RULES = (most_consecutive, before_comments, first_run, longest_line, everything)

# Mean word-F1 over the three dumps, by operator and rule, in the order of RULES.
MEASURED: list[tuple[Operator[TextPage], tuple[float, ...]]] = [
    (LineEnds(), (1.000, 1.000, 1.000, 0.242, 0.257)),
    (LineEnds("crlf"), (1.000, 1.000, 1.000, 0.242, 0.257)),
    (Margins(indent=4), (1.000, 0.266, 1.000, 0.242, 0.257)),
    (BlankLines((1,)), (0.220, 1.000, 1.000, 0.242, 0.257)),
    (RebreakRelated(2), (0.471, 1.000, 1.000, 0.139, 0.257)),
    (JoinBody((1,)), (0.680, 1.000, 1.000, 0.242, 0.257)),
    (Wrap(72), (0.000, 0.000, 0.000, 0.048, 0.257)),
    (MoveRelated("top"), (1.000, 0.267, 0.261, 0.242, 0.257)),
    (DropHeadings(("comment",)), (1.000, 0.266, 1.000, 0.242, 0.257)),
    (PromoInside((4,)), (0.656, 1.000, 0.677, 0.242, 0.256)),
]


def word_f1(output: str, gold: str) -> float:
    a, b = (Counter(re.findall(r"\w+", each.lower())) for each in (output, gold))
    return 2 * (a & b).total() / (a.total() + b.total())


@pytest.fixture(scope="module")
def daily8() -> list[TextPage]:
    if not os.environ.get(DUMPS_VARIABLE):
        pytest.skip("HARNESS_DUMPS names no folder with the three dumps")
    loaded = load_goldens(find_goldens([str(ROOT / "goldens" / "daily8")]), dumps_from([]))
    assert len(loaded.goldens) == 3
    return [TextPage.of(golden) for golden in loaded.goldens]


@pytest.mark.parametrize(("operator", "expected"), MEASURED, ids=lambda value: str(value)[:40])
def test_each_rule_scores_as_measured(
    daily8: list[TextPage], operator: Operator[TextPage], expected: tuple[float, ...]
) -> None:
    pages = [operator.apply(page) for page in daily8]
    gold = ["\n".join(line.text for line in page.lines if line.verdict == "keep") for page in pages]  # with datelines
    for rule, value in zip(RULES, expected):
        mean = sum(word_f1(rule(page.content), text) for page, text in zip(pages, gold)) / 3
        assert mean == pytest.approx(value, abs=0.02), rule.__name__


def test_splitting_the_story_breaks_rules_on_runs(daily8: list[TextPage]) -> None:
    for rule in (most_consecutive, first_run):
        scores = []
        for page in daily8:
            after = SplitBody(1).apply(page)
            scores.append(word_f1(rule(after.content), after.golden("a/b").main_content))
        assert sum(scores) / 3 < 0.9


def test_nothing_is_put_into_a_body_that_a_reducer_took_away() -> None:
    page = TextPage.of(golden_of("It held.\nAn advert\nA menu\n", [Label("keep", ("1",), "body")]))
    for operator in PromoInside.usual():
        with pytest.raises(DoesNotApply, match="no line of main content"):
            operator.apply(page.having(page.lines[1:]))
