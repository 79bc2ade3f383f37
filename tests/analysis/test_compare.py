"""Two extractors page by page: the differences, what is significant, and which pages cannot be compared."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.records import record, run_of, scored_pages
from harness import stats
from harness.analysis.compare import Compared, TrackComparison, compare
from harness.metrics import METRICS
from harness.runs.record import Record

SITES = 40


def html(compared: Compared) -> TrackComparison:
    """What is compared on HTML pages, where there are no others."""
    assert [*compared.tracks] == ["text/html"]
    return compared.tracks["text/html"]


def two(first: list[float], second: list[float], metric: str = "F") -> TrackComparison:
    run = run_of(*(scored_pages("a", first) + scored_pages("b", second)))
    (found,) = compare(run, run, [("a", "b")], metric)
    return html(found)


def noise(count: int, spread: float, seed: int = 1) -> np.ndarray:
    return spread * np.random.default_rng(seed).standard_normal(count)


def test_the_difference_is_b_minus_a_page_by_page_and_the_statistics_are_those_of_harness_stats():
    first = list(np.linspace(0.2, 0.9, SITES))
    second = [min(1.0, score + change) for score, change in zip(first, 0.02 + noise(SITES, 0.03))]
    found = two(first, second).whole
    differences = np.array(second) - np.array(first)
    assert found.first == pytest.approx(np.mean(first)) and found.second == pytest.approx(np.mean(second))
    assert found.estimate.value == pytest.approx(differences.mean())
    sites = stats.sites_of([f"{number:04}.example" for number in range(SITES)], ["set"] * SITES)
    (expected,) = stats.compare(np.stack([second, first], axis=1), sites)
    assert found.estimate.interval.low == pytest.approx(expected.difference.interval.low)
    assert found.p == expected.p and found.detectable == pytest.approx(expected.detectable)
    assert (found.won, found.lost) == (sum(differences >= 0.005), sum(differences <= -0.005))
    assert found.won + found.tied + found.lost == found.pages == SITES


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30),
    st.sampled_from(["F", "MER"]),
)
def test_exchanging_a_and_b_mirrors_everything(pairs, metric):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = two(first, second, metric), two(second, first, metric)
    assert there.whole.p == back.whole.p
    assert there.whole.estimate.value == pytest.approx(-back.whole.estimate.value)
    assert (there.whole.won, there.whole.tied, there.whole.lost) == (back.whole.lost, back.whole.tied, back.whole.won)
    mirrored = {"A better": "B better", "B better": "A better"}
    assert there.whole.verdict == mirrored.get(back.whole.verdict, back.whole.verdict)
    assert [change.golden for change in there.won] == [change.golden for change in back.lost]
    assert all(change.gain > 0 for change in there.won) and all(change.gain < 0 for change in there.lost)


def test_what_is_better_follows_the_metric():
    first, second = [0.5] * SITES, list(0.8 + np.abs(noise(SITES, 0.02)))
    assert two(first, second, "F").whole.verdict == "B better"
    by_errors = two(first, second, "MER").whole
    assert by_errors.verdict == "B better" and by_errors.estimate.value < 0
    assert (by_errors.won, by_errors.lost) == (SITES, 0)


@pytest.mark.parametrize(
    ("count", "changes", "verdict"),
    [
        (SITES, np.zeros(SITES), "same"),
        (SITES, 0.1 + noise(SITES, 0.05), "B better"),
        (400, noise(400, 0.05), "not told apart"),
        (30, noise(30, 0.2), "too few pages"),
        (5, np.full(5, 0.3), "too few pages"),  # all the same way, yet five sites cannot reach p .05
        (400, np.r_[np.full(5, -0.01), np.zeros(395)], "too few pages"),  # five sites differ among many
    ],
)
def test_the_verdict_tells_no_difference_from_too_few_pages(count, changes, verdict):
    first = np.full(count, 0.5)
    assert two(list(first), list(first + changes)).whole.verdict == verdict


def test_many_pages_of_one_site_are_one_observation():
    first = scored_pages("a", [0.5] * SITES)
    second = scored_pages("b", [0.7] * SITES)
    apart = run_of(*(first + second))
    together = run_of(*(replace(r, site="one.example") for r in first + second))
    many, one = (html(*compare(run, run, [("a", "b")], "F")) for run in (apart, together))
    assert many.whole.verdict == "B better" and many.whole.p < 0.001
    assert one.whole.verdict == "too few pages" and one.whole.p == 1


def test_repeats_of_a_page_count_once_with_their_mean():
    again = [replace(r, repeat=1, scores={"F": 0.9, "MER": 0.1}) for r in scored_pages("b", [0.5] * 3)]
    run = run_of(*(scored_pages("a", [0.5] * 3) + scored_pages("b", [0.5] * 3) + again))
    found = html(*compare(run, run, [("a", "b")], "F"))
    assert (found.whole.pages, found.whole.second) == (3, pytest.approx(0.7))


def test_slices_hold_their_own_pages_and_only_keys_with_several_values_are_shown():
    kinds = ["forum"] * 3 + ["article"] * 5
    first = [replace(r, kind=kind) for r, kind in zip(scored_pages("a", [0.5] * 8), kinds)]
    second = [replace(r, kind=kind) for r, kind in zip(scored_pages("b", [0.9] * 3 + [0.4] * 5), kinds)]
    run = run_of(*(first + second))
    found = html(*compare(run, run, [("a", "b")], "F"))
    assert set(found.by) == {"kind"}
    rows = {row.name: row for row in found.by["kind"]}
    assert {name: (row.pages, row.won, row.lost) for name, row in rows.items()} == {"article": (5, 0, 5), "forum": (3, 3, 0)}
    assert rows["forum"].estimate.value == pytest.approx(0.4) and rows["article"].estimate.value == pytest.approx(-0.1)


def test_holm_counts_the_rows_of_each_table_and_not_those_of_others():
    names = ["x", "y", "z"]
    before = [r for name in names for r in scored_pages(name, [0.5] * SITES)]
    kinds = ["forum", "article"] * (SITES // 2)
    after = [r for seed, name in enumerate(names) for r in scored_pages(name, list(0.51 + noise(SITES, 0.05, seed)))]
    runs = [run_of(*(replace(r, kind=kinds[int(r.golden[-4:])]) for r in records)) for records in (before, after)]
    found = [html(item) for item in compare(*runs, [(name, name) for name in names], "F")]
    assert [item.whole.adjusted for item in found] == stats.holm([item.whole.p for item in found])
    for item in found:
        assert [row.adjusted for row in item.by["kind"]] == stats.holm([row.p for row in item.by["kind"]])


def test_words_by_kind_are_summed_over_the_pages_compared_and_the_largest_change_comes_first():
    first = scored_pages("a", [0.5, 0.5], leaks={"related": 10, "legal": 3}, misses={"body": 4})
    second = [*scored_pages("b", [0.6, 0.6], leaks={"related": 4, "consent": 2}, misses={"body": 4})]
    alone = record("b", "set/alone", 0.1, leaks={"legal": 999})
    run = run_of(*first, *second, alone)
    found = html(*compare(run, run, [("a", "b")], "F"))
    assert [(w.kind, w.first, w.second) for w in found.leaks] == [("related", 20, 8), ("legal", 6, 0), ("consent", 0, 4)]
    assert [(w.kind, w.first, w.second) for w in found.misses] == [("body", 8, 8)]


SAID = {"text": "what a word is changed", "words": "how words are counted changed"}


def test_pages_that_changed_between_the_runs_are_left_out_with_the_reason():
    before, after = (run_of(*scored_pages("x", [0.5] * 7), id=id) for id in ("1", "2"))
    goldens = dict(after.header.goldens)
    goldens["set/0000"] = replace(goldens["set/0000"], page="another")
    goldens["set/0001"] = replace(goldens["set/0001"], labels="others")
    kept = [r for r in after.records if r.golden != "set/0002"]
    kept = [replace(r, scores={"F": None, "MER": None}) if r.golden == "set/0003" else r for r in kept]
    after = replace(after, header=replace(after.header, goldens=goldens), records=(*kept, record("x", "set/new", 1.0)))
    (found,) = compare(before, after, [("x", "x")], "F")
    assert found.left_out == {
        "its page changed": ("set/0000",),
        "its labels changed": ("set/0001",),
        "only A has them": ("set/0002",),
        "F has no value": ("set/0003",),
        "only B has them": ("set/new",),
    }
    assert html(found).whole.pages == 3


@pytest.mark.parametrize(("what", "metric", "comparable"), [("F", "F", False), ("text", "MER", False), ("F", "MER", True)])
def test_scores_of_another_definition_are_not_compared(what, metric, comparable):
    before = run_of(*scored_pages("x", [0.5] * 2), id="1")  # without definitions: the first ones
    after = run_of(*scored_pages("x", [0.5] * 2), id="2", definitions={"text": 1, "words": 1, "F": 1, "MER": 1, what: 2})
    (found,) = compare(before, after, [("x", "x")], metric)
    assert bool(found.tracks) == comparable
    assert list(found.left_out) == ([] if comparable else [SAID.get(what, f"the definition of {what} changed")])


def test_sets_that_no_extractor_is_ranked_by_are_left_out():
    run = run_of(*scored_pages("a", [0.5]), *scored_pages("b", [0.9]), unranked=["set"])
    (found,) = compare(run, run, [("a", "b")], "F")
    assert not found.tracks and len(found.left_out) == 1


def test_html_pages_and_text_dumps_are_compared_apart():
    """B is better on pages and worse on dumps; together they would cancel out."""
    dumps = ["text/html"] * SITES + ["text/plain"] * SITES
    gains = np.r_[0.1 + noise(SITES, 0.02), -0.1 + noise(SITES, 0.02, 2)]
    first, second = ([0.5] * 2 * SITES, list(0.5 + gains))
    records = [
        replace(r, media=media)
        for name, scores in (("a", first), ("b", second))
        for r, media in zip(scored_pages(name, scores), dumps)
    ]
    run = run_of(*records)
    (found,) = compare(run, run, [("a", "b")], "F")
    assert {track: item.whole.verdict for track, item in found.tracks.items()} == {
        "text/html": "B better",
        "text/plain": "A better",
    }
    assert [item.whole.pages for item in found.tracks.values()] == [SITES, SITES]
    assert all("media" not in item.by for item in found.tracks.values())


def snippets(extractor: str, tp: list[int], fn: list[int]) -> list[Record]:
    """Pages that had to give tp + fn snippets, of which tp came out."""
    return [
        record(
            extractor,
            f"set/{number:04}",
            scores={
                "trafilatura.tp": t,
                "trafilatura.fp": 0,
                "trafilatura.fn": f,
                "trafilatura.tn": 0,
                "trafilatura.F": t and 1,
            },
        )
        for number, (t, f) in enumerate(zip(tp, fn))
    ]


def test_a_metric_that_is_no_mean_is_compared_by_its_own_rule():
    """B is right on every second page, which have nine times the snippets of the others, on which A is right."""
    large = [number % 2 for number in range(SITES)]
    sizes = [9 if big else 1 for big in large]
    a = snippets("a", [0 if big else n for n, big in zip(sizes, large)], [n if big else 0 for n, big in zip(sizes, large)])
    b = snippets("b", [n if big else 0 for n, big in zip(sizes, large)], [0 if big else n for n, big in zip(sizes, large)])
    run = run_of(*a, *b)
    found = html(*compare(run, run, [("a", "b")], "trafilatura.F")).whole
    assert found.first == METRICS["trafilatura.F"].over_pages(a) == pytest.approx(2 / 11)
    assert found.second == METRICS["trafilatura.F"].over_pages(b) == pytest.approx(18 / 19)
    assert found.estimate.value == pytest.approx(18 / 19 - 2 / 11)
    assert found.estimate.interval.low < 18 / 19 - 2 / 11 < found.estimate.interval.high
    assert (found.verdict, found.won, found.lost) == ("B better", SITES // 2, SITES // 2)


def test_a_page_counts_for_a_metric_over_pages_where_one_side_has_a_value():
    """AEB's mean precision leaves out an empty output; the other's page counts all the same."""

    def page(name: str, number: int, p: float | None) -> Record:
        return record(name, f"set/{number}", scores={"aeb.P": p, "aeb.tp": p or 0.0, "aeb.fp": 0 if p is None else 1 - p})

    a = [page("a", number, value) for number, value in enumerate([0.5, None, None])]
    b = [page("b", number, value) for number, value in enumerate([0.5, 0.8, None])]
    run = run_of(*a, *b)
    (compared,) = compare(run, run, [("a", "b")], "aeb.P")
    found = html(compared).whole
    assert (found.pages, found.first, found.second) == (2, pytest.approx(0.5), pytest.approx(0.65))
    assert compared.left_out == {"aeb.P has no value": ("set/2",)}


@pytest.mark.slow
def test_a_comparison_of_large_runs_takes_seconds():
    generator = np.random.default_rng(0)
    runs = []
    for id in "12":
        records = [
            replace(r, lang=f"l{int(r.golden[-4:]) % 9}", kind=f"k{int(r.golden[-4:]) % 9}")
            for number in range(20)
            for r in scored_pages(f"extractor{number}", list(generator.random(2000)))
        ]
        runs.append(run_of(*records, id=id))
    began = time.process_time()
    found = compare(*runs, [(f"extractor{number}", f"extractor{number}") for number in range(20)], "F")
    assert len(found) == 20 and all(html(item).whole.pages == 2000 for item in found)
    assert time.process_time() - began < 60
