"""WER, CER and MER, against jiwer and a Levenshtein distance by the textbook."""

from __future__ import annotations

from collections.abc import Sequence

import jiwer
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from factories.scores import golden_of, goldens, scores_of, texts, vocabulary
from harness.goldens.golden import Golden


def edits(a: Sequence[str], b: Sequence[str], sign: int) -> tuple[int, int]:
    """Fewest edits from a to b, and how many items stay: at most (sign -1) or at least (sign 1)."""
    row = [(j, 0) for j in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        above, row = row, [(i, 0)]
        for j, y in enumerate(b):
            replaced = (above[j][0] + (x != y), above[j][1] + sign * (x == y))
            row.append(min(replaced, (above[j + 1][0] + 1, above[j + 1][1]), (row[j][0] + 1, row[j][1])))
    return row[-1][0], abs(row[-1][1])


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
