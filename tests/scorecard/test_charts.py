"""The charts of a scorecard can be read."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from factories.records import record, run_of
from factories.scorecards import card_of
from harness.scorecard.write.charts import in_page, speed_chart

_LETTER = 6.5  # units of the drawing that a digit takes, of 547 for the whole width


def tick_labels(milliseconds: list[float]) -> list[tuple[str, float]]:
    """The labels of the axis of time, and where they stand."""
    records = [record(f"e{n}", "set/page", 0.5, timing={"wall": ms / 1000}) for n, ms in enumerate(milliseconds)]
    (track,) = card_of(run_of(*records)).tracks
    drawing = ElementTree.fromstring(speed_chart(track, in_page("x")))
    axis = next(element for element in drawing.iter() if element.get("id", "").endswith("matplotlib.axis_1"))
    texts = [element for element in axis.iter() if element.tag == "text"]
    found = [
        (text.text, re.search(r"translate\(([\d.]+)|x=\"([\d.]+)", ElementTree.tostring(text, encoding="unicode")))
        for text in texts
    ]
    return [(label, float(place[1] or place[2])) for label, place in found if re.fullmatch(r"[\d.e+]+", label)]


@pytest.mark.parametrize(
    ("times", "some"),
    [
        ([0.4, 9_000], {"1", "10", "100", "1000"}),
        ([40, 95], {"50", "70", "90"}),
        ([8, 160], {"10", "20", "50", "100"}),
        ([3, 3.3], {"3"}),
        ([0.04, 0.4, 30_000, 200_000], {"0.1", "10", "1000", "100000"}),
    ],
)
def test_labels_of_the_time_axis_do_not_overlap(times, some):
    labels = tick_labels(times)
    assert some <= {label for label, _ in labels}
    for (left, x0), (right, x1) in pairwise(sorted(labels, key=lambda item: item[1])):
        assert x1 - x0 > _LETTER * (len(left) + len(right)) / 2, f"{left} and {right}"
