"""Simple rules of extraction on the real dumps: which change breaks which rule, and by how much."""

from __future__ import annotations

import os
import re
from collections import Counter
from itertools import groupby

import pytest

from factories.places import ROOT
from harness.fuzz.base import Operator
from harness.fuzz.text.operators.around import DropHeadings
from harness.fuzz.text.operators.body import JoinBody, SplitBody
from harness.fuzz.text.operators.inserted import PromoInside
from harness.fuzz.text.operators.lines import BlankLines, LineEnds, Margins, Wrap
from harness.fuzz.text.operators.related import MoveRelated, RebreakRelated
from harness.fuzz.text.page import TextPage
from harness.goldens.sets import DUMPS_VARIABLE, dumps_from, find_goldens, load_goldens


def is_long(line: str) -> bool:
    return len(line) >= 80


def most_consecutive(dump: str) -> str:
    runs = [list(run) for long, run in groupby(dump.splitlines(), key=is_long) if long]
    return "\n".join(max(runs, key=len, default=[]))


def before_comments(dump: str) -> str:
    lines = dump.splitlines()
    return "\n".join(filter(is_long, lines[: lines.index("Comments")] if "Comments" in lines else lines))


def first_run(dump: str) -> str:
    lines = [line for line in dump.splitlines() if line.strip()]
    return "\n".join(next((list(run) for long, run in groupby(lines, key=is_long) if long), []))


def longest_line(dump: str) -> str:
    return max(dump.splitlines(), key=len)


def everything(dump: str) -> str:
    return dump


RULES = (most_consecutive, before_comments, first_run, longest_line, everything)

# Mean word-F1 over the three dumps, by operator and rule, in the order of RULES.
MEASURED: list[tuple[Operator[TextPage], tuple[float, ...]]] = [
    (LineEnds(), (1.000, 1.000, 1.000, 0.242, 0.257)),
    (LineEnds("crlf"), (1.000, 1.000, 1.000, 0.242, 0.257)),
    (Margins(indent=4), (1.000, 0.266, 1.000, 0.242, 0.257)),
    (BlankLines((1,)), (0.220, 1.000, 1.000, 0.242, 0.257)),
    (RebreakRelated(2), (0.471, 1.000, 1.000, 0.139, 0.257)),
    (JoinBody((1,)), (0.680, 1.000, 1.000, 0.242, 0.257)),
    (Wrap(72), (0.000, 0.000, 0.000, 0.048, 0.257)),
    (MoveRelated("top"), (1.000, 0.267, 0.261, 0.242, 0.257)),
    (DropHeadings(("comment",)), (1.000, 0.266, 1.000, 0.242, 0.257)),
    (PromoInside((4,)), (0.656, 1.000, 0.677, 0.242, 0.256)),
]


def word_f1(output: str, gold: str) -> float:
    a, b = (Counter(re.findall(r"\w+", each.lower())) for each in (output, gold))
    return 2 * (a & b).total() / (a.total() + b.total())


@pytest.fixture(scope="module")
def daily8() -> list[TextPage]:
    if not os.environ.get(DUMPS_VARIABLE):
        pytest.skip("HARNESS_DUMPS names no folder with the three dumps")
    loaded = load_goldens(find_goldens([str(ROOT / "goldens" / "daily8")]), dumps_from([]))
    assert len(loaded.goldens) == 3
    return [TextPage.of(golden) for golden in loaded.goldens]


@pytest.mark.parametrize(("operator", "expected"), MEASURED, ids=lambda value: str(value)[:40])
def test_each_rule_scores_as_measured(
    daily8: list[TextPage], operator: Operator[TextPage], expected: tuple[float, ...]
) -> None:
    pages = [operator.apply(page) for page in daily8]
    gold = ["\n".join(line.text for line in page.lines if line.verdict == "keep") for page in pages]  # with datelines
    for rule, value in zip(RULES, expected):
        mean = sum(word_f1(rule(page.content), text) for page, text in zip(pages, gold)) / 3
        assert mean == pytest.approx(value, abs=0.02), rule.__name__


def test_splitting_the_story_breaks_rules_on_runs(daily8: list[TextPage]) -> None:
    for rule in (most_consecutive, first_run):
        scores = []
        for page in daily8:
            after = SplitBody(1).apply(page)
            scores.append(word_f1(rule(after.content), after.golden("a/b").main_content))
        assert sum(scores) / 3 < 0.9
