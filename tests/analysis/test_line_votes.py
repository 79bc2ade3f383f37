"""Which lines of a page extractors return."""

from __future__ import annotations

import pytest

from factories.pages import html_page
from harness.analysis.line_votes import line_votes


def test_a_line_is_proposed_by_the_weighted_share_of_its_words_that_extractors_return() -> None:
    of = html_page("<p>The ferry left the quay at seven.</p><p>Subscribe to our letter today.</p><p>Menu</p>")
    ferry, letter = "The ferry left the quay at seven.", "Subscribe to our letter today."
    said = line_votes(of, {"a": ferry, "b": f"{ferry}\n{letter}", "c": letter}, {"a": 0.9, "b": 0.6, "c": 0.0})
    assert sorted(said.values()) == pytest.approx([0.0, 0.4, 1.0]), "`c` has no vote"
    alike = line_votes(of, {"a": ferry, "b": f"{ferry}\nSubscribe to our", "c": letter, "d": ""})
    assert sorted(alike.values()) == pytest.approx([0.0, 0.4, 0.5]), "`b` has three of five words"
    assert line_votes(of, {}) == {}
