"""The harness's own metrics: corner cases, bounds, what a failure scores, and scripts without spaces."""

from __future__ import annotations

import math

import pytest
from hypothesis import given

from factories.extractors import runnable
from factories.scores import golden_of, goldens, scores_of, texts
from harness.alignment.words import page_words
from harness.engine.answer import FAILURES, Answer
from harness.evaluation.scoring import score
from harness.goldens.golden import Golden
from harness.metrics import METRICS, OWN_METRICS

UNBOUNDED = {"WER", "CER"}  # errors per word or character to keep: more can leak than there was to keep
OF_KEPT_WORDS = {"blocks.P", "blocks.R", "blocks.F", "punctuation", "code"}  # not measured where no word was kept
STORY = "The ferry lost its winch\nDivers found the drum"

# Columns: P R F, which LP LR LF must equal, and MER, which WER and CER must equal.
CORNERS = {
    "empty gold, empty output": ([("drop", "An advert")], "", (1, 1, 1), 0),
    "empty page, empty output": ([], "", (1, 1, 1), 0),
    "empty gold, some output": ([("drop", "An advert")], "An advert", (0, 1, 0), 1),
    "empty gold, only maybe text": ([("maybe", "A title"), ("drop", "An advert")], "A title", (1, 1, 1), 0),
    "some gold, empty output": ([("keep", STORY)], "", (0, 0, 0), 1),
    "some gold, output without words": ([("keep", STORY)], " \n … – ", (0, 0, 0), 1),
    "some gold, only maybe text": ([("keep", STORY), ("maybe", "A title")], "A title", (0, 0, 0), 1),
    "some gold, nothing of it": ([("keep", STORY)], "Quite other things", (0, 0, 0), 1),
    "some gold, all of it": ([("keep", STORY)], STORY, (1, 1, 1), 0),
    "some gold, all of it and maybe text": ([("maybe", "A title"), ("keep", STORY)], f"A title\n{STORY}", (1, 1, 1), 0),
}


@pytest.mark.parametrize("corner", CORNERS)
def test_corner_table(corner: str) -> None:
    blocks, output, expected, mer = CORNERS[corner]
    scores = scores_of(golden_of(*blocks), output)
    assert (scores["P"], scores["R"], scores["F"]) == expected
    assert (scores["LP"], scores["LR"], scores["LF"]) == expected
    assert scores["MER"] == mer
    if corner != "some gold, nothing of it":  # three words for nine, and characters that match by chance
        assert scores["WER"] == scores["CER"] == mer


@given(goldens, texts)
def test_scores_stay_in_0_to_1_except_wer_and_cer_which_have_no_upper_bound(golden: Golden, output: str) -> None:
    scores = scores_of(golden, output)
    assert set(scores) == set(OWN_METRICS)
    for name, value in scores.items():
        assert (value is None and name in OF_KEPT_WORDS) or 0 <= value <= (math.inf if name in UNBOUNDED else 1), name


@pytest.mark.parametrize("outcome", FAILURES)
def test_a_failure_scores_the_worst_of_every_metric_and_misses_everything(outcome: str) -> None:
    golden = golden_of(("keep", STORY), ("drop", "An advert"))
    record = score(golden, page_words(golden), runnable(), Answer(outcome, error="boom"), OWN_METRICS)
    zeros, ones = ("P", "R", "F", "LP", "LR", "LF"), ("WER", "CER", "MER", "duplicated", "moved", "invented")
    assert record.scores == dict.fromkeys(zeros, 0) | dict.fromkeys(ones, 1) | dict.fromkeys(OF_KEPT_WORDS)
    assert (record.outcome, record.error, record.misses, record.leaks) == (outcome, "boom", {"body": 9}, {})


@given(goldens, texts)
def test_no_answer_scores_worse_than_a_failure(golden: Golden, output: str) -> None:
    words = page_words(golden)
    failed = score(golden, words, runnable(), Answer("timeout")).scores
    answered = score(golden, words, runnable(), Answer("ok", output)).scores
    for name in set(OWN_METRICS) - UNBOUNDED - OF_KEPT_WORDS:
        better = answered[name] - failed[name]
        assert (better if METRICS[name].higher_is_better else -better) >= 0, name


def test_a_failure_on_a_page_without_main_content_is_no_empty_answer() -> None:
    golden = golden_of(("drop", "An advert"))
    outcomes = {o: score(golden, page_words(golden), runnable(), Answer(o)).scores["F"] for o in ("empty", "crash")}
    assert outcomes == {"empty": 1, "crash": 0}


def test_only_the_metrics_asked_for_are_scored() -> None:
    golden = golden_of(("keep", STORY))
    answer = Answer("ok", STORY)
    assert score(golden, page_words(golden), runnable(), answer, ["MER", "P"]).scores == {"MER": 0, "P": 1}


def test_scripts_without_spaces_are_scored_character_by_character() -> None:
    golden = golden_of(("keep", "港口昨晚被水淹了。"), ("drop", "广告"))
    scores = scores_of(golden, "港口被水淹了广告")  # two of eight characters lost, two leaked
    assert (scores["P"], scores["R"]) == (pytest.approx(6 / 8), pytest.approx(6 / 8))
    assert scores["WER"] == scores["CER"] == pytest.approx(4 / 8)
    assert scores["MER"] == pytest.approx(4 / 10)


@pytest.mark.parametrize("output", ["港口昨晚\n被淹", "港 口 昨 晚 被 淹", "港口、昨晚「被淹」"])
def test_spacing_and_punctuation_between_chinese_characters_do_not_count(output: str) -> None:
    scores = scores_of(golden_of(("keep", "港口昨晚被淹")), output)
    assert (scores["F"], scores["CER"], scores["MER"]) == (1, 0, 0)


def test_repeated_moved_and_foreign_words_are_shares_of_the_output() -> None:
    golden = golden_of(("keep", "The ferry lost its winch"), ("keep", "Divers found it later"))
    scores = scores_of(golden, "Divers found it later The ferry lost its winch The ferry lost its winch zzz yyy")
    shares = {"duplicated": 5 / 16, "moved": 4 / 16, "invented": 2 / 16}
    assert {name: scores[name] for name in shares} == pytest.approx(shares)
