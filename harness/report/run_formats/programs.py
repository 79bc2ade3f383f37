"""A run for programs: one JSON object, or CSV with a row for each extractor, page and repeat."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from harness.report.kit.csv_table import csv_table
from harness.report.result_columns import OTHER_COLUMNS, PAGE_COLUMNS, results
from harness.report.run_format import RunFormat, RunReport
from harness.runs.record import Run
from harness.runs.rows import COLUMNS, rows_of
from harness.runs.summary import Summary, summarise, summarise_by


def run_object(run: Run, by: str | None = None) -> dict[str, Any]:
    """The run's summary; with `by`, each extractor also by every value of that key."""
    groups = summarise_by(run.records, by) if by else {}
    tracks = summarise_by(run.records, "media")
    extractors = []
    for summary in summarise(run.records):
        row = _object(summary, run.versions)
        row["tracks"] = _slices(tracks, summary.extractor, run.versions)
        if by:
            row["by"] = {by: _slices(groups, summary.extractor, run.versions)}
        extractors.append(row)
    return {
        "run": run.id,
        "goldens": {
            "pages": len({record.golden for record in run.records}),
            "skipped": len(run.header.skipped),
            "broken": len(run.header.broken),
        },
        "extractors": extractors,
        "not_cached": list(run.not_cached),
    }


def run_csv(run: Run) -> str:
    """One row for each extractor, page and repeat: what it is, its outcome, its counts, its scores."""
    rows = rows_of(run)
    return csv_table(list(rows[0] if rows else COLUMNS), (row.values() for row in rows))


def _slices(groups: Mapping[str, Sequence[Summary]], extractor: str, versions: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        value: _object(summary, versions)
        for value, summaries in groups.items()
        for summary in summaries
        if summary.extractor == extractor
    }


def _object(summary: Summary, versions: Mapping[str, str | None]) -> dict[str, Any]:
    (row,) = results([summary], versions)
    return {
        "name": summary.extractor,
        **{column.key: column.value(row) for column in (*PAGE_COLUMNS, *OTHER_COLUMNS) if column.key},
        "answered": summary.answered,
        "outcomes": summary.outcomes,
        "coerced": summary.coerced,
        "earlier_times": summary.cost.earlier,
        "scores": dict(summary.scores),
        "medians": dict(summary.medians),
        "answered_scores": dict(summary.answered_scores),
    }


def _json(report: RunReport) -> str:
    return json.dumps(run_object(report.run, report.by), indent=2, ensure_ascii=False) + "\n"


def _csv(report: RunReport) -> str:
    return run_csv(report.run)


JSON = RunFormat("json", "the summary as one JSON object", text=_json, order=2)
CSV = RunFormat("csv", "a row for each extractor, page and repeat", text=_csv, order=3)
