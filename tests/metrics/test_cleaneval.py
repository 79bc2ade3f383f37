"""The metrics of CleanEval: the script of its authors as a reference, corner cases, failures."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.benchmarks import aeb_gold, aeb_outputs, case_of, failed, over
from factories.places import needs_datasets
from harness.datasets.formats.cleaneval import segments, tagged
from harness.metrics.benchmarks import cleaneval
from harness.metrics.benchmarks.cleaneval import cleaneval_scores

CLEANEVAL_NAMES = ("cleaneval.P", "cleaneval.R", "cleaneval.F", "cleaneval.tagP", "cleaneval.tagR", "cleaneval.tagF")


def cleaneval_file(text: str) -> bytes:
    """An output as it is given to the script: each line a segment."""
    return "".join(f"<p>{line}\n" for line in text.splitlines() if line.strip()).encode()


def cleaneval_reference(output: bytes, gold: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(tp, fp, fn) of words and of tags, from two files, on bytes as in Python 2, one edit operation after the other.

    Unlike in the script, a no-break space is a space.
    """

    def split(text: bytes) -> list[bytes]:
        kept = b"".join(re.split(rb"(?m)^\s*URL.*$", text)).replace("\u00a0".encode(), b" ")
        spaced = bytes(32 if byte < 32 else byte for byte in kept)
        for tag in (b"<p>", b"<h>", b"<l>", b"<P>", b"<H>", b"<L>"):
            spaced = spaced.replace(tag, b"\n<p> ")
        return re.split(rb"\s+", spaced)

    a, b = split(output), split(gold)
    counts: list[tuple[int, ...]] = []
    for weigh in (lambda token: 1, lambda token: int(token[:3] == b"<p>")):
        tp = fp = fn = 0
        for operation, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b).get_opcodes():
            in_output, in_gold = sum(map(weigh, a[i1:i2])), sum(map(weigh, b[j1:j2]))
            if operation == "equal":
                tp += in_output
            else:
                fp, fn = fp + in_output, fn + in_gold
        counts.append((tp, fp, fn))
    return counts[0], counts[1]


def cleaneval_counts(scores: Mapping[str, float | None]) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    words, tags = (tuple(scores[f"cleaneval.{unit}{n}"] for n in ("tp", "fp", "fn")) for unit in ("", "tag."))
    return words, tags


cleaneval_lines = st.lists(
    st.lists(
        st.sampled_from(["ferry", "winch", "the", "URL:", "<h>", "a<L>b", "x\u00a0y", "bell\x07ring", "Fähre"]), max_size=6
    ).map(" ".join),
    max_size=5,
).map("\n".join)


@given(cleaneval_lines, cleaneval_lines)
def test_cleaneval_equals_the_script_on_short_texts(gold: str, output: str) -> None:
    scores = cleaneval_scores(case_of(output, gold))
    assert cleaneval_counts(scores) == cleaneval_reference(cleaneval_file(output), cleaneval_file(gold))


def test_no_break_spaces_are_spaces_on_both_sides() -> None:
    spaces = ("The\u00a0old ferry", "The old\u00a0ferry", "The old ferry")
    assert {cleaneval_scores(case_of(output, gold))["cleaneval.F"] for output in spaces for gold in spaces} == {1.0}


def test_text_before_the_first_tag_of_a_published_gold_has_none_as_in_the_script() -> None:
    output, gold = "A loose line\nThe ferry", "URL: http://quay.example/\nA loose line\n<h>The ferry\n"
    case = case_of(output, "A loose line\nThe ferry")
    published = {"cleaneval": tagged(segments(gold))}
    case = replace(case, golden=replace(case.golden, published=published))
    counts = cleaneval_counts(cleaneval_scores(case))
    assert counts == cleaneval_reference(cleaneval_file(output), gold.encode())
    assert counts[1] == (1, 1, 0)


@needs_datasets
def test_cleaneval_equals_the_script_on_real_pages() -> None:
    outputs = aeb_outputs("inscriptis")
    for key, gold in list(aeb_gold().items())[::4]:
        scores = cleaneval_scores(case_of(outputs[key], gold))
        assert cleaneval_counts(scores) == cleaneval_reference(cleaneval_file(outputs[key]), cleaneval_file(gold)), key


@pytest.mark.parametrize(
    ("gold", "output", "expected"),
    [
        # An empty text is one empty word; a text that is not empty begins and ends with one.
        ("", "", (1, 1, 1, 0, 0, 0)),
        ("The ferry", "", (1, 1 / 5, 1 / 3, 0, 0, 0)),
        ("", "The ferry", (1 / 5, 1, 1 / 3, 0, 0, 0)),
        ("The ferry", "The ferry", (1, 1, 1, 1, 1, 1)),
        ("The ferry", "\n The  ferry \n", (1, 1, 1, 1, 1, 1)),
        ("The ferry", "The\nferry", (5 / 6, 1, 10 / 11, 1 / 2, 1, 2 / 3)),
        ("The ferry", "The winch", (4 / 5, 4 / 5, 4 / 5, 1, 1, 1)),
    ],
)
def test_cleaneval_corners(gold: str, output: str, expected: tuple[float, ...]) -> None:
    scores = cleaneval_scores(case_of(output, gold))
    assert tuple(scores[name] for name in CLEANEVAL_NAMES) == pytest.approx(expected)


def test_cleaneval_keeps_lines_that_begin_with_url_since_a_tag_stands_before_them() -> None:
    scores = cleaneval_scores(case_of("URL: quay.example\nThe ferry", "The ferry"))
    assert cleaneval_counts(scores) == ((5, 3, 0), (1, 1, 0))


def test_cleaneval_takes_frequent_words_of_a_long_gold_for_junk() -> None:
    """difflib anchors no match at a word that is more than a hundredth of 200 words or more."""
    gold, output = "the ferry the winch the drum the rope " * 30, "the boat " * 100
    scores = cleaneval_scores(case_of(output, gold))
    assert cleaneval_counts(scores)[0] == cleaneval_reference(cleaneval_file(output), cleaneval_file(gold))[0]
    assert scores["cleaneval.tp"] == 4  # the empty words, the tag and the word beside it; 99 times "the" is lost
    short = "the ferry the winch the drum the rope " * 10
    assert cleaneval_scores(case_of(output, short))["cleaneval.tp"] == 3 + 40


def test_cleaneval_micro_sums_counts_and_a_failure_is_a_full_miss() -> None:
    pages = [cleaneval_scores(case_of("a b", "a b")), failed(cleaneval.CLEANEVAL, case_of("", "a b c d e f\ng"))]
    assert cleaneval_counts(pages[1]) == ((0, 0, 11), (0, 0, 2))
    value = over(cleaneval.CLEANEVAL, pages)
    assert [value[name] for name in CLEANEVAL_NAMES] == [1 / 2] * 6
    micro = [value[f"{name}.micro"] for name in CLEANEVAL_NAMES]
    assert micro == pytest.approx([1, 5 / 16, 10 / 21, 1, 1 / 3, 1 / 2])
