"""Confidence against quality, by definitions worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.stats.confidence import area_under_risk, auroc, calibration_error, risk_at, risk_coverage

shares = st.floats(0, 1)


def test_auroc_counts_pairs_and_half_of_ties():
    assert auroc([0.9, 0.8, 0.3], [True, True, False]) == 1
    assert auroc([0.1, 0.8, 0.3], [True, True, False]) == 0.5
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == pytest.approx(3.5 / 4)
    assert auroc([0.9], [True]) is auroc([], []) is None


def test_calibration_error_weighs_the_bins_by_their_pages():
    assert calibration_error([0.95, 0.95, 0.35], [1.0, 0.5, 0.35]) == pytest.approx(2 / 3 * 0.2)
    assert calibration_error([1.0, 0.91], [0.955, 0.955]) == pytest.approx(0), "1 is in the last bin"
    assert calibration_error([0.05, 0.95], [0.95, 0.05]) == pytest.approx(0.9), "errors of bins do not cancel out"
    assert calibration_error([], []) is None


def test_the_risk_coverage_curve_takes_pages_in_by_confidence_and_equal_ones_together():
    curve = risk_coverage([0.9, 0.2, 0.5, 0.5], [1.0, 0.0, 1.0, 0.5])
    assert curve == [(0.25, 0.0), (0.75, pytest.approx(0.5 / 3)), (1.0, pytest.approx(1.5 / 4))]
    assert area_under_risk(curve) == pytest.approx(0.5 * 0.5 / 3 + 0.25 * 1.5 / 4)
    assert risk_at(curve, 0.5) == curve[1][1]
    assert risk_at(curve, 1) == curve[2][1]
    assert risk_coverage([], []) == [] and area_under_risk([]) is None is risk_at([], 1)


@given(st.lists(st.tuples(shares, shares), min_size=1, max_size=30))
def test_values_stay_in_0_to_1_and_the_last_risk_is_that_of_all_pages(pages):
    confidences, qualities = zip(*pages)
    curve = risk_coverage(confidences, qualities)
    assert curve[-1] == (1.0, pytest.approx(1 - sum(qualities) / len(qualities)))
    assert 0 <= calibration_error(confidences, qualities) <= 1 + 1e-9
    assert -1e-9 <= area_under_risk(curve) <= 1 + 1e-9
