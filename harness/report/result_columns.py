"""The columns of the result table: for each of them its value, and how the terminal, Markdown and JSON show it.

A new column is one entry of `PAGE_COLUMNS` or `OTHER_COLUMNS`; its value is computed in runs.summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.engine.answer import FAILURES
from harness.metrics import METRICS, SHOWN_METRICS
from harness.metrics.own.fabrication import FABRICATED
from harness.report.kit.markdown import Justify
from harness.report.kit.names import LONGEST_NAME, short_names
from harness.report.kit.numbers import NONE, count, largest_kinds, mebibytes, milliseconds, money, number
from harness.report.kit.terminal import escape_controls
from harness.runs.summary import Summary, ranking_metric

CONVERTED, REFERENCE = "†", "‡"
LEGEND = {
    CONVERTED: f"{CONVERTED} made for the other track: its pages were converted for it",
    REFERENCE: f"{REFERENCE} reference row, does not compete",
}

_FAILED = "pages on which it failed in this way"


@dataclass(frozen=True)
class Result:
    """A row of the result table: an extractor over the pages of a track."""

    summary: Summary
    """What it did."""
    version: str | None
    """Its version, None where unknown."""
    marks: str
    """The signs of LEGEND for a row that does not compete."""
    short_name: str
    """Its name as a terminal shows it: no two in a table are alike."""


@dataclass(frozen=True)
class ResultColumn:
    """A column of the result table."""

    name: str
    """The text of its head."""
    value: Callable[[Result], Any]
    """What programs get."""
    text: Callable[[Any], str]
    """The value as people read it in a terminal."""
    rank: float
    """Columns with smaller ranks are shown first, those of rank 0 always, see kit.columns.Column."""
    justify: Justify = "right"
    """The side that its cells are aligned to in a terminal."""
    style: Callable[[Any], str] = lambda value: ""
    """The terminal's style of a cell, from its value."""
    markdown: bool = False
    """Whether Markdown has the column; its tables stay narrow."""
    long_text: Callable[[Any], str] | None = None
    """The value as people read it in Markdown, where that is longer."""
    key: str = ""
    """Its name in JSON objects; empty where they have the value in another form."""
    optional: bool = False
    """Whether it is left out where no row has a value."""
    meaning: str = ""
    """What its values are, in words."""


def results(
    summaries: Sequence[Summary], versions: Mapping[str, str | None], references: frozenset[str] = frozenset()
) -> list[Result]:
    """The rows of the result table. references: extractors that do not compete."""
    short = short_names([escape_controls(summary.extractor) for summary in summaries])
    return [
        Result(
            summary,
            versions.get(summary.extractor),
            (CONVERTED if summary.coerced else "") + (REFERENCE if summary.extractor in references else ""),
            short[escape_controls(summary.extractor)],
        )
        for summary in summaries
    ]


def result_columns(rows: Sequence[Result], metrics: Sequence[str], asked: bool = False) -> list[ResultColumn]:
    """The columns of a result table with these rows and metrics. asked: the metrics were asked for, so all are shown."""
    outcomes = [name for name in FAILURES if any(row.summary.outcomes.get(name) for row in rows)]
    columns = [
        *PAGE_COLUMNS,
        *(ResultColumn(name, _outcome(name), count, 9, style=_style("red"), meaning=_FAILED) for name in outcomes),
        *_metric_columns(metrics, asked),
        *OTHER_COLUMNS,
    ]
    shown = [column for column in columns if not column.optional or any(column.value(row) is not None for row in rows)]
    if any(_MS.value(row) is not None for row in rows) or all(_FIRST_MS.value(row) is None for row in rows):
        return shown
    # Every page was the first one of its worker: their times are the only ones.
    return [
        replace(column, rank=_MS.rank) if column is _FIRST_MS else column for column in shown if column not in (_MS, _MS_95)
    ]


def _metric_columns(metrics: Sequence[str], asked: bool) -> Iterator[ResultColumn]:
    best = ranking_metric(metrics)
    for metric in metrics:
        if asked or metric in (best, FABRICATED):  # the latter is among them only where an extractor is generative
            rank = 0
        else:
            rank = 3 if metric in SHOWN_METRICS else 4 if metric.endswith(".F") else 8
        style = _style("bold" if metric == best else "")
        meaning = f"{METRICS[metric].summary}; {'high' if METRICS[metric].higher_is_better else 'low'} is good"
        yield ResultColumn(metric, _score(metric), number, rank, style=style, markdown=True, meaning=meaning)
    median, answered = "its median over the pages", "its mean over the pages that were answered"
    yield ResultColumn(f"{best} median", lambda row: row.summary.medians[best], number, 8, meaning=median)
    yield ResultColumn(f"{best} answered", lambda row: row.summary.answered_scores.get(best), number, 8, meaning=answered)


def _style(style: str) -> Callable[[Any], str]:
    return lambda value: style


def _outcome(name: str) -> Callable[[Result], int]:
    return lambda row: row.summary.outcomes.get(name, 0)


