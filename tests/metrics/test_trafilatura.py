"""The metrics of trafilatura's evaluation: the definition written as a reference, corner cases, failures."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.benchmarks import case_of, failed, golden_of, over
from harness.goldens.golden import Snippets
from harness.metrics.benchmarks import trafilatura
from harness.metrics.benchmarks.trafilatura import trafilatura_scores

TRAFILATURA_NAMES = ("trafilatura.P", "trafilatura.R", "trafilatura.accuracy", "trafilatura.F")


def test_trafilatura_sums_counts_over_pages() -> None:
    """By hand: tp 1 + 2, fp 1 + 0, fn 2 + 0, tn 0 + 3."""
    pages = [
        trafilatura_scores(case_of("the ferry | log in", snippets=Snippets(("ferry", "Ferry", "winch"), ("log in",)))),
        trafilatura_scores(
            case_of("winch\n\tdrum", snippets=Snippets(("winch  drum", "drum"), ("Drum", "ad", "winchdrum")))
        ),
    ]
    assert [page["trafilatura.tp"] for page in pages] == [1, 2]
    assert [pages[0][name] for name in TRAFILATURA_NAMES] == pytest.approx([1 / 2, 1 / 3, 1 / 4, 2 / 5])
    value = over(trafilatura.TRAFILATURA, pages)
    assert [value[name] for name in TRAFILATURA_NAMES] == pytest.approx([3 / 4, 3 / 5, 6 / 9, 6 / 9])


@pytest.mark.parametrize(
    ("output", "required", "forbidden", "expected"),
    [
        ("", ("a",), ("b",), (0, 0, 1 / 2, 0)),
        ("b", ("a",), ("b",), (0, 0, 0, 0)),
        ("a", ("a",), ("b",), (1, 1, 1, 1)),
        ("a", (), (), (0, 0, 0, 0)),
        ("", (), ("b",), (0, 0, 1, 0)),
    ],
)
def test_trafilatura_corners(
    output: str, required: tuple[str, ...], forbidden: tuple[str, ...], expected: tuple[float, ...]
) -> None:
    scores = trafilatura_scores(case_of(output, snippets=Snippets(required, forbidden)))
    value = over(trafilatura.TRAFILATURA, [scores])
    assert tuple(scores[name] for name in TRAFILATURA_NAMES) == pytest.approx(expected)
    assert tuple(value[name] for name in TRAFILATURA_NAMES) == pytest.approx(expected)


snippet_lists = st.lists(st.text("ab \n", min_size=1, max_size=3).filter(str.strip), max_size=4).map(tuple)
snippet_pages = st.tuples(st.text("abA \n\t\u00a0", max_size=12), snippet_lists, snippet_lists)


@given(st.lists(snippet_pages, min_size=1, max_size=4))
def test_trafilatura_equals_the_definition(pages: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
    def squeezed(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip()

    found = [
        (wanted, squeezed(snippet) in squeezed(text))
        for text, required, forbidden in pages
        for wanted, snippets in ((True, required), (False, forbidden))
        for snippet in snippets
    ]
    tp, fp, fn = (found.count(kind) for kind in ((True, True), (False, True), (True, False)))
    value = over(
        trafilatura.TRAFILATURA,
        [trafilatura_scores(case_of(text, snippets=Snippets(required, forbidden))) for text, required, forbidden in pages],
    )
    assert value["trafilatura.P"] == pytest.approx(tp / (tp + fp) if tp + fp else 0)
    assert value["trafilatura.R"] == pytest.approx(tp / (tp + fn) if tp + fn else 0)
    assert value["trafilatura.accuracy"] == pytest.approx(1 - (fp + fn) / len(found) if found else 0)
    assert value["trafilatura.F"] == pytest.approx(2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0)


@given(snippet_pages, st.text("ab", max_size=5))
def test_trafilatura_more_output_never_unsays_what_came_out(
    page: tuple[str, tuple[str, ...], tuple[str, ...]], more: str
) -> None:
    text, required, forbidden = page
    before, after = (
        trafilatura_scores(case_of(output, snippets=Snippets(required, forbidden))) for output in (text, f"{text}{more}")
    )
    assert after["trafilatura.tp"] >= before["trafilatura.tp"]
    assert after["trafilatura.tn"] <= before["trafilatura.tn"]
    assert after["trafilatura.R"] >= before["trafilatura.R"]


def test_trafilatura_failure_is_a_full_miss_and_other_goldens_do_not_count() -> None:
    snippets = Snippets(("a", "b"), ("c",))
    right = trafilatura_scores(case_of("a b", snippets=snippets))
    wrong = failed(trafilatura.TRAFILATURA, case_of("a b", snippets=snippets))
    assert [wrong[f"trafilatura.{count}"] for count in ("tp", "fp", "fn", "tn")] == [0, 0, 2, 1]
    assert [wrong[name] for name in TRAFILATURA_NAMES] == [0, 0, 0, 0]
    value = over(trafilatura.TRAFILATURA, [right, wrong, dict.fromkeys(trafilatura.TRAFILATURA.names)])
    assert [value[name] for name in TRAFILATURA_NAMES] == pytest.approx([1, 1 / 2, 4 / 6, 4 / 6])
    assert not trafilatura.TRAFILATURA.applies(golden_of("a text"))
