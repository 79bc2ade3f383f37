"""The leaderboard: who is ranked, by what, how surely, and at what cost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from factories.records import record, run_of
from factories.scorecards import card_of, thirty
from harness.scorecard.write.html import html
from harness.scorecard.write.markdown import markdown
from harness.scorecard.write.phrases import scores_beside


def test_a_leaderboard_ranks_who_competes_and_keeps_the_others_apart():
    records = [
        *thirty("good", [0.9, 0.95]),
        *thirty("twin", [0.95, 0.9]),
        *thirty("poor", [0.4, 0.5]),
        *thirty("reference", [1.0]),
        *thirty("converted", [0.99], coerced=True),
    ]
    (track,) = card_of(run_of(*records, references=["reference"])).tracks
    assert [(line.extractor, line.rank) for line in track.lines] == [
        ("good", 1),
        ("twin", 1),
        ("poor", 3),
        ("reference", None),
        ("converted", None),
    ]
    assert track.headline == "good has the best mean, F\xa0.925; these pages cannot tell it from twin."
    assert 0 < track.detectable < 0.1
    low, high = track.lines[0].interval
    assert low < 0.925 < high


def test_a_lower_mean_may_rank_better_and_the_leader_is_still_who_has_the_best_mean():
    records = [
        *thirty("leader", [0.90]),
        *thirty("close", [0.89]),
        *thirty("wild", [0.2, 1.0, 1.0, 1.0, 1.0]),
    ]
    (track,) = card_of(run_of(*records)).tracks
    assert [(line.extractor, line.rank) for line in track.lines] == [("leader", 1), ("wild", 1), ("close", 2)]
    assert track.headline.startswith("leader has the best mean")


def test_few_sites_have_ranks_but_no_interval_and_the_reason_is_said():
    records = [record(name, f"set/{n}", f) for name, f in (("a", 0.9), ("b", 0.1)) for n in range(7)]
    card = card_of(run_of(*records))
    assert card.tracks[0].lines[0].interval is None
    assert "7 sites" in card.tracks[0].no_interval
    assert "pages of 7 sites; an interval needs 20" in html(card)
    assert card.tracks[0].headline == "a leads with F\xa0.900, clearly ahead of all others."


def test_sets_that_an_extractor_made_rank_nobody():
    (track,) = card_of(run_of(*thirty("a", [0.9]), *thirty("b", [0.1]), unranked=["set"])).tracks
    assert [line.rank for line in track.lines] == [None, None]
    assert "No extractor is ranked on" in track.headline


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_best_trades_are_those_that_nobody_beats_in_quality_and_time(points):
    records = [
        record(f"e{number}", "set/page", quality / 5, timing={"wall": time / 1000})
        for number, (quality, time) in enumerate(points)
    ]
    (track,) = card_of(run_of(*records)).tracks
    named = {line.extractor for line in track.lines if line.pareto}
    best = {
        (quality, time)
        for quality, time in points
        if not any((q >= quality and t <= time) and (q, t) != (quality, time) for q, t in points)
    }
    assert {points[int(name[1:])] for name in named} == best
    assert len(named) == len(best)


def test_metrics_that_disagree_are_marked():
    scores = {"a": (0.9, 0.1), "b": (0.8, 0.2), "c": (0.7, 0.3)}
    records = [
        record(name, "set/1", f, scores={"P": f, "R": f, "F": f, "MER": 0.5, "rouge5.F": other})
        for name, (f, other) in scores.items()
    ]
    (track,) = card_of(run_of(*records)).tracks
    assert track.disagreement.metrics[0] == "F"
    assert "<mark>3</mark>" in html(card_of(run_of(*records)))


def timed(name: str, f: float, wall: float, **fields: object) -> list:
    return [record(name, f"set/{n:02}", f, timing={"wall": wall}, **fields) for n in range(30)]


def test_times_of_earlier_runs_are_counted_and_name_no_best_trade():
    fresh = [*timed("good", 0.9, 0.2), *timed("fast", 0.5, 0.1)]
    (track,) = card_of(run_of(*fresh)).tracks
    assert {line.extractor for line in track.lines if line.pareto} == {"good", "fast"}
    assert "Best trades of quality for time: good and fast." in track.notes
    known = run_of(*timed("good", 0.9, 0.2), *timed("fast", 0.5, 0.1, cached=True))
    card = card_of(known)
    (track,) = card.tracks
    assert not any(line.pareto for line in track.lines) and not track.timed_together
    assert "Earlier runs measured 30 of 60 times, so no best trades of quality for time are named." in track.notes
    times = "measured in the run, but 30 of 60 in earlier runs (measure all by: harness run --fresh)"
    assert f"| times | {times} |" in markdown(card) and times in html(card)
    assert "best trade" not in html(card).replace("no best trades", "") and "dashed line" not in html(card)
    assert "dashed line" in html(card_of(run_of(*fresh)))


def test_times_of_a_merged_run_are_not_of_one_run():
    (track,) = card_of(run_of(*timed("good", 0.9, 0.2), *timed("fast", 0.5, 0.1), merged=["1", "2"])).tracks
    assert not any(line.pareto for line in track.lines)
    assert any("several runs" in note for note in track.notes)


def test_a_repeat_from_an_earlier_run_makes_the_time_of_the_page_one():
    rows = [*timed("good", 0.9, 0.2), *timed("good", 0.9, 0.2, repeat=1, cached=True), *timed("fast", 0.5, 0.1)]
    (track,) = card_of(run_of(*rows)).tracks
    assert any(note.startswith("Earlier runs measured 30 of 60 times") for note in track.notes)


def test_a_metric_that_is_no_mean_is_ranked_with_intervals():
    def pages(name: str, right: int) -> list:
        found = [right + n % 2 for n in range(30)]
        counts = [{"tp": tp, "fp": 0, "fn": 3 - tp, "tn": 3, "F": 0.5} for tp in found]
        scores = [{f"trafilatura.{key}": float(value) for key, value in each.items()} for each in counts]
        return [record(name, f"set/{n:02}", scores=each) for n, each in enumerate(scores)]

    (track,) = card_of(run_of(*pages("good", 2), *pages("poor", 1))).tracks
    assert [(line.extractor, line.rank) for line in track.lines] == [("good", 1), ("poor", 2)]
    low, high = track.lines[0].interval
    assert low < track.lines[0].value == 2 * 75 / (2 * 75 + 15) < high
    assert not track.no_interval
    assert scores_beside(track) == [], "nothing else has a value"


def test_beside_the_metric_of_a_benchmark_stand_the_others_of_it_that_have_a_value():
    scores = {"P": None, "R": None, "F": None, "MER": None, "trafilatura.P": 0.9, "trafilatura.F": 0.8}
    counts = dict.fromkeys(("trafilatura.tp", "trafilatura.fp", "trafilatura.fn", "trafilatura.tn"), 1.0)
    (track,) = card_of(run_of(record("a", "set/1", scores={**scores, **counts}))).tracks
    assert (track.metric, scores_beside(track)) == ("trafilatura.F", ["trafilatura.P"])
    (track,) = card_of(run_of(record("a", "set/1"))).tracks
    assert (track.metric, scores_beside(track)) == ("F", ["P", "R", "MER"])
