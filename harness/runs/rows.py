"""A run as flat rows, one for each extractor, page and repeat: for frames and for CSV."""

from __future__ import annotations

from typing import Any

from harness.runs.record import Run

COUNTS = ("kept", "missed", "leaked", "free")
ABOUT = ("extractor", "version", "golden", "repeat", "media", "kind", "lang", "site", "coerced", "outcome")
COLUMNS = (*ABOUT, *COUNTS)
"""The keys that rows have whatever they were scored by."""


def rows_of(run: Run) -> list[dict[str, Any]]:
    """The rows, all with the same keys: what was run, its outcome, its counts in words, and its scores.

    A score that has no value is None, and so are numbers of words that were not counted.
    """
    metrics = sorted({name for record in run.records for name in record.scores})
    return [
        {
            "extractor": record.extractor,
            "version": run.versions.get(record.extractor) or "",
            "golden": record.golden,
            "repeat": record.repeat,
            "media": record.media,
            "kind": record.kind,
            "lang": record.lang,
            "site": record.site,
            "coerced": record.coerced,
            "outcome": record.outcome,
            **{name: record.counts.get(name) for name in COUNTS},
            **{name: record.scores.get(name) for name in metrics},
        }
        for record in run.records
    ]
