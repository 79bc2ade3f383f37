"""The story itself: joined, split, shortened, and with headings and quotes of others in it."""

from __future__ import annotations

from factories.text_layouts import lines_of
from harness.fuzz.text.operators.body import HeadingInBody, JoinBody, ShortBody, SplitBody
from harness.fuzz.text.operators.related import CutEnds
from harness.fuzz.text.page import TextPage


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


def test_a_misleading_subheading_belongs_to_the_story(page: TextPage) -> None:
    after = HeadingInBody("comment", place=1).apply(page)
    body = lines_of(page, "body")
    assert after.golden("a/b").main_content.splitlines()[1:] == [body[1], "Comments", body[2]]
