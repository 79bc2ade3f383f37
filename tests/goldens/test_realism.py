"""How like the web a set is: its sizes and the order it puts extractors in, by goals."""

from __future__ import annotations

from benchmarks.realism import Measured, rows, table
from goldens.builder.measures import PageMeasures

ORDER = {name: float(place) for place, name in enumerate("abcdefgh")}


def measured(kilobytes: float = 100.0, means: dict[str, float] = ORDER, detectable: float | None = 0.05) -> Measured:
    page = PageMeasures(kilobytes, elements=500, words=900, kept=0.5, in_links=0.2, code=0.2)
    return Measured([page] * 10, 10, 3, detectable, means)


def verdicts(*columns: Measured) -> dict[str, bool | None]:
    return {row.title: row.met for row in rows(dict(zip(("web", "AEB", "WCXB dev"), columns)))}


def test_a_set_like_the_benchmarks_misses_only_what_it_has_too_little_of() -> None:
    found = verdicts(measured(200.0), measured(), measured())
    assert [title for title, met in found.items() if not met] == ["HTML pages", "sites", "languages"]


def test_small_pages_another_order_and_large_differences_are_missed_goals() -> None:
    swapped = {**ORDER, "a": 9.0}
    found = verdicts(measured(50.0, swapped, detectable=0.07), measured(), measured())
    assert found["kB a page"] is False
    assert found["detectable difference, six competitors (median)"] is False
    assert found["Kendall tau with WCXB dev, 8 extractors"] is False


def test_what_there_is_nothing_to_compare_with_is_no_number() -> None:
    alone = rows({"web": measured(200.0, detectable=None)})
    unknown = [row.title for row in alone if row.met is None]
    assert unknown[-3:] == [
        "detectable difference, six competitors (median)",
        "Kendall tau with AEB, 8 extractors",
        "Kendall tau with WCXB dev, 8 extractors",
    ]
    assert all(row.cells == ["–"] for row in alone[-3:])
    assert "| elements | median in each benchmark's p10–p90 | – | 500 (500–500) |" in table(alone, ["web"])
