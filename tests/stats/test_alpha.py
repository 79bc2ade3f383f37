"""Krippendorff's alpha, held against values that were published."""

from __future__ import annotations

import pytest

from harness.stats.alpha import krippendorff_alpha


def test_the_published_example_with_missing_values() -> None:
    # Krippendorff, Computing Alpha-Reliability (2011), section C: 12 units, 4 coders.
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    units = [[value for value in unit if value is not None] for unit in zip(a, b, c, d)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)


def test_two_coders_and_two_values() -> None:
    # The same paper, section A: 10 units, alpha is .095.
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha(zip(a, b)) == pytest.approx(0.095, abs=5e-4)


def test_the_ends_of_the_scale() -> None:
    assert krippendorff_alpha([("a", "a"), ("b", "b")]) == 1
    assert krippendorff_alpha([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)
    assert krippendorff_alpha([("a", "a"), ("a", "a")]) is None
    assert krippendorff_alpha([]) is None
