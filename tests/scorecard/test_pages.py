"""The worst pages with their words: what was missed and leaked, in place."""

import re

from factories.scorecards import run_over, scored, two_lines
from harness.engine.answer import Answer
from harness.scorecard.gather.build import scorecard
from harness.scorecard.write.html import html


def test_worst_pages_show_what_was_missed_and_leaked_in_place():
    golden = two_lines("set/ferry", "The ferry waits for the tide at seven.", "Read also about the lighthouse")
    run = run_over([golden], scored(golden, {"a": "The ferry waits for the tide Read also about the lighthouse"}))
    page = html(scorecard(run, lambda id: golden))
    assert re.search(r"<del>.*?missed .*?body.*?<s>at seven\.\s*</s></del>", page, re.DOTALL)
    assert re.search(r"<ins>.*?leaked .*?related.*?<u>Read also about the lighthouse\s*</u></ins>", page, re.DOTALL)
    assert "harness show 20260101-000000 --page set/ferry -e a" in page


def test_long_passages_are_folded_and_long_words_cut():
    golden = two_lines("set/long", " ".join(f"word{n}" for n in range(500)) + " end", "x")
    records = scored(golden, {"a": golden.main_content.removesuffix(" end") + " " + "z" * 1_000_000})
    page = html(scorecard(run_over([golden], records), lambda id: golden))
    assert "… 474 words …" in page
    assert "(1,000,000 characters)" in page
    assert len(page) < 100_000


def test_a_diff_is_left_out_with_the_reason_where_the_golden_is_not_what_was_measured():
    golden = two_lines("set/ferry", "one two", "three")
    records = scored(golden, {"a": "one"})
    for found, reason in (
        (two_lines("set/ferry", "one three", "two"), "its page and labels changed"),
        ("its golden is not here",) * 2,
    ):
        card = scorecard(run_over([golden], records), lambda id, found=found: found)
        assert card.pages.results[0].diff is None
        assert reason in html(card)


def test_a_perfect_page_is_not_among_the_worst():
    golden = two_lines("set/ferry", "one two", "three")
    card = scorecard(run_over([golden], scored(golden, {"a": "one two"})), lambda id: golden)
    assert card.pages.results == ()
    assert "Worst pages" not in html(card)


def test_what_a_failed_extractor_said_is_shown():
    golden = two_lines("set/ferry", "one two", "three")
    records = scored(golden, {"a": Answer("error", error="ValueError: no <body> found")})
    page = html(scorecard(run_over([golden], records), lambda id: golden))
    assert "ValueError: no &lt;body&gt; found" in page
