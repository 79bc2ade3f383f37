"""Labels of a dump follow every change and every composition of changes."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.text_layouts import NAMES, SMALL, TEXT_OPERATORS, core, core_page, lines_of, squeezed, told
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.catalogue import apply_all
from harness.fuzz.strategies import compositions, strategies_by_code
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden, resolve
from harness.goldens.vocabulary import TEXT_KINDS
from harness.pages import words as words_of

# Operators that leave every word of the main content in its place.
KEEPING = sorted(strategies_by_code("text/plain").keys() - {"T14", "T20", "T22", "T24"})


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


@pytest.mark.parametrize("name", NAMES)
def test_a_page_that_is_not_changed_is_the_same_to_the_byte(name: str) -> None:
    golden, page = core(name), core_page(name)
    again = page.golden("other/id")
    assert page.raw == golden.page.raw == again.page.raw
    assert again.main_content == golden.main_content
    assert (again.id, again.kind, again.site, again.lang) == ("other/id", golden.kind, golden.site, golden.lang)
    assert resolve(again.page, again.labels) == (again.labelled, [])


@pytest.mark.parametrize("name", NAMES)
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
    for name in NAMES:
        page = core_page(name)
        before, keep = inventory(page), told(page, "keep")
        for operator in operator_type.matrix_instances():
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
    for operator in operator_type.matrix_instances():
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
@given(st.sampled_from(NAMES), compositions("text/plain"))
def test_the_golden_of_any_composition_can_be_written_to_a_file(name: str, operators: list[Operator[TextPage]]) -> None:
    golden = apply_all(core_page(name), operators)[0].golden("fuzz/found")
    assert resolve(golden.page, golden.labels) == (golden.labelled, [])
    assert golden.page.raw.decode("utf-8-sig") == golden.page.content


@settings(max_examples=40)
@given(st.sampled_from(NAMES), compositions("text/plain", KEEPING))
def test_no_composition_changes_the_main_content(name: str, operators: list[Operator[TextPage]]) -> None:
    page = core_page(name)
    golden = apply_all(page, operators)[0].golden("fuzz/found")
    assert kept_words(golden) == kept_words(core(name))
