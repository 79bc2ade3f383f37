"""The pages of exposure: one sentence each, in a fixed order; and what counts as a sentence that came out."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from harness.exposure.pages import (
    CONTAINERS,
    POSITIONS,
    SENTENCE,
    STORY,
    SWAPPED,
    Placement,
    has_sentence,
    has_story,
    placements,
    positions_of,
)
from harness.exposure.strategies import hidden_sentences
from harness.exposure.techniques import GROUPS, LOOKALIKES, TECHNIQUES


def test_techniques_have_names_of_their_own_and_every_group_has_some() -> None:
    names = [technique.name for technique in (*TECHNIQUES, *LOOKALIKES)]
    assert len(set(names)) == len(names)
    assert sum(technique.group == "hidden" for technique in TECHNIQUES) >= 40
    assert {technique.group for technique in (*TECHNIQUES, *LOOKALIKES)} == set(GROUPS)
    assert {technique.group for technique in LOOKALIKES} == {"lookalike"}


def test_every_technique_stands_at_every_position_in_every_container_once() -> None:
    found = Counter((one.technique.name, one.position, one.container) for one in placements())
    assert set(found.values()) == {1}
    by_technique = Counter(name for name, _, _ in found)
    places = {"text": len(POSITIONS), "block": len(POSITIONS) - 1, "head": 1}
    for technique in (*TECHNIQUES, *LOOKALIKES):
        assert by_technique[technique.name] == places[technique.place] * len(CONTAINERS)


def test_pages_are_the_same_every_time_and_no_two_are_alike() -> None:
    pages = [one.html() for one in placements()]
    assert pages == [one.html() for one in placements()]
    assert len(set(pages)) == len(pages)


def test_a_page_has_its_sentence_once_and_all_of_the_story() -> None:
    for one in placements():
        page = one.html()
        written = SENTENCE if one.technique.name != "tag-characters" else "".join(chr(0xE0000 + ord(c)) for c in SENTENCE)
        assert page.count(written) == 1, one.technique.name
        assert "{" not in page.partition("<body>")[2].replace(one.technique.css, "").partition("<style>")[0]
        for paragraph in STORY[:3]:
            assert paragraph in page
        assert len(one.page().text) > 800


@pytest.mark.parametrize("name", ["plain", "opacity-0.9", "details-open"])
def test_a_visible_sentence_is_part_of_the_page_s_text(name: str) -> None:
    technique = next(one for one in LOOKALIKES if one.name == name)
    for position in positions_of(technique):
        assert has_sentence(Placement(technique, position, "article").page().text)


def test_the_other_sentence_has_words_of_the_same_lengths() -> None:
    assert [len(word) for word in SENTENCE.split()] == [len(word) for word in SWAPPED.split()]
    assert SENTENCE != SWAPPED


def test_a_sentence_came_out_if_half_of_its_own_words_did() -> None:
    story = "\n".join(STORY)
    half = " ".join(SENTENCE.split()[: len(SENTENCE.split()) // 2 + 10])
    assert has_sentence(story + SENTENCE) and has_sentence(story + half)
    assert not has_sentence(story) and not has_sentence("") and not has_sentence("the town still asks it to come")
    assert has_sentence("".join(chr(0xE0000 + ord(character)) for character in SENTENCE))
    assert has_story(story) and has_story("\n".join(STORY[:4])) and not has_story(STORY[0]) and not has_story(SENTENCE)


@given(hidden_sentences())
def test_a_reader_of_raw_markup_is_caught_by_the_strategy(placement: Placement) -> None:
    assert placement.technique.group == "hidden"
    assert has_sentence(placement.html())


@pytest.mark.parametrize("groups", [["hiden"], [], "hidden"])
def test_the_strategy_names_the_groups_that_there_are(groups: list[str]) -> None:
    with pytest.raises(ValueError, match="hidden, openable, assistive"):
        hidden_sentences(groups)  # type: ignore[arg-type]
