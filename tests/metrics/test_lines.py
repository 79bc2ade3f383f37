"""Precision and recall of words that came out in their lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.goldens import labelled_golden
from factories.pages import html_page
from factories.scores import golden_of, goldens, scores_of, texts
from harness.goldens.golden import Golden
from harness.goldens.labels import Label
from harness.goldens.vocabulary import VERDICTS, LabelVerdict

LINES = golden_of(
    ("maybe", "Ferry adrift"),
    ("keep", "The ferry lost its winch tonight"),
    ("keep", "Divers found the broken drum nearby"),
    ("drop", "Read more about other boats here"),
)


@pytest.mark.parametrize(
    ("output", "lp", "lr"),
    [
        ("The ferry lost its winch tonight\nDivers found the broken drum nearby", 12 / 12, 12 / 12),
        ("The ferry lost its winch tonight\nDivers found the", 9 / 9, 6 / 12),  # half of a line is not most of it
        ("The ferry lost its winch tonight\nDivers found the broken", 10 / 10, 10 / 12),
        ("The ferry lost its winch tonight\nRead more about other boats here", 6 / 12, 6 / 12),
        ("The ferry lost its winch tonight Read more about other boats here", 0 / 12, 6 / 12),  # half leaked
        ("The ferry lost its winch tonight Divers found the broken drum nearby", 0 / 12, 12 / 12),  # half of another line
        ("The ferry lost its winch tonight Divers", 6 / 7, 6 / 12),
        ("The ferry lost\nits winch tonight\nRead more\nabout other\nboats here", 6 / 12, 6 / 12),
        ("Ferry adrift\nThe ferry lost its winch tonight", 6 / 6, 6 / 12),  # words of maybe lines count on neither side
        ("Ferry adrift Read\nDivers found the broken drum nearby", 6 / 7, 6 / 12),  # … but what leaked beside them does
        ("\n – \n", 0, 0),
    ],
)
def test_a_kept_word_counts_only_with_its_line(output: str, lp: float, lr: float) -> None:
    scores = scores_of(LINES, output)
    assert (scores["LP"], scores["LR"]) == (pytest.approx(lp), pytest.approx(lr))
    assert scores["LF"] == pytest.approx(2 * lp * lr / (lp + lr) if lp + lr else 0)


def test_cells_of_a_row_may_stand_in_one_line() -> None:
    page = html_page("<table><tr><td>Monday morning<td>first boat<tr><td>Sunday evening<td>last boat</table>")
    golden = labelled_golden(page, [Label("keep", ("table",), "table")])
    assert scores_of(golden, "Monday morning | first boat\nSunday evening | last boat")["LF"] == 1
    assert scores_of(golden, "Monday morning first boat Sunday evening last boat")["LF"] == 0


@given(goldens, texts)
def test_lines_never_score_above_words(golden: Golden, output: str) -> None:
    scores = scores_of(golden, output)
    assert scores["LP"] <= scores["P"] and scores["LR"] <= scores["R"]


@given(st.lists(st.tuples(st.sampled_from(VERDICTS), st.lists(st.integers(0, 10**6), min_size=1, max_size=6)), max_size=6))
def test_lf_never_rises_when_whole_lines_are_joined(lines: list[tuple[LabelVerdict, list[int]]]) -> None:
    blocks = [(verdict, " ".join(map(str, numbers))) for verdict, numbers in lines]
    apart = scores_of(golden_of(*blocks), "\n".join(text for _, text in blocks))
    joined = scores_of(golden_of(*blocks), " ".join(text for _, text in blocks))
    assert joined["LF"] <= apart["LF"]
