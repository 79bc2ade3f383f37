"""Summaries of runs, against plain statistics."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import pytest

from factories.records import record
from harness.engine.answer import FAILURES
from harness.runs.record import Record
from harness.runs.summary import KEYS, Summary, summarise, summarise_by, worst_pages

OUTCOMES = ("ok", "ok", "ok", "empty", *FAILURES)


def many() -> Iterator[Record]:
    """Three extractors on thirty pages of two sets, with every outcome; a failure scores the worst values."""
    rng = random.Random(7)
    for extractor in ("alpha", "beta", "gamma"):
        for number in range(30):
            outcome = rng.choice(OUTCOMES)
            p, mer = (0.0, 1.0) if outcome in FAILURES else (rng.random(), rng.random())
            yield record(
                extractor,
                f"{'news' if number % 3 else 'shop'}/{number}",
                outcome=outcome,
                scores={"P": p, "F": p / 2, "MER": mer},
                coerced=number % 4 == 0,
                media="text/plain" if number % 5 else "text/html",
                kind=rng.choice(("article", "forum")),
                lang=rng.choice(("de", "en", "und")),
                site=f"{number % 7}.example",
                leaks={kind: rng.randrange(9) for kind in rng.sample(("related", "promo", "invented"), 2)},
                misses={"body": rng.randrange(9)},
                timing={"wall": None if outcome == "crash" else rng.random()},
            )


RECORDS = list(many())


@pytest.mark.parametrize("extractor", ["alpha", "beta", "gamma"])
def test_means_and_medians_count_every_page_and_answered_scores_only_answers(extractor: str) -> None:
    rows = [row for row in RECORDS if row.extractor == extractor]
    answered = [row for row in rows if row.outcome == "ok"]
    assert 0 < len(answered) < len(rows)
    summary = next(s for s in summarise(RECORDS) if s.extractor == extractor)
    for metric in ("P", "F", "MER"):
        assert summary.scores[metric] == pytest.approx(sum(row.scores[metric] for row in rows) / 30)
        assert summary.medians[metric] == statistics.median(row.scores[metric] for row in rows)
        assert summary.answered_scores[metric] == pytest.approx(statistics.mean(row.scores[metric] for row in answered))


@pytest.mark.parametrize("extractor", ["alpha", "beta", "gamma"])
def test_counts_add_up(extractor: str) -> None:
    rows = [row for row in RECORDS if row.extractor == extractor]
    summary = next(s for s in summarise(RECORDS) if s.extractor == extractor)
    assert (summary.pages, summary.coerced) == (30, 8)
    assert summary.errors == sum(row.outcome in FAILURES for row in rows) > 0
    assert summary.empty == sum(row.outcome == "empty" for row in rows) > 0
    assert summary.answered + summary.empty + summary.errors == sum(summary.outcomes.values()) == 30
    for counts, total in (("leaks", summary.leaks), ("misses", summary.misses)):
        for kind in ("related", "promo", "invented", "body"):
            assert total.get(kind, 0) == sum(getattr(row, counts).get(kind, 0) for row in rows)
    times = [row.timing["wall"] for row in rows if row.timing["wall"] is not None]
    assert summary.cost.milliseconds == pytest.approx(1000 * statistics.median(times))


def test_a_failure_lowers_the_mean_and_leaves_the_answered_mean() -> None:
    good = record("mine", "set/a", 0.9)
    (summary,) = summarise([good, record("mine", "set/b", 0.0, "timeout")])
    assert (summary.scores["F"], summary.answered_scores["F"], summary.errors) == (0.45, 0.9, 1)


def test_an_empty_answer_is_no_error_and_no_answer() -> None:
    (summary,) = summarise([record("mine", "set/a", 0.0, "empty")])
    assert (summary.errors, summary.empty, summary.answered, summary.answered_scores) == (0, 1, 0, {})


def test_nothing_is_an_answer_where_the_page_has_no_main_content() -> None:
    (summary,) = summarise([record("mine", "set/sign-in", 1.0, "empty"), record("mine", "set/b", 0.0, "empty")])
    assert (summary.errors, summary.empty, summary.answered, summary.outcomes) == (0, 1, 1, {"ok": 1, "empty": 1})
    assert summary.cost.milliseconds is None


def test_extractors_are_ranked_by_mean_f_and_equals_by_name() -> None:
    rows = [record("low", "set/a", 0.1), record("b-equal", "set/a", 0.5), record("a-equal", "set/a", 0.5)]
    rows += [record("high-once", "set/a", 1.0), record("high-once", "set/b", 0.0, "crash"), record("high", "set/a", 0.6)]
    names = [summary.extractor for summary in summarise(rows)]
    assert names == ["high", "a-equal", "b-equal", "high-once", "low"]


def test_without_f_the_first_metric_ranks_and_less_error_is_better() -> None:
    rows = [record("many", "set/a", scores={"MER": 0.8, "P": 1}), record("few", "set/a", scores={"MER": 0.2, "P": 0})]
    assert [summary.extractor for summary in summarise(rows)] == ["few", "many"]
    assert worst_pages(rows, 1)[0].extractor == "many"


def test_the_worst_pages_come_lowest_first_and_failures_before_answers_of_the_same_score() -> None:
    rows = [
        record("mine", "set/good", 0.9),
        record("mine", "set/a-wrong", 0.0),
        record("mine", "set/z-crashed", 0.0, "crash"),
        record("mine", "set/poor", 0.2),
        record("mine", "set/b-empty", 0.0, "empty"),
    ]
    assert [row.golden for row in worst_pages(rows, 4)] == ["set/z-crashed", "set/a-wrong", "set/b-empty", "set/poor"]
    assert worst_pages(reversed(rows), 9) == worst_pages(rows, 9)


@pytest.mark.parametrize("key", KEYS)
def test_groups_by_a_key_part_the_pages(key: str) -> None:
    def value_of(row: Record) -> str:
        if key == "size":
            return "1: below 10 KB"
        return row.golden.split("/")[0] if key == "set" else getattr(row, key)

    groups = summarise_by(RECORDS, key)
    assert list(groups) == sorted({value_of(row) for row in RECORDS})
    for value, summaries in groups.items():
        for summary in summaries:
            scores = [r.scores["F"] for r in RECORDS if (value_of(r), r.extractor) == (value, summary.extractor)]
            assert (summary.pages, summary.scores["F"]) == (len(scores), pytest.approx(statistics.mean(scores)))
    assert sum(summary.pages for summaries in groups.values() for summary in summaries) == len(RECORDS)


def test_a_page_that_was_run_several_times_counts_once_with_the_mean_of_its_repeats() -> None:
    rows = [record("mine", "set/a", f, repeat=n, leaks={"promo": n}) for n, f in enumerate((0.2, 0.4, 0.9))]
    rows += [record("mine", "set/b", 0.1, repeat=n, leaks={"promo": 6}) for n in range(3)]
    rows += [record("mine", "set/c", 0.3)]
    (summary,) = summarise(rows)
    assert (summary.pages, summary.answered) == (3, 3)
    assert summary.scores["F"] == pytest.approx((0.5 + 0.1 + 0.3) / 3)
    assert summary.medians["F"] == pytest.approx(0.3)
    assert summary.leaks == {"promo": 7}
    assert [(row.golden, row.repeat) for row in worst_pages(rows, 9)] == [("set/b", 0), ("set/c", 0), ("set/a", 0)]
    assert worst_pages(rows, 9)[2].scores["F"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("outcomes", "counted"),
    [(("ok", "timeout", "empty"), "timeout"), (("empty", "ok"), "empty"), (("ok", "ok"), "ok")],
)
def test_the_worst_outcome_of_its_repeats_is_the_outcome_of_a_page(outcomes: tuple[str, ...], counted: str) -> None:
    rows = [record("mine", "set/a", 0.5 * (o == "ok"), o, repeat=n, error=f"was {o}") for n, o in enumerate(outcomes)]
    (summary,) = summarise(rows)
    assert summary.outcomes == {counted: 1}
    assert summary.scores["F"] == pytest.approx(0.5 * outcomes.count("ok") / len(outcomes))
    assert worst_pages(rows, 1)[0].error == f"was {counted}"


def test_times_of_repeats_are_averaged_as_far_as_they_were_measured() -> None:
    rows = [record("mine", "set/a", repeat=n, timing={"wall": wall}) for n, wall in enumerate((0.1, None, 0.3))]
    (summary,) = summarise([*rows, record("mine", "set/b", timing={"wall": None})])
    assert summary.cost.milliseconds == pytest.approx(200)


def test_the_first_page_of_a_worker_is_timed_apart_and_percentiles_are_of_the_others() -> None:
    first = record("mine", "set/first", timing={"first_wall": 2.0, "peak_memory": 5e6, "cost": 0.5})
    others = [record("mine", f"set/{n:03}", timing={"wall": n / 1000, "peak_memory": 1e6 * n}) for n in range(1, 101)]
    cost = summarise([first, *others])[0].cost
    assert (cost.milliseconds, cost.milliseconds_95, cost.first_milliseconds) == pytest.approx((50.5, 95, 2000))
    assert cost.peak_memory == 100e6, "the most that any worker had"
    assert cost.money == pytest.approx(0.5 / 101), "pages without a price cost nothing"
    assert summarise(others)[0].cost.money is None


@pytest.mark.parametrize(("size", "name"), [(0, "1: below 10 KB"), (10_000, "2: 10 to 50 KB"), (10**9, "4: above 200 KB")])
def test_pages_are_grouped_by_their_size(size: int, name: str) -> None:
    assert list(summarise_by([replace(record("mine", "set/a"), page_bytes=size)], "size")) == [name]


def values(summary: Summary) -> dict[str, object]:
    """All that a summary says."""
    names = [name for name, member in vars(Summary).items() if isinstance(member, (property, cached_property))]
    return {name: getattr(summary, name) for name in names if not name.startswith("_")}


def test_the_order_of_records_changes_no_digit() -> None:
    shuffled = random.Random(1).sample(RECORDS, len(RECORDS))
    assert [values(summary) for summary in summarise(shuffled)] == [values(summary) for summary in summarise(RECORDS)]


def test_regions_of_a_language_are_one_group():
    records = [replace(record("mine", f"set/{lang}"), lang=lang) for lang in ("de", "de-AT", "en-GB", "und")]
    assert {value: summaries[0].pages for value, summaries in summarise_by(records, "lang").items()} == {
        "de": 2,
        "en": 1,
        "und": 1,
    }
