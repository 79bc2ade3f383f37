"""Goldens in a line, and the scores of outputs on them."""

from __future__ import annotations

from hypothesis import strategies as st

from factories.goldens import lined_golden
from harness.alignment.words import page_words
from harness.evaluation.scoring import scores_of as scores_of_case
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import VERDICTS, LabelVerdict
from harness.metrics import OWN_METRICS, Case


def golden_of(*blocks: tuple[LabelVerdict, str]) -> Golden:
    """A golden with one line for each line of each block."""
    return lined_golden((verdict, "body", line) for verdict, text in blocks for line in text.split("\n") if line)


def scores_of(golden: Golden, output: str) -> dict[str, float]:
    return scores_of_case(Case(golden, output, page_words(golden)), OWN_METRICS)


vocabulary = st.sampled_from(["a", "b", "bb", "abc", "Straße", "नदी", "x1"])
texts = st.lists(vocabulary, max_size=25).map(" ".join) | st.text("ab \n港口ก", max_size=40)
goldens = st.lists(st.tuples(st.sampled_from(VERDICTS), texts), max_size=5).map(lambda blocks: golden_of(*blocks))
