"""Statistics of a matrix are what their definitions say."""

import numpy as np
import pytest

from factories.cells import cell
from harness.fuzz.measure.robustness import reliances_of, rows_of, totals_of


def test_rows_are_what_their_definition_says():
    changes = [0.0, -0.04, -0.06, -0.3, 0.1]
    own = [
        cell(change=change, golden=f"s/{n}", after_recall=0.4 if change == -0.3 else 1.0, leaked=n / 4)
        for n, change in enumerate(changes)
    ]
    (row,) = rows_of(own)
    assert row.change.value == pytest.approx(np.mean(changes))
    assert row.failing == 2 / 5
    assert row.lost == 1 / 5
    assert row.leaked == 0.5 and row.leaking == 2 / 5
    assert row.largest_drop == (pytest.approx(-0.3), "s/3")
    assert row.failing_interval.low < 2 / 5 < row.failing_interval.high


def test_hostile_layouts_are_in_no_mean_over_operators():
    own = [
        cell("A()", -0.1),
        cell("B()", -0.3, golden="s/a"),
        cell("C()", -0.9, nature="hostile"),
        cell("E()", -0.8, nature="limit"),
    ]
    (total,) = totals_of(own, rows_of(own))
    assert total.noise_change.value == pytest.approx(-0.2)
    assert total.worst_operators["hostile"].operator == "C()"


def test_operators_count_the_same_however_many_pages_they_apply_to():
    own = [cell("A()", -0.4, golden="s/a"), *(cell("B()", -0.1, golden=f"s/{n}") for n in "abcd")]
    (total,) = totals_of(own, rows_of(own))
    assert total.noise_change.value == pytest.approx((-0.4 - 0.1) / 2)


def test_errors_of_authors_weigh_what_they_occur():
    own = [
        cell("HostileClass(word='sidebar', level=0)", -0.5, nature="hostile"),
        cell("WrapContent(tag='aside')", -0.2, nature="hostile"),
        cell("HostileClass(word='nobody-knows', level=0)", -0.9, nature="hostile"),
    ]
    (total,) = totals_of(own, rows_of(own))
    assert total.expected_change == pytest.approx(0.068 * -0.5 + 0.005 * -0.2)


def test_reliance_is_the_gap_between_neutral_and_telling_markup_on_the_same_pages():
    own = [
        cell("RelatedFar(count=3, neutral=False)", -0.02, golden="s/a"),
        cell("RelatedFar(count=3, neutral=True)", -0.30, golden="s/a"),
        cell("RelatedFar(count=3, neutral=True)", -0.90, golden="s/b"),
        cell("RelatedStories(count=3, slot='after')", -0.4),
        cell("LabelledRelatedStories(count=3, slot='after', class_='related-articles')", -0.1),
    ]
    found = {item.neutral: item.value.value for item in reliances_of(own)}
    assert found["RelatedFar(count=3, neutral=True)"] == pytest.approx(0.28)
    assert found["RelatedStories(count=3, slot='after')"] == pytest.approx(0.3)
