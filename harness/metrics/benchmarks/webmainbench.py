"""The fine-grained scores of WebMainBench: edit similarities of Markdown and of its code, formulas and tables.

Source: `webmainbench/metrics` of opendatalab/WebMainBench at 9d991bd, without the language model that picks formulas
there. Unlike there, a page whose extractor failed does not drop out.
"""

from __future__ import annotations

import functools
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from harness.datasets.catalogue import CATALOGUE
from harness.goldens.golden import Golden
from harness.metrics.base import Case, Family, Metric, Scored, ScoresByMetric, mean_of
from harness.metrics.benchmarks import webmainbench_parts as parts
from harness.metrics.benchmarks import webmainbench_tables as tables
from harness.metrics.teds import in_order
from harness.pages.structure import read_html

_PARTS = ("webmainbench.text", "webmainbench.code", "webmainbench.formula", "webmainbench.table", "webmainbench.TEDS")
_TREE, _OVERALL = "webmainbench.TEDS.tree", "webmainbench.overall"


def webmainbench_scores(case: Case) -> ScoresByMetric:
    """The values of one output, each in 0…1; None where neither side has such a part, which leaves it out of the mean.

    The output is its Markdown where the extractor returned that, else its text.
    """
    gold = _gold(case.golden.markdown if case.golden.markdown is not None else case.golden.main_content)
    text = case.text if case.markdown is None else case.markdown
    return _compare(gold, _Parts(text))


def webmainbench_failed(case: Case) -> ScoresByMetric:
    """The values of a page whose extractor failed: those of an empty output, 0 for the text in any case."""
    empty = webmainbench_scores(replace(case, text="", markdown=None, markup=None))
    return {**empty, "webmainbench.text": 0.0, _OVERALL: empty[_OVERALL] or 0.0}


class _Parts:
    """A text and what the benchmark takes out of it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.code = "\n".join(parts.code_blocks(text))
        self.formulas = "\n".join(parts.formulas(text))
        self.tables = tables.as_html(tables.source(text))


# As many as are in memory at a time; see harness.evaluation.evaluate.
@functools.lru_cache(maxsize=16)
def _gold(text: str) -> _Parts:
    return _Parts(text)


def _compare(gold: _Parts, output: _Parts) -> dict[str, float | None]:
    table = _similarity(gold.tables, output.tables)
    scores: dict[str, float | None] = dict(
        zip(
            _PARTS,
            (
                _similarity(gold.text, output.text),
                _similarity(gold.code, output.code),
                _similarity(gold.formulas, output.formulas),
                table,
                None if table is None else tables.published_teds(gold.tables, output.tables),
            ),
        )
    )
    known = [value for value in scores.values() if value is not None]
    scores[_OVERALL] = statistics.fmean(known) if known else None
    first, second = read_html(gold.tables).tables[:1], read_html(output.tables).tables[:1]
    scores[_TREE] = None if table is None else in_order(first, second)
    return scores


def _similarity(gold: str, output: str) -> float | None:
    """1 − Levenshtein distance / length of the longer text; None if both are empty."""
    return Levenshtein.normalized_similarity(gold, output) if gold or output else None


def _has_markdown(golden: Golden) -> bool:
    return golden.markdown is not None


def overall(pages: Sequence[Scored]) -> float | None:
    """The mean of the means of the five published parts, 0 for a part that no page has; None without pages."""
    if mean_of(_OVERALL, pages) is None:
        return None
    return statistics.fmean(mean_of(name, pages) or 0.0 for name in _PARTS)


_SUMMARIES: Mapping[str, str] = {
    "webmainbench.text": "WebMainBench's text_edit: edit similarity of the whole Markdown",
    "webmainbench.code": "WebMainBench's code_edit: edit similarity of code blocks",
    "webmainbench.formula": "WebMainBench's formula_edit, without its language model",
    "webmainbench.table": "WebMainBench's table_edit: edit similarity of tables as HTML",
    "webmainbench.TEDS": "WebMainBench's table_TEDS as published, which compares tables as single nodes",
}

WEBMAINBENCH = Family(
    (
        *(Metric(name, summary, True, 0.0) for name, summary in _SUMMARIES.items()),
        Metric(_TREE, "TEDS of the same tables, compared as trees", True, 0.0),
        Metric(_OVERALL, "WebMainBench's overall: mean of the means of its five scores", True, 0.0, over=overall),
    ),
    webmainbench_scores,
    applies=_has_markdown,
    requires=("bs4",),
    failed=webmainbench_failed,
    order=160,
    citation=CATALOGUE["webmainbench"].citation,
)
