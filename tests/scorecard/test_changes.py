"""What changed since the baseline, and from release to release."""

from dataclasses import replace

import pytest

from factories.records import record, run_of
from factories.scorecards import Outline, card_of
from harness.baseline.model import baseline_of
from harness.runs.header import GoldenFacts
from harness.scorecard.write.html import html


def test_changes_since_the_baseline():
    before = run_of(*(record("a", f"set/{n}", 0.5) for n in range(5)), versions={"a": "1"})
    after = run_of(
        record("a", "set/0", 0.7),
        record("a", "set/1", 0.4),
        record("a", "set/2", 0.0, outcome="crash"),
        record("a", "set/3", 0.5),
        record("a", "set/4", 0.9),
        record("new", "set/0", 0.9),
        versions={"a": "2"},
    )
    changed = {**after.header.goldens, "set/4": GoldenFacts("another", "labels")}
    after = replace(after, header=replace(after.header, goldens=changed))
    (changes,) = card_of(after, baseline=baseline_of(before).as_run()).changes
    assert (changes.pages, changes.incomparable, changes.versions) == (4, 1, ("1", "2"))
    assert (changes.better, changes.worse, changes.newly_failing, changes.fixed) == (1, 2, 1, 0)
    assert changes.difference == pytest.approx((0.2 - 0.1 - 0.5) / 4)
    assert [moved.golden for moved in changes.moved] == ["set/2", "set/0", "set/1"]
    assert "1 newly failing" in html(card_of(after, baseline=baseline_of(before).as_run(), extractors=["a"]))


def test_releases_have_a_history_in_the_order_of_their_versions():
    scores = {"x@1.9": (0.5, 0.5), "x@1.10": (0.9, 0.4), "x@2.0": (0.9, 0.5), "y": (0.1, 0.1), "z@main": (0.1, 0.1)}
    records = [record(name, f"set/{n}", f, timing={"wall": 0.01}) for name, row in scores.items() for n, f in enumerate(row)]
    card = card_of(run_of(*records))
    (history,) = card.history
    assert [point.name for point in history.points] == ["1.9", "1.10", "2.0"]
    assert [(point.won, point.lost) for point in history.points] == [(None, None), (1, 1), (1, 0)]
    assert history.points[1].largest[0].golden == "set/0"
    page = Outline(html(card))
    assert "Largest changes in 1.10" in page.text
    assert "+0.400" in page.text


def test_html_pages_and_text_dumps_change_apart():
    def pages(name: str, html: float, text: float) -> list:
        both = [("text/html", "page", html), ("text/plain", "dump", text)]
        return [record(name, f"set/{kind}-{n}", f, media=media) for media, kind, f in both for n in range(3)]

    before, after = run_of(*pages("mine", 0.5, 0.5)), run_of(*pages("mine", 0.6, 0.4))
    html, text = card_of(after, baseline=baseline_of(before).as_run()).changes
    assert (html.title, html.pages, html.difference) == ("mine, HTML pages", 3, pytest.approx(0.1))
    assert (text.title, text.pages, text.difference) == ("mine, Text dumps", 3, pytest.approx(-0.1))
    releases = card_of(run_of(*pages("mine@1", 0.5, 0.5), *pages("mine@2", 0.6, 0.4)))
    assert [(item.title, [point.value for point in item.points]) for item in releases.history] == [
        ("mine, HTML pages", [pytest.approx(0.5), pytest.approx(0.6)]),
        ("mine, Text dumps", [pytest.approx(0.5), pytest.approx(0.4)]),
    ]
