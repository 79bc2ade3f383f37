"""Precision, recall and F of numbers of words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.alignment.counts import WordCounts

NUMBER = st.integers(0, 1000)


@given(NUMBER, NUMBER, NUMBER, NUMBER)
def test_precision_recall_and_f_are_of_the_words_that_count(kept: int, missed: int, leaked: int, free: int) -> None:
    counts = WordCounts(kept, missed, leaked, free)
    assert counts.recall == (kept / (kept + missed) if kept + missed else 1)
    assert counts.precision == (kept / (kept + leaked) if kept + leaked else not missed)
    assert 0 <= counts.f <= 1
    assert counts.f == 0 or abs(2 / counts.f - 1 / counts.precision - 1 / counts.recall) < 1e-9
