"""Precision and recall of lines, by the majority of their words."""

from __future__ import annotations

import pytest

from factories.scores import golden_of, scores_of

LINES = golden_of(
    ("maybe", "Ferry adrift"),
    ("keep", "The ferry lost its winch tonight"),
    ("keep", "Divers found the broken drum nearby"),
    ("drop", "Read more about other boats here"),
)


@pytest.mark.parametrize(
    ("output", "lp", "lr"),
    [
        ("The ferry lost its winch tonight\nDivers found the broken drum nearby", 1, 1),
        ("The ferry lost its winch tonight\nDivers found the", 1, 1 / 2),  # half of a line is not most of it
        ("The ferry lost its winch tonight\nDivers found the broken", 1, 1),
        ("The ferry lost its winch tonight\nRead more about other boats here", 1 / 2, 1 / 2),
        ("The ferry lost its winch tonight Read more about other boats here", 0, 1 / 2),  # half leaked
        ("The ferry lost\nits winch tonight\nRead more\nabout other\nboats here", 2 / 5, 1 / 2),
        ("Ferry adrift\nThe ferry lost its winch tonight", 1, 1 / 2),  # a line of maybe words counts on neither side
        ("Ferry adrift Read\nDivers found the broken drum nearby", 1 / 2, 1 / 2),  # … but what leaked beside it does
        ("\n – \n", 0, 0),
    ],
)
def test_lines_count_by_the_majority_of_their_words(output: str, lp: float, lr: float) -> None:
    scores = scores_of(LINES, output)
    assert (scores["LP"], scores["LR"]) == (pytest.approx(lp), pytest.approx(lr))
    assert scores["LF"] == pytest.approx(2 * lp * lr / (lp + lr) if lp + lr else 0)
