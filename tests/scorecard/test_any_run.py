"""Every run has a scorecard, in every format."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.records import record, run_of
from factories.scorecards import Outline, card_of
from harness.runs.record import Run
from harness.scorecard.write.html import html
from harness.scorecard.write.json_file import scorecard_object
from harness.scorecard.write.markdown import markdown


@st.composite
def runs(draw: st.DrawFn) -> tuple[Run, Run | None]:
    """Small runs of every sort, and a baseline or none."""
    score = st.none() | st.sampled_from([0.0, 0.25, 1.0])
    outcome = st.sampled_from(["ok", "ok", "empty", "timeout"])

    def rows(names: list[str]) -> list:
        return [
            record(
                name,
                f"{draw(st.sampled_from(['s', 't']))}/{number}",
                draw(score),
                outcome=draw(outcome),
                media=draw(st.sampled_from(["text/html", "text/plain"])),
                coerced=draw(st.booleans()),
                timing={"wall": draw(st.none() | st.just(0.0) | st.just(0.01))},
                leaks=draw(st.sampled_from([{}, {"promo": 3}])),
            )
            for name in names
            for number in range(draw(st.integers(1, 3)))
        ]

    names = draw(st.lists(st.sampled_from(["a", "b", "x@1", "x@2"]), min_size=1, unique=True))
    run = run_of(*rows(names), references=draw(st.sampled_from([[], ["a"]])), unranked=draw(st.sampled_from([[], ["s"]])))
    return run, draw(st.none() | st.just(run) | st.just(run_of(*rows(["a", "b"]))))


@given(runs())
@settings(max_examples=40, deadline=None)
def test_every_run_has_a_scorecard(runs):
    run, baseline = runs
    for extractors in ([], [run.records[0].extractor]):
        card = card_of(run, baseline=baseline, extractors=extractors)
        assert markdown(card).startswith("# ")
        json.dumps(scorecard_object(card), allow_nan=False)


@pytest.mark.slow
@given(runs())
@settings(max_examples=40, deadline=None)
def test_every_run_has_a_scorecard_in_html(runs):
    run, baseline = runs
    outline = Outline(html(card_of(run, baseline=baseline)))
    assert len(outline.ids) == len(set(outline.ids))
