"""The metrics: corner cases, independent references, and what a failure scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from unittest import mock

import jiwer
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from harness.alignment.align import page_words
from harness.engine.answer import FAILURES, Answer
from harness.evaluation.evaluate import score
from harness.evaluation.evaluate import scores_of as scores_of_case
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import VERDICTS, Verdict
from harness.metrics import METRICS, OWN_METRICS, Case
from harness.metrics.own import edit
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

UNBOUNDED = {"WER", "CER"}  # errors per word or character to keep: more can leak than there was to keep
RUNNABLE = Runnable("mine", ("worker",), "mine.py", "mine", None, {}, "text/plain", False, False, "code", "identity")
STORY = "The ferry lost its winch\nDivers found the drum"


def golden_of(*blocks: tuple[Verdict, str]) -> Golden:
    """A golden with one line for each line of each block."""
    lines = [(verdict, line) for verdict, text in blocks for line in text.split("\n") if line]
    segments = tuple(Segment(line, verdict, "body", number) for number, (verdict, line) in enumerate(lines))
    return Golden("set/page", Page(b"", "text/plain"), "article", "site.example", segments)


def scores_of(golden: Golden, output: str) -> dict[str, float]:
    return scores_of_case(Case(golden, output, page_words(golden)), OWN_METRICS)


def edits(a: Sequence[str], b: Sequence[str], sign: int) -> tuple[int, int]:
    """Fewest edits from a to b, and how many items stay: at most (sign -1) or at least (sign 1)."""
    row = [(j, 0) for j in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        above, row = row, [(i, 0)]
        for j, y in enumerate(b):
            replaced = (above[j][0] + (x != y), above[j][1] + sign * (x == y))
            row.append(min(replaced, (above[j + 1][0] + 1, above[j + 1][1]), (row[j][0] + 1, row[j][1])))
    return row[-1][0], abs(row[-1][1])


vocabulary = st.sampled_from(["a", "b", "bb", "abc", "Straße", "नदी", "x1"])
texts = st.lists(vocabulary, max_size=25).map(" ".join) | st.text("ab \n港口ก", max_size=40)
goldens = st.lists(st.tuples(st.sampled_from(VERDICTS), texts), max_size=5).map(lambda blocks: golden_of(*blocks))

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
        assert 0 <= value <= (math.inf if name in UNBOUNDED else 1), name


@pytest.mark.parametrize("outcome", FAILURES)
def test_a_failure_scores_the_worst_of_every_metric_and_misses_everything(outcome: str) -> None:
    golden = golden_of(("keep", STORY), ("drop", "An advert"))
    record = score(golden, page_words(golden), RUNNABLE, Answer(outcome, error="boom"))
    zeros, ones = ("P", "R", "F", "LP", "LR", "LF"), ("WER", "CER", "MER", "duplicated", "moved", "invented")
    assert record.scores == dict.fromkeys(zeros, 0) | dict.fromkeys(ones, 1)
    assert (record.outcome, record.error, record.misses, record.leaks) == (outcome, "boom", {"body": 9}, {})


@given(goldens, texts)
def test_no_answer_scores_worse_than_a_failure(golden: Golden, output: str) -> None:
    words = page_words(golden)
    failed = score(golden, words, RUNNABLE, Answer("timeout")).scores
    answered = score(golden, words, RUNNABLE, Answer("ok", output)).scores
    for name in set(OWN_METRICS) - UNBOUNDED:
        better = answered[name] - failed[name]
        assert (better if METRICS[name].higher_is_better else -better) >= 0, name


def test_a_failure_on_a_page_without_main_content_is_no_empty_answer() -> None:
    golden = golden_of(("drop", "An advert"))
    outcomes = {o: score(golden, page_words(golden), RUNNABLE, Answer(o)).scores["F"] for o in ("empty", "crash")}
    assert outcomes == {"empty": 1, "crash": 0}


def test_only_the_metrics_asked_for_are_scored() -> None:
    golden = golden_of(("keep", STORY))
    answer = Answer("ok", STORY)
    assert score(golden, page_words(golden), RUNNABLE, answer, ["MER", "P"]).scores == {"MER": 0, "P": 1}


@given(st.lists(vocabulary, min_size=1, max_size=30), st.lists(vocabulary, min_size=1, max_size=30), st.data())
def test_error_rates_are_those_of_jiwer_whatever_the_white_space(
    gold: list[str], output: list[str], data: st.DataObject
) -> None:
    spaces = data.draw(st.lists(st.sampled_from(" \n\t\u00a0\u3000"), min_size=len(output), max_size=len(output)))
    scores = scores_of(golden_of(("keep", " ".join(gold))), "".join(s + w for s, w in zip(spaces, output)))
    reference, hypothesis = " ".join(gold), " ".join(output)
    assert scores["WER"] == pytest.approx(jiwer.wer(reference, hypothesis), abs=1e-12)
    assert scores["MER"] == pytest.approx(jiwer.mer(reference, hypothesis), abs=1e-12)
    assert scores["CER"] == pytest.approx(jiwer.cer(reference, hypothesis), abs=1e-12)
    with mock.patch.object(edit, "_MAX_CELLS", 0):  # as of texts that are too long for jiwer's table
        assert scores_of(golden_of(("keep", reference)), hypothesis)["CER"] == pytest.approx(scores["CER"], abs=1e-12)


@given(st.lists(vocabulary, min_size=1, max_size=15), st.lists(vocabulary, min_size=1, max_size=15))
@example(["a"], ["b", "bb", "abc"])
def test_error_rates_are_those_of_a_levenshtein_distance(gold: list[str], output: list[str]) -> None:
    scores = scores_of(golden_of(("keep", " ".join(gold))), " ".join(output))
    errors, most_hits = edits(gold, output, -1)
    _, fewest_hits = edits(gold, output, 1)
    assert scores["WER"] == pytest.approx(errors / len(gold))
    # Of several shortest edits, each may leave another number of words as they are.
    assert errors / (errors + most_hits) - 1e-12 <= scores["MER"] <= errors / (errors + fewest_hits) + 1e-12
    reference, hypothesis = " ".join(gold), " ".join(output)
    assert scores["CER"] == pytest.approx(edits(reference, hypothesis, 1)[0] / len(reference))


@given(goldens, texts)
def test_mer_never_exceeds_wer(golden: Golden, output: str) -> None:
    assume("keep" in {segment.verdict for segment in golden.segments})
    scores = scores_of(golden, output)
    assert scores["MER"] <= scores["WER"] + 1e-12


def test_error_rates_by_hand() -> None:
    golden = golden_of(("maybe", "Title here"), ("keep", "one two three four"), ("drop", "advert"))
    scores = scores_of(golden, "Title here\none 2 three four advert")  # one replaced, one inserted, three left
    assert (scores["WER"], scores["MER"]) == (pytest.approx(2 / 4), pytest.approx(2 / 5))
    assert scores["CER"] == pytest.approx(10 / 18)  # "two" to "2", " advert" added
    assert scores_of(golden, "x y z u v w")["WER"] == pytest.approx(6 / 4)


LINES = golden_of(
    ("maybe", "Ferry adrift"),
    ("keep", "The ferry lost its winch tonight"),
    ("keep", "Divers found the broken drum nearby"),
    ("drop", "Read more about other boats here"),
)


@pytest.mark.parametrize(
    ("output", "lp", "lr"),
    [
        ("The ferry lost its winch tonight\nDivers found the broken drum nearby", 1, 1),
        ("The ferry lost its winch tonight\nDivers found the", 1, 1 / 2),  # half of a line is not most of it
        ("The ferry lost its winch tonight\nDivers found the broken", 1, 1),
        ("The ferry lost its winch tonight\nRead more about other boats here", 1 / 2, 1 / 2),
        ("The ferry lost its winch tonight Read more about other boats here", 0, 1 / 2),  # half leaked
        ("The ferry lost\nits winch tonight\nRead more\nabout other\nboats here", 2 / 5, 1 / 2),
        ("Ferry adrift\nThe ferry lost its winch tonight", 1, 1 / 2),  # a line of maybe words counts on neither side
        ("Ferry adrift Read\nDivers found the broken drum nearby", 1 / 2, 1 / 2),  # … but what leaked beside it does
        ("\n – \n", 0, 0),
    ],
)
def test_lines_count_by_the_majority_of_their_words(output: str, lp: float, lr: float) -> None:
    scores = scores_of(LINES, output)
    assert (scores["LP"], scores["LR"]) == (pytest.approx(lp), pytest.approx(lr))
    assert scores["LF"] == pytest.approx(2 * lp * lr / (lp + lr) if lp + lr else 0)


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
    golden = golden_of(("keep", "The ferry lost its winch"), ("keep", "Divers found it"))
    scores = scores_of(golden, "Divers found it The ferry lost its winch The ferry lost its winch zzz yyy")
    shares = {"duplicated": 5 / 15, "moved": 3 / 15, "invented": 2 / 15}
    assert {name: scores[name] for name in shares} == pytest.approx(shares)
