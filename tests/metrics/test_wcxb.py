"""The metrics of WCXB: the definition written as a reference, corner cases, failures."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.benchmarks import case_of, failed, golden_of, over, words
from factories.places import DATASETS, needs_datasets
from harness.goldens.golden import Snippets
from harness.metrics.benchmarks import wcxb
from harness.pages.page import visible_text

WORDS, SNIPPETS = wcxb.WCXB, wcxb.WCXB_SNIPPETS


def wcxb_reference(gold: str, output: str) -> tuple[float, float, float]:
    """P, R and F: tokens of the gold are struck from a list as the output has them."""
    wanted, written = re.findall(r"\w+", gold.lower()), re.findall(r"\w+", output.lower())
    if not wanted:
        return (0, 0, 0) if written else (1, 1, 1)
    if not written:
        return (0, 0, 0)
    both, i = 0, 0
    ordered = sorted(wanted)
    for token in sorted(written):
        while i < len(ordered) and ordered[i] < token:
            i += 1
        if i < len(ordered) and ordered[i] == token:
            both, i = both + 1, i + 1
    return both / len(written), both / len(wanted), 2 * both / (len(wanted) + len(written))


def wcxb_values(gold: str, output: str) -> tuple[float, ...]:
    scores = WORDS.score(case_of(output, gold))
    return tuple(scores[name] for name in ("wcxb.P", "wcxb.R", "wcxb.F"))  # type: ignore[misc]


@cache
def wcxb_pages() -> list[tuple[dict[str, Any], str]]:
    """The golds of some pages, with all text of the page."""
    files = sorted(Path(str(DATASETS), "wcxb", "dev", "ground-truth").glob("*.json"))[::60]
    return [
        (
            json.loads(file.read_bytes())["ground_truth"],
            visible_text(gzip.decompress((file.parents[1] / "html" / f"{file.stem}.html.gz").read_bytes()).decode()),
        )
        for file in files
    ]


@needs_datasets
def test_wcxb_equals_the_definition_on_real_pages() -> None:
    golds = [gold["main_content"] for gold, _ in wcxb_pages()]
    for (gold, text), other in zip(wcxb_pages(), golds[1:] + golds[:1]):
        for output in (text, other, gold["main_content"], ""):
            expected = wcxb_reference(gold["main_content"], output)
            assert wcxb_values(gold["main_content"], output) == pytest.approx(expected, abs=1e-12)


@needs_datasets
def test_wcxb_snippets_equal_the_definition_on_real_pages() -> None:
    for gold, text in wcxb_pages():
        snippets = Snippets(tuple(gold["with"]), tuple(gold["without"]))
        scores = SNIPPETS.score(case_of(text, snippets=snippets))
        for side, listed in (("with", gold["with"]), ("without", gold["without"])):
            found = [snippet for snippet in listed if text.lower().find(snippet.lower()) >= 0]
            assert scores[f"wcxb.{side}"] == (len(found) / len(listed) if listed else 1)


@given(words, words)
def test_wcxb_equals_the_definition_on_short_texts(gold: str, output: str) -> None:
    assert wcxb_values(gold, output) == pytest.approx(wcxb_reference(gold, output))


@given(st.lists(st.sampled_from(["ferry", "winch", "drum"]), max_size=8), st.randoms(), words)
def test_wcxb_knows_neither_order_nor_case(tokens: list[str], random: Any, gold: str) -> None:
    shuffled = random.sample(tokens, len(tokens))
    assert wcxb_values(gold, " ".join(tokens)) == wcxb_values(gold, " ".join(shuffled).upper())


@pytest.mark.parametrize(
    ("gold", "output", "expected"),
    [
        ("", "", (1, 1, 1)),
        ("…", " – ", (1, 1, 1)),
        ("", "An advert", (0, 0, 0)),
        ("The ferry", "", (0, 0, 0)),
        ("The ferry", "An advert", (0, 0, 0)),
        ("The ferry", "FERRY, the", (1, 1, 1)),
        ("the the ferry", "the the the", (2 / 3, 2 / 3, 2 / 3)),
    ],
)
def test_wcxb_corners(gold: str, output: str, expected: tuple[float, ...]) -> None:
    assert wcxb_values(gold, output) == pytest.approx(expected)


def test_wcxb_counts_a_page_without_forbidden_snippets_as_leaked_and_the_listed_rate_leaves_it_out() -> None:
    snippets = Snippets(("winch", "The ferry"), ("its winch", "buy now", "cookie", "log in"))
    text = "The  ferry lost its WINCH"
    pages = [SNIPPETS.score(case_of(text, snippets=known)) for known in (snippets, Snippets((), ()))]
    assert over(SNIPPETS, pages) == {
        "wcxb.with": (1 / 2 + 1) / 2,
        "wcxb.with.listed": 1 / 2,
        "wcxb.without": (1 / 4 + 1) / 2,
        "wcxb.without.listed": 1 / 4,
    }
    assert over(SNIPPETS, pages[1:])["wcxb.without.listed"] is None


def test_wcxb_measures_what_a_golden_has() -> None:
    assert [family.applies(golden_of("a text")) for family in (WORDS, SNIPPETS)] == [True, False]
    assert [family.applies(golden_of(snippets=Snippets(("a",), ()))) for family in (WORDS, SNIPPETS)] == [False, True]


def test_wcxb_failure_scores_worst() -> None:
    case = case_of("", "", snippets=Snippets(("a",), ()))
    assert set(failed(WORDS, case).values()) == {0}
    assert failed(SNIPPETS, case) == {
        "wcxb.with": 0,
        "wcxb.with.listed": 0,
        "wcxb.without": 1,
        "wcxb.without.listed": 1,
    }
