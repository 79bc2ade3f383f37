"""The profile of each extractor: kinds of pages, words, failures, strengths and weaknesses."""

import statistics
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.records import record, run_of
from factories.scorecards import card_of
from harness.scorecard.write.phrases import band_names


def test_groups_hold_every_page_once_even_where_small_ones_are_put_together():
    records = [record("a", f"set/{n}", n / 20, lang=f"l{n % 17:02}") for n in range(20)]
    (track,) = card_of(run_of(*records)).tracks
    languages = next(grid for grid in track.groups if grid.title == "language")
    assert sum(languages.pages) == 20
    assert languages.columns[-1] == "others"
    assert languages.more == 6
    others = [r.scores["F"] for r in records if r.lang not in languages.columns]
    assert languages.rows[0][1][-1] == pytest.approx(statistics.fmean(others))


def test_words_are_counted_for_every_hundred_of_the_main_content():
    records = [
        record("a", "set/1", 0.5, leaks={"promo": 10}, misses={"body": 50}),
        record("a", "set/2", 1.0, leaks={"promo": 5, "footer": 1}),
    ]
    (track,) = card_of(run_of(*records)).tracks
    assert dict(zip(track.leaks.columns, track.leaks.rows[0][1])) == {"all": 8.0, "promo": 7.5, "footer": 0.5}
    assert dict(zip(track.misses.columns, track.misses.rows[0][1])) == {"all": 25.0, "body": 25.0}


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(["ok", "empty", "timeout"])), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_the_spread_of_pages_adds_up(pages):
    records = [record("a", f"set/{n}", f, outcome=outcome) for n, (f, outcome) in enumerate(pages)]
    (track,) = card_of(run_of(*records)).tracks
    (tails,) = track.tails
    limits = [0, 0.25, 0.5, 0.75, 0.9, 0.99, 2]
    expected = [sum(outcome != "ok" for _, outcome in pages)] + [
        sum(outcome == "ok" and low <= f < high for f, outcome in pages) for low, high in pairwise(limits)
    ]
    assert [round(share * len(pages)) for share in tails.shares] == expected
    assert len(band_names()) == len(tails.shares)
    assert tails.quantiles[0] == min(f for f, _ in pages)
    assert tails.quantiles[-1] == pytest.approx(statistics.median(f for f, _ in pages))


def test_failures_are_counted_by_outcome():
    records = [
        record("a", "set/1", 0.0, outcome="timeout"),
        record("a", "set/2", 0.0, outcome="empty"),
        record("a", "set/3", 1.0),
        record("b", "set/1", 1.0),
    ]
    (track,) = card_of(run_of(*records)).tracks
    assert track.failures.columns == ("empty", "timeout")
    assert track.failures.rows == (("a", (1.0, 1.0)),)
    assert any("2 answers without text" in note for note in track.notes)


def test_repeats_of_a_page_count_once():
    records = [record("a", "set/1", f, repeat=number) for number, f in enumerate((0.2, 0.4))] + [record("a", "set/2", 0.9)]
    (track,) = card_of(run_of(*records)).tracks
    assert track.pages == 2
    assert track.lines[0].value == pytest.approx(0.6)


def test_a_lone_extractor_has_strengths_and_weaknesses_against_the_others():
    def pages(name: str, article: float, forum: float) -> list:
        return [
            record(name, f"set/{kind}{n}", f, kind=kind, leaks={"promo": 5})
            for kind, f in (("article", article), ("forum", forum))
            for n in range(4)
        ]

    run = run_of(*pages("mine", 0.9, 0.3), *pages("b", 0.6, 0.5), *pages("c", 0.7, 0.6), versions={"mine": "2.1"})
    card = card_of(run, extractors=["mine"])
    assert card.title == "mine"
    assert card.profile.strengths[0] == "article pages: F .900, .250 better than the median of the others (4 pages)"
    assert "forum pages: F .300, .250 worse than the median of the others (4 pages)" in card.profile.weaknesses
    assert "4 of 8 pages score worse than .500" in card.profile.weaknesses
    assert "leaks 5 words for every 100 of the main content: promo 100%" in card.profile.weaknesses
    assert [line.extractor for line in card.tracks[0].lines] == ["c", "mine", "b"]  # the others stay for comparison
    assert [name for name, _ in card.tracks[0].leaks.rows] == ["mine"]
    assert {result.extractor for result in card.pages.results} == {"mine"}
