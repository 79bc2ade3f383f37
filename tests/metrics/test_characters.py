"""Characters for each word, counted in the output as the extractor returned it."""

from __future__ import annotations

import pytest

from factories.goldens import lined_golden
from harness.alignment.words import page_words
from harness.evaluation.evaluate import scores_of
from harness.metrics import Case

GOLDEN = lined_golden([("keep", "body", "The ferry was late again.")])


def characters(text: str, markup: str | None = None, markdown: str | None = None, *, failed: bool = False) -> float | None:
    case = Case(GOLDEN, text, page_words(GOLDEN), markup, markdown)
    return scores_of(case, ["characters"], failed=failed)["characters"]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (("The ferry was late again.",), 5.0),
        (("The ferry was late again." + " " * 1_000_000,), 200_005.0),
        (("ferry | | | |",), 13.0),
        (("ferry", "<p>ferry</p>"), 12.0),
        (("ferry", "<p>ferry</p>", "**ferry**"), 9.0),
        (("",), None),
        (("| | |",), None),
    ],
)
def test_all_that_is_written_counts_for_the_words_that_are_there(case, expected):
    assert characters(*case) == expected


def test_a_failure_has_none():
    assert characters("", failed=True) is None
