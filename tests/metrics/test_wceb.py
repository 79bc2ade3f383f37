"""The metrics of WCEB: ROUGE-LSum as rouge-score 0.1.2 computes it, and the indel ratio."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factories.benchmarks import texts_of_aeb
from factories.goldens import plain_golden
from factories.places import needs_datasets
from harness.alignment.words import page_words
from harness.goldens.golden import Segment
from harness.metrics.base import Case, ScoresByMetric
from harness.metrics.benchmarks import wceb

# Means over the 181 pages, computed with rouge-score 0.1.2 on sentences of NLTK 3.9.1, and with Levenshtein.ratio 0.27.
PUBLISHED_OUTPUTS = {
    "goose3": {"P": 0.925100, "R": 0.868218, "F": 0.883752, "levenshtein": 0.882269},
    "justext": {"P": 0.731048, "R": 0.764396, "F": 0.726236, "levenshtein": 0.722462},
    "readability_js": {"P": 0.918268, "R": 0.976585, "F": 0.942998, "levenshtein": 0.941116},
    "trafilatura": {"P": 0.937603, "R": 0.980673, "F": 0.951293, "levenshtein": 0.950940},
}


@needs_datasets
@pytest.mark.parametrize("name", PUBLISHED_OUTPUTS)
def test_published_outputs_score_as_with_the_packages_that_wceb_uses(name: str) -> None:
    golds, outputs = texts_of_aeb("gold"), texts_of_aeb(name)
    assert len(golds) == len(outputs) == 181
    scores = [scores_of(gold, output) for gold, output in zip(golds, outputs)]
    for part, published in PUBLISHED_OUTPUTS[name].items():
        metric = part if part == "levenshtein" else f"rouge.{part}"
        assert statistics.fmean(page[f"wceb.{metric}"] for page in scores) == pytest.approx(published, abs=1e-6)


EMPTY = plain_golden("")
NO_WORDS = page_words(EMPTY)  # these metrics have tokens of their own


def scores_of(gold: str, output: str) -> dict[str, float]:
    return wceb.wceb_scores(Case(replace(EMPTY, text=gold), output, NO_WORDS))


def table(gold: Sequence[str], predicted: Sequence[str]) -> list[list[int]]:
    """Lengths of the longest common subsequences of all beginnings of two sequences."""
    lengths = [[0] * (len(predicted) + 1) for _ in range(len(gold) + 1)]
    for i, a in enumerate(gold):
        for j, b in enumerate(predicted):
            lengths[i + 1][j + 1] = lengths[i][j] + 1 if a == b else max(lengths[i][j + 1], lengths[i + 1][j])
    return lengths


def reference(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """ROUGE-LSum straight from its definition."""
    left_gold, left = (Counter(token for sentence in side for token in sentence) for side in (gold, predicted))
    sizes = left_gold.total(), left.total()
    hits = 0
    for sentence in gold:
        union = set()
        for other in predicted:
            lengths, i, j = table(sentence, other), len(sentence), len(other)
            while i and j:
                if sentence[i - 1] == other[j - 1]:
                    i, j = i - 1, j - 1
                    union.add(i)
                elif lengths[i][j - 1] > lengths[i - 1][j]:
                    j -= 1
                else:
                    i -= 1
        for token in (sentence[i] for i in sorted(union)):
            if left_gold[token] > 0 and left[token] > 0:
                hits += 1
                left_gold[token] -= 1
                left[token] -= 1
    p, r = hits / sizes[1], hits / sizes[0]
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


def sides(alphabet: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.text(alphabet, max_size=12), min_size=1, max_size=4).filter(any)


@given(sides("abc") | sides("abcdefgh"), sides("abc") | sides("abcdxyz"), st.sampled_from([1, 2, 3, 4096]))
@example(["bd"], ["b", "db"], 4096)  # leaving out the predicted token first would take "d" too
@example(["ac"], ["ax"], 4096)
@example(["dcb" * 30], ["bcd" * 40, "b"], 7)
@example(["abc", "abc"], ["abc"], 4096)
def test_rouge_is_what_its_definition_says(gold: list[str], predicted: list[str], block: int) -> None:
    with mock.patch.object(wceb, "_BLOCK", block):
        assert wceb.rouge_lsum(gold, predicted) == reference(gold, predicted)


@given(sides("abc"), sides("abc"))
def test_levenshtein_is_the_indel_ratio_over_tokens(gold: list[str], predicted: list[str]) -> None:
    common = table(gold, predicted)[-1][-1]
    gold, predicted = [token or "-" for token in gold], [token or "-" for token in predicted]
    ratio = scores_of(" ".join(gold), " ".join(predicted))["wceb.levenshtein"]
    assert ratio == pytest.approx(2 * common / (len(gold) + len(predicted)))


# P, R, F, Levenshtein.
CORNERS = {
    "empty gold, empty output": ("", " \n", (1, 1, 1, 1)),
    "empty gold, some output": (" ", "An advert.", (0, 1, 0, 0)),
    "some gold, empty output": ("Divers found it.", "", (0, 0, 0, 0)),
    "nothing in common": ("Divers found it.", "An advert", (0, 0, 0, 0)),
    "equal": ("Divers found it. All cheered!", "Divers found it. All cheered!", (1, 1, 1, 1)),
    "case and punctuation count": ("Divers found it.", "divers found it", (1 / 3, 1 / 3, 1 / 3, 1 / 3)),
    "spaces of any kind separate": ("Divers found it.", "Divers\u2003found\n\nit.", (1, 1, 1, 1)),
    "order of sentences does not count for ROUGE": ("One came. Two left.", "Two left. One came.", (1, 1, 1, 0.5)),
    "a sentence from two": ("a b c d", "a b x. c d y.", (4 / 6, 1, 0.8, 0.8)),
    "a token counts as often as it came out": ("go go go", "go", (1, 1 / 3, 0.5, 0.5)),
}


@pytest.mark.parametrize(("gold", "output", "expected"), CORNERS.values(), ids=CORNERS)
def test_corner_cases(gold: str, output: str, expected: tuple[float, ...]) -> None:
    scores = scores_of(gold, output)
    names = ("wceb.rouge.P", "wceb.rouge.R", "wceb.rouge.F", "wceb.levenshtein")
    assert tuple(scores[name] for name in names) == pytest.approx(expected)


def test_labels_give_the_gold_where_no_text_is_given() -> None:
    labelled = (Segment("Divers found it.", "keep", "body", 0), Segment("An advert.", "drop", "ad", 1))
    golden = replace(EMPTY, text=None, labelled=labelled)
    assert wceb.wceb_scores(Case(golden, "Divers found it.", NO_WORDS))["wceb.rouge.F"] == 1


@dataclass(frozen=True)
class Scored:
    set: str
    scores: ScoresByMetric


def test_micro_is_the_mean_over_pages_and_macro_the_mean_over_sets() -> None:
    metrics = {metric.name: metric for metric in wceb.WCEB.metrics}
    for micro, macro in (("wceb.rouge.F", "wceb.rouge.F.macro"), ("wceb.levenshtein", "wceb.levenshtein.macro")):
        values = [("cetd", 1.0), ("cetd", 0.5), ("cetd", 0.0), ("dragnet", 0.1), ("empty", None)]
        pages = [Scored(name, {micro: value, macro: value}) for name, value in values]
        assert metrics[micro].over_pages(pages) == pytest.approx(1.6 / 4)
        assert metrics[macro].over_pages(pages) == pytest.approx((0.5 + 0.1) / 2)
        assert metrics[macro].over_pages([]) is None


def test_each_metric_has_a_value_on_each_page_and_macro_values_are_those_of_the_page() -> None:
    scores = scores_of("Divers found it. All cheered.", "Divers found it.")
    assert set(scores) == set(wceb.WCEB.names)
    assert scores["wceb.rouge.F.macro"] == scores["wceb.rouge.F"] == pytest.approx(0.75)
    assert scores["wceb.levenshtein.macro"] == scores["wceb.levenshtein"] == pytest.approx(0.75)
