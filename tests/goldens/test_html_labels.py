"""Labels by selector laid over HTML pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.labels import KINDS, VERDICTS, contradicted, html_trees, labelled, without_effect
from factories.pages import html_page
from harness.goldens.golden import Golden, resolve
from harness.goldens.labels import Label


@given(html_trees(), st.data())
def test_the_last_rule_for_any_element_around_a_word_wins(
    case: tuple[str, list[tuple[str, list[str]]], list[str]], data: st.DataObject
) -> None:
    content, words, _ = case
    ids = st.lists(st.sampled_from(re.findall(r"id=(\w+)", content)), min_size=1, max_size=3)
    rules = data.draw(st.lists(st.tuples(VERDICTS, KINDS, ids), max_size=6))
    expected = []
    winners = set()
    for word, around in words:
        last = next((i for i in reversed(range(len(rules))) if set(rules[i][2]) & set(around)), None)
        winners.add(last)
        expected.append((word, *(("drop", "other") if last is None else rules[last][:2])))
    labels = [
        Label(verdict, tuple(f"#{name}" for name in names), kind, row) for row, (verdict, kind, names) in enumerate(rules, 1)
    ]
    segments, wrong = resolve(html_page(content), labels)
    assert [(word, s.verdict, s.kind) for s in segments for word in re.findall(r"w\d+", s.text)] == expected
    without_text = {row for row in range(1, len(rules) + 1) if row - 1 not in winners}
    assert without_effect(wrong) <= without_text <= without_effect(wrong) | contradicted(wrong)


def test_a_rule_reaches_everything_inside_until_a_later_one() -> None:
    page = html_page(
        """<article><h1>Weir</h1><p>It <b>held<span class=ad> buy</span></b> well.<p class=tags>#weir
        <aside><p>Next story</aside></article><footer><p class=tags>#all</footer>"""
    )
    rules = [("keep", "article", "body"), ("drop", "aside", "related"), ("drop", ".tags", "tags"), ("maybe", "h1", "title")]
    assert labelled(page, *rules, ("drop", ".ad", "promo")) == [
        ("Weir", "maybe", "title"),
        ("It", "keep", "body"),
        ("held", "keep", "body"),
        ("buy", "drop", "promo"),
        ("well.", "keep", "body"),
        ("#weir", "drop", "tags"),
        ("Next story", "drop", "related"),
        ("#all", "drop", "tags"),
    ]
    # The other way round the outer rule comes last, and nothing inside escapes it.
    reached = resolve(page, [Label("drop", ("aside p",), "related", 1), Label("keep", ("article",), "body", 2)])[0]
    assert {segment.verdict for segment in reached if "Next" in segment.text} == {"keep"}


def test_alternative_texts_and_head_are_dropped_whatever_the_rules_say() -> None:
    page = html_page(
        """<title>Weir holds</title><meta name=description content="A short account.">
        <p>The <img src=x alt="grey heron"> weir<img alt=" "> held.</p>"""
    )
    assert labelled(page, ("keep", "html", "body")) == [
        ("Weir holds", "drop", "metadata"),
        ("A short account.", "drop", "metadata"),
        ("The", "keep", "body"),
        ("grey heron", "drop", "alt"),
        ("weir", "keep", "body"),
        ("held.", "keep", "body"),
    ]
    assert page.text.split() == ["The", "weir", "held."]


@pytest.mark.parametrize("tag", ["div", "span", "b", "table><tr><td"])
def test_a_page_nested_5000_deep_is_labelled_like_any_other(tag: str) -> None:
    page = html_page(f"<p>above</p>{f'<{tag}>' * 5_000}core")
    assert labelled(page, ("drop", "body"), ("keep", f"{tag.rpartition('<')[2]}", "body"))[-1] == ("core", "keep", "body")
    assert page.text.endswith("core")


def test_text_of_a_data_set_is_kept_and_the_page_behind_it_dropped() -> None:
    golden = Golden("set/one", html_page("<nav>Menu</nav><p>It held.</p>"), "article", "a.example", text="It held.\n\n")
    assert [(s.text, s.verdict) for s in golden.segments] == [("It held.", "keep"), ("Menu", "drop"), ("It held.", "drop")]
