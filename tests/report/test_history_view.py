"""A sparkline reaches from the lowest to the highest."""

import pytest

from harness.report.history import sparkline


@pytest.mark.parametrize(("values", "bars"), [([0.5, 0.5], "▁▁"), ([0, 1], "▁█"), ([0.2, 0.6, 0.4], "▁█▅")])
def test_a_sparkline_reaches_from_the_lowest_to_the_highest(values, bars):
    assert sparkline(values) == bars