def _score(metric: str) -> Callable[[Result], float | None]:
    return lambda row: row.summary.scores[metric]


def _extractor(row: Result) -> str:
    return f"{escape_controls(row.summary.extractor)} {row.marks}".rstrip()


def _largest_kind(words: Mapping[str, int] | None) -> str:
    return largest_kinds(words, 1)


def _whole(number: float | None) -> str:
    return NONE if number is None else f"{number:,.0f}"


PAGE_COLUMNS = (
    ResultColumn(
        "extractor",
        lambda row: row,
        lambda row: f"{row.short_name} {row.marks}".rstrip(),
        rank=0,
        justify="left",
        markdown=True,
        long_text=_extractor,
        meaning="the best one first",
    ),
    ResultColumn(
        "version",
        lambda row: row.version,
        lambda version: escape_controls(version or NONE)[:LONGEST_NAME],
        rank=7,
        justify="left",
        markdown=True,
        long_text=lambda version: version or NONE,
        key="version",
        meaning="the extractor's own, or that of the library that it uses",
    ),
    ResultColumn(
        "pages",
        lambda row: row.summary.pages,
        str,
        rank=0,
        markdown=True,
        key="pages",
        meaning="pages that it was given; all of them count in every mean",
    ),
    ResultColumn(
        "empty",
        lambda row: row.summary.empty,
        count,
        rank=0,
        markdown=True,
        key="empty",
        meaning="pages of which it returned nothing although they have a main content",
    ),
    ResultColumn(
        "errors",
        lambda row: row.summary.errors,
        count,
        rank=0,
        style=lambda errors: "bold red" if errors else "",
        markdown=True,
        key="errors",
        meaning="pages on which it failed: it scores the worst value there",
    ),
)
"""The subjects of rows and the outcomes of their pages; the columns of metrics follow them."""

_MS = ResultColumn(
    "ms",
    lambda row: row.summary.cost.milliseconds,
    milliseconds,
    rank=4,
    markdown=True,
    key="ms",
    meaning="milliseconds for a page: the median",
)
_MS_95 = ResultColumn(
    "ms 95%",
    lambda row: row.summary.cost.milliseconds_95,
    milliseconds,
    rank=9,
    key="ms_95",
    meaning="milliseconds for a page that 95 of 100 pages stay below",
)
_FIRST_MS = ResultColumn(
    "first ms",
    lambda row: row.summary.cost.first_milliseconds,
    milliseconds,
    rank=11,
    key="first_ms",
    meaning="milliseconds for the first page of a process: the median",
)
OTHER_COLUMNS = (
    _MS,
    _MS_95,
    _FIRST_MS,
    ResultColumn(
        "MiB",
        lambda row: row.summary.cost.peak_memory,
        mebibytes,
        rank=9,
        key="peak_memory",
        meaning="the most memory that its process used",
    ),
    ResultColumn(
        "cost",
        lambda row: row.summary.cost.money,
        money,
        rank=4,
        key="cost",
        optional=True,
        meaning="what its answer for a page costs, as it says: the mean, in the currency that it names",
    ),
    ResultColumn(
        "tokens in",
        lambda row: row.summary.cost.tokens_in,
        _whole,
        rank=5,
        key="tokens_in",
        optional=True,
        meaning="tokens that its model was given for a page: the mean",
    ),
    ResultColumn(
        "tokens out",
        lambda row: row.summary.cost.tokens_out,
        _whole,
        rank=5,
        key="tokens_out",
        optional=True,
        meaning="tokens that its model wrote for a page: the mean",
    ),
    ResultColumn(
        "retries",
        lambda row: row.summary.cost.retries,
        _whole,
        rank=6,
        key="retries",
        optional=True,
        meaning="how often it asked a service once more, over all pages",
    ),
    ResultColumn(
        "truncated",
        lambda row: row.summary.truncated,
        lambda pages: count(pages or 0),
        rank=4,
        markdown=True,
        key="truncated",
        optional=True,
        meaning="pages of which it read only a part, or of which only a part of its answer came",
    ),
    ResultColumn(
        "confidence",
        lambda row: row.summary.confidence,
        number,
        rank=6,
        key="confidence",
        optional=True,
        meaning="how sure it says it is of its outputs: the mean; see harness show --confidence",
    ),
    ResultColumn(
        "leaks most",
        lambda row: row.summary.leaks,
        _largest_kind,
        rank=10,
        justify="left",
        markdown=True,
        long_text=largest_kinds,
        key="leaks",
        meaning="the kind of boilerplate that most leaked words are from, and its share of them",
    ),
    ResultColumn(
        "misses most",
        lambda row: row.summary.misses,
        _largest_kind,
        rank=10,
        justify="left",
        markdown=True,
        long_text=largest_kinds,
        key="misses",
        meaning="the kind of text that most missed words are from, and its share of them",
    ),
)
"""Time, memory and kinds of wrong words; these columns follow the metrics."""
