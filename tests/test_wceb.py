"""The metrics of WCEB: sentences as NLTK 3.9.1 splits them, ROUGE-LSum as rouge-score 0.1.2 computes it, the indel ratio."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.alignment.align import page_words
from harness.goldens.golden import Golden, Segment
from harness.metrics.base import Case, Scores
from harness.metrics.benchmarks import wceb
from harness.metrics.benchmarks.sentences import split_sentences
from harness.pages.page import Page

DATASETS = os.environ.get("HARNESS_DATASETS")
needs_aeb = pytest.mark.skipif(not DATASETS, reason="HARNESS_DATASETS names no folder with the data sets")

# Each list is what nltk.sent_tokenize of NLTK 3.9.1 returns for its sentences, with a space, or what is given, between them.
SPLIT = {
    "plain": ["The crane came at dawn.", "It left at noon."],
    "marks": ["Stop!", "Who is there?", "Nobody answered."],
    "several marks": ["What?!", "Really!!!", "Yes."],
    "marks without a word": ["One.", ".", "!", "Two."],
    "abbreviations": ["Dr. Lund lives on St. Olaf Ave. near the port."],
    "abbreviation behind a hyphen": ["The non-corp. office closed."],
    "unknown abbreviation": ["The port-auth.", "office closed."],
    "abbreviation, then a frequent beginning of sentences": ["It moved to the U.S.", "However, the crew stayed."],
    "abbreviation, then a common word capitalised": ["The sale ended in Jan.", "Snow fell."],
    "abbreviation, then an unknown word": ["The boat docked at 9 p.m. Nobody saw it."],
    "abbreviation, then a name": ["It moved to the U.S. Navy yard."],
    "abbreviation, then a word in lower case": ["It was cold in Jan. snow fell."],
    "abbreviation, then punctuation": ["The U.S.; the U.K."],
    "initials": ["She met J. Lund and K. Olsen there."],
    "initial, then a common word": ["She and J.", "Abalone met."],
    "initial that is an abbreviation": ["She and N. Abalone met."],
    "initial, then a word known in both cases": ["He asked for vitamin B.", "The nurse refused."],
    "initial, then a word in lower case": ["They followed plan B. nobody else did."],
    "initial, then dashes": ["On went J.", "-- he."],
    "collocation": ["Then 9. Credit fell."],
    "number, then a capital": ["They counted 14.", "The rest had gone."],
    "number, then a word in lower case": ["See item 4. this one is short."],
    "number, then a word that begins sentences in lower case": ["It is item 4.", "administrators said so."],
    "numbers with dots": ["It weighs 3.5 tons and costs 1,200.50 crowns.", "That is much."],
    "ellipses": ["He waited ... and waited.", "Then ...", "The door opened."],
    "ellipses at words": ["He waited... the others left... Nobody came back."],
    "spaced ellipsis": ["He waited .", ".", ".", "and then left."],
    "quotes": ['"Come here."', "She did not move.", '"Now!"', "he said."],
    "curly quotes": ["“Come here.” She did not move.", "“Now!” he said."],
    "brackets": ["(They came late.)", "Nobody minded."],
    "closing marks before dashes": ['He said "go."', "-- and left."],
    "a bracket in the middle": ["Wait,no.", ")Then a;b.c d."],
    "closing marks alone": ["He left .'", 'Then . "', "came."],
    "no space": ["The tug ran aground.The crew swam."],
    "an address": ["Visit www.port.example.", "Call us at once."],
    "German": ["Der Kran kam um 9 Uhr.", "Er ging z.", "B. nach Norden."],
    "no spaces in the script": ["港が開いた。船が来た。"],
    "no end": ["a"],
    "only dots": ["..."],
}


@pytest.mark.parametrize("sentences", SPLIT.values(), ids=SPLIT)
@pytest.mark.parametrize("space", [" ", "\n", "\n\n \t"])
def test_sentences_are_those_of_nltk(sentences: list[str], space: str) -> None:
    assert split_sentences(space.join(sentences)) == sentences


def test_spaces_before_a_text_stay_and_those_behind_it_go() -> None:
    assert split_sentences("  It begins. It ends.  \n") == ["  It begins.", "It ends."]
    assert split_sentences(" .! It begins.") == [" .!", "It begins."]
    assert split_sentences("") == split_sentences(" \n") == []


# What NLTK 3.9.1 makes of what no writer would write, but an extractor may.
ODD = {
    "What?!\xa0Really? Yes.": ["What?!\xa0Really?", "Yes."],
    "What?!\xa0Really. Yes!": ["What?!\xa0Really.", "Yes!"],
    "What?!\xa0Really, yes!": ["What?!", "Really, yes!"],
    "?\xa0”": ["?", "”"],
    ".\xa0. .": [".", ". ."],
    ".\xa0.\n.": [".", ".", "."],
    "5.?": ["5.?"],
    "!?;": ["!", "?", ";"],
    "?)--": ["?)", "--"],
    "!..!": ["!..", "!"],
    ".--..?": [".--..", "?"],
}


@pytest.mark.parametrize(("text", "sentences"), ODD.items())
def test_odd_texts_are_split_as_by_nltk(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


pieces = st.sampled_from([*"ab1J.?!,'\")(]-“” \n\xa0", "Dr.", "The ", " No. ", "...", "--", "p.m. "])


@given(st.lists(pieces, max_size=40).map("".join) | st.text(max_size=60))
def test_sentences_hold_all_of_a_text_but_spaces(text: str) -> None:
    sentences = split_sentences(text)
    assert all(sentences)
    assert "".join("".join(sentences).split()) == "".join(text.split())


# SHA-256 of the lengths of all sentences of all texts, computed with NLTK 3.9.1 and its punkt_tab.
LENGTHS = {
    "gold": "b2d2ec6e76266c7e69b96d7379455fa2bc8050a86dcaf22ca2d1c89b1bc5f1fd",
    "boilerpipe": "3fb75811042ba53ec5cb6791d74fb39faff2c0ccbe2e457d154a5c7ba7e69d80",
    "dragnet": "4549301d0b7df61af740a9fcc06222f8dc6c9029b6611c5254e7baca09da6186",
    "go_trafilatura": "022129bf9c6cdb1defccfbf6015ae02784c2a3568a962694f825305065202078",
    "goose3": "59e117b120f0a7f7c16184f46c77975d690d960dbe9318cc14bc0681a8d72321",
    "inscriptis": "40c5673cd2f54b711091cd4af8b6241694db4257dd1b0af0c519505d660f83e1",
    "justext": "835e9d1e0b671ba90178ef004357fc65bf03b4cfff8257a6807649dde9b769e1",
    "newspaper": "dcd22584179b43ab9b8e5471d1d65804bae2b0516fdfadef8fbd23173285beb1",
    "readability_js": "e764cf6dc4b4036fedf56e297f127f63b6e0df8577f133ba636288042978fd13",
    "rs_trafilatura": "de1510eaae47eb0f7c0493d690f851fbc3eb18667716523bd0748e162795f456",
    "trafilatura": "20c5322cb5fa9f3131cba92bb5a9838977a4a039954f5d612fc779b426b3d13b",
}

# Means over the 181 pages, computed with rouge-score 0.1.2 on sentences of NLTK 3.9.1, and with Levenshtein.ratio 0.27.
PUBLISHED_OUTPUTS = {
    "goose3": {"P": 0.925100, "R": 0.868218, "F": 0.883752, "levenshtein": 0.882269},
    "justext": {"P": 0.731048, "R": 0.764396, "F": 0.726236, "levenshtein": 0.722462},
    "readability_js": {"P": 0.918268, "R": 0.976585, "F": 0.942998, "levenshtein": 0.941116},
    "trafilatura": {"P": 0.937603, "R": 0.980673, "F": 0.951293, "levenshtein": 0.950940},
}


def texts_of_aeb(name: str) -> list[str]:
    """The texts of the AEB dataset, or of the output of a system that comes with it, in the order of their ids."""
    folder = Path(str(DATASETS), "aeb")
    pages = json.loads((folder / ("ground-truth.json" if name == "gold" else f"output/{name}.json")).read_bytes())
    pages = pages.get("output", pages)
    return [page["articleBody"] or "" for _, page in sorted(pages.items())]


@needs_aeb
@pytest.mark.parametrize("name", LENGTHS)
def test_sentences_of_real_articles_are_those_of_nltk(name: str) -> None:
    lengths = [[len(sentence) for sentence in split_sentences(text)] for text in texts_of_aeb(name)]
    assert hashlib.sha256(json.dumps(lengths).encode("ascii")).hexdigest() == LENGTHS[name]


@needs_aeb
@pytest.mark.parametrize("name", PUBLISHED_OUTPUTS)
def test_published_outputs_score_as_with_the_packages_that_wceb_uses(name: str) -> None:
    golds, outputs = texts_of_aeb("gold"), texts_of_aeb(name)
    assert len(golds) == len(outputs) == 181
    scores = [scores_of(gold, output) for gold, output in zip(golds, outputs)]
    for part, published in PUBLISHED_OUTPUTS[name].items():
        metric = part if part == "levenshtein" else f"rouge.{part}"
        assert statistics.fmean(page[f"wceb.{metric}"] for page in scores) == pytest.approx(published, abs=1e-6)


EMPTY = Golden("set/page", Page(b"", "text/html"), "article", "site.example", text="")
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
    scores: Scores


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
