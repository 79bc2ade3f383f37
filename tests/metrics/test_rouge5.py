"""ROUGE-5 over jieba's tokens."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from tempfile import gettempdir

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.goldens import plain_golden
from harness.alignment.words import page_words
from harness.metrics.base import Case
from harness.metrics.benchmarks import rouge5

jieba = pytest.importorskip("jieba", reason="jieba comes with the extra `benchmarks`")

TEXTS = st.text("ab ,.\n水土", max_size=40)


def scored(gold: str, output: str, **known: str) -> tuple[float, float, float]:
    golden = plain_golden(gold, markdown=known.get("gold_markdown"))
    scores = rouge5.rouge5_scores(Case(golden, output, page_words(golden), markdown=known.get("markdown")))
    return scores["rouge5.P"], scores["rouge5.R"], scores["rouge5.F"]


def grams_by_hand(text: str) -> list[str]:
    tokens = list(jieba.cut(text))
    return ["\0".join(tokens[at : at + 5]) for at in range(len(tokens) - 4)]


@given(TEXTS, TEXTS)
def test_it_is_the_overlap_of_the_five_grams(gold: str, output: str) -> None:
    if not gold.strip() and not output.strip():
        return
    wanted, found = grams_by_hand(gold), grams_by_hand(output)
    shared = sum(min(wanted.count(gram), found.count(gram)) for gram in set(wanted))
    p, r = shared / max(1, len(found)), shared / max(1, len(wanted))
    assert scored(gold, output) == pytest.approx((p, r, 2 * p * r / (p + r) if p + r else 0))


@given(TEXTS, TEXTS)
def test_swapping_the_sides_swaps_precision_and_recall(gold: str, output: str) -> None:
    p, r, f = scored(gold, output)
    assert scored(output, gold) == (r, p, f)


def test_spaces_and_punctuation_are_tokens() -> None:
    # Five tokens each: two words, a space, a comma and a stop; one five-gram.
    assert scored("one, two.", "one, two.") == (1, 1, 1)
    assert scored("one, two.", "one two.") == (0, 0, 0)
    # Of the five five-grams that nine tokens make, one begins after the changed word and one ends before it.
    assert scored("a b c d e f g h i", "a b c d X f g h i") == pytest.approx((8 / 13, 8 / 13, 8 / 13))


def test_case_counts_and_texts_are_not_stripped() -> None:
    assert scored("one, two.", "One, two.") == (0, 0, 0)
    assert scored("one, two.", " one, two.") == pytest.approx((1 / 2, 1, 2 / 3))


@pytest.mark.parametrize("output", ["", " \n\t"])
def test_two_blank_texts_are_equal(output: str) -> None:
    assert scored("\n ", output) == (1, 1, 1)


def test_a_text_of_fewer_than_five_tokens_scores_nothing_even_if_it_is_equal() -> None:
    assert scored("one two", "one two") == (0, 0, 0)
    assert scored("", "one two three four") == (0, 0, 0)
    assert scored("one two three four", "") == (0, 0, 0)


def test_chinese_is_cut_into_words() -> None:
    # A dictionary cuts these twelve characters into eight words at most; by characters there would be eight five-grams.
    gold = "我们今天在北京学习自然语言处理"
    assert 5 <= len(list(jieba.cut(gold))) < len(gold) - 3
    assert scored(gold, gold) == (1, 1, 1)


def test_repeated_five_grams_count_as_often_as_both_sides_have_them() -> None:
    gold, output = "a " * 6, "a " * 12
    counts = [Counter(grams_by_hand(text)) for text in (gold, output)]
    shared = (counts[0] & counts[1]).total()
    assert scored(gold, output) == pytest.approx(
        (shared / counts[1].total(), 1, 2 * shared / (counts[0].total() + counts[1].total()))
    )


def test_markdown_is_compared_with_markdown_where_both_sides_have_it() -> None:
    gold, markdown = "one two three", "# one\n\ntwo *three*"
    assert scored(gold, gold, gold_markdown=markdown, markdown=markdown) == (1, 1, 1)
    assert scored(gold, gold, gold_markdown=markdown) == (1, 1, 1)
    assert scored(gold, "other", gold_markdown=markdown, markdown=markdown) == (1, 1, 1)


def test_jieba_says_nothing_and_writes_only_into_the_temporary_folder(capfd: pytest.CaptureFixture[str]) -> None:
    rouge5._cut.cache_clear()
    assert scored("one, two.", "one, two.") == (1, 1, 1)
    assert capfd.readouterr() == ("", "")
    assert jieba.dt.tmp_dir is None or Path(jieba.dt.tmp_dir) == Path(gettempdir())


def test_a_long_run_of_chinese_characters_takes_seconds() -> None:
    begin = time.process_time()
    assert scored("水" * 20_000, "水" * 20_000) == (1, 1, 1)
    assert time.process_time() - begin < 5
