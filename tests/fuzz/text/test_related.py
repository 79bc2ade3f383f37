"""Related stories: broken, moved, added, repeated, and by the thousand."""

from __future__ import annotations

from factories.text_layouts import lines_of, told
from harness.fuzz.donors import own_donors
from harness.fuzz.text.operators.related import AddRelated, MoveRelated, NearDuplicate, RebreakRelated, ReorderCards, Size
from harness.fuzz.text.page import TextPage


def test_related_prose_is_broken_after_sentences(page: TextPage) -> None:
    lines = lines_of(RebreakRelated(2).apply(page), "related")
    assert lines[5:7] == [
        "A goat won the vote in Osper. It had no rival.",
        "The count took a minute. Nobody asked for another.",
    ]
    spaced = RebreakRelated(2, blank=True).apply(page)
    assert lines_of(spaced) == lines_of(RebreakRelated(2).apply(page))
    assert len(spaced.lines) == len(page.lines) + 2


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


def test_sizes(page: TextPage) -> None:
    assert len(Size(lines=1000).apply(page).lines) == len(page.lines) + 1000
    assert len(Size(stories=50).apply(page).raw) > 20_000
    assert told(Size(stories=2, lines=3).apply(page), "keep", "maybe") == told(page, "keep", "maybe")
