"""Counting without pairs gives the numbers of the pairs, and both are what the definitions say."""

from __future__ import annotations

from collections.abc import Sequence
from unittest import mock

from hypothesis import example, given
from hypothesis import strategies as st

import harness.alignment.lcs
from harness.alignment.counts import WordCounter, WordCounts
from harness.goldens.vocabulary import VERDICTS, Verdict

Labelled = list[tuple[str, Verdict]]

ALPHABETS = st.sampled_from(("ab", "abcd", [f"w{i}" for i in range(40)]))


@st.composite
def pages_and_outputs(draw: st.DrawFn) -> tuple[Labelled, list[str]]:
    words = st.sampled_from(draw(ALPHABETS))
    stretch = st.tuples(st.lists(words, max_size=30), st.sampled_from(VERDICTS))
    page = [(word, verdict) for stretch in draw(st.lists(stretch, max_size=5)) for word, verdict in _labelled(*stretch)]
    return page, draw(st.lists(words | st.just("foreign"), max_size=60))


def _labelled(words: list[str], verdict: Verdict) -> Labelled:
    return [(word, verdict) for word in words]


def counter_of(page: Labelled) -> WordCounter:
    return WordCounter([word for word, _ in page], [verdict for _, verdict in page])


def by_the_textbook(page: Labelled, output: Sequence[str]) -> WordCounts:
    """Of all common subsequences the one with most kept words, and of these with most free ones, in a table of pairs."""
    row = [(0, 0)] * (len(output) + 1)
    for word, verdict in page:
        gain = {"keep": (1, 0), "maybe": (0, 1)}.get(verdict)
        diagonal = (0, 0)
        for j, other in enumerate(output, 1):
            here = (diagonal[0] + gain[0], diagonal[1] + gain[1]) if gain and word == other else (0, 0)
            diagonal, row[j] = row[j], max(row[j], row[j - 1], here)
    kept, free = row[-1]
    wanted = sum(verdict == "keep" for _, verdict in page)
    return WordCounts(kept, wanted - kept, len(output) - kept - free, free)


@given(pages_and_outputs(), st.sampled_from((1, 8, 256)), st.sampled_from((1, 40, 10**9)))
@example(([("x", "maybe"), ("y", "maybe"), ("p", "keep")], ["p", "x", "y"]), 1, 10**9)
@example(([("p", "keep"), ("x", "maybe"), ("y", "maybe"), ("p", "keep")], ["x", "y", "p", "x", "p"]), 1, 10**9)
def test_counts_are_what_the_definitions_say(case: tuple[Labelled, list[str]], step: int, table: int) -> None:
    page, output = case
    with (
        mock.patch.object(harness.alignment.lcs, "_LEAST_STEP", step),  # of long texts, on short ones
        mock.patch.object(harness.alignment.lcs, "_MAX_CELLS", table),
    ):
        counts = counter_of(page).count(output)
        pairs = counter_of(page).pairs(output)
    assert counts == by_the_textbook(page, output)
    assert [page[i][0] for i, _ in pairs] == [output[j] for _, j in pairs]
    verdicts = [page[i][1] for i, _ in pairs]
    assert (counts.kept, counts.free) == (verdicts.count("keep"), verdicts.count("maybe"))


@given(pages_and_outputs())
def test_precision_recall_and_f_are_of_the_words_that_count(case: tuple[Labelled, list[str]]) -> None:
    page, output = case
    counts = counter_of(page).count(output)
    wanted, counted = counts.kept + counts.missed, counts.kept + counts.leaked
    assert counts.recall == (counts.kept / wanted if wanted else 1)
    assert counts.precision == (counts.kept / counted if counted else not wanted)
    assert 0 <= counts.f <= 1
    assert counts.f == 0 or abs(2 / counts.f - 1 / counts.precision - 1 / counts.recall) < 1e-9
