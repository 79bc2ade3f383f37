"""Records and runs, in memory and on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from factories.goldens import write_goldens
from harness.alignment.counts import f_score, precision, recall
from harness.engine.answer import FAILURES
from harness.runs.file import new_run
from harness.runs.header import RunHeader, read_header
from harness.runs.record import Record, Run

# What a run was asked for that chose no pages.
EVERYTHING: dict[str, Any] = {"goldens": [], "sample": None, "limit": None, "shard": None}
EVERYTHING |= {"kind": [], "lang": [], "site": [], "without_flag": []}


def record(
    extractor: str = "x", golden: str = "core/a", f: float | None = 0.5, outcome: str = "ok", **fields: Any
) -> Record:
    """A record with this F; its page is of a site of its own."""
    worth = 0.0 if f is None else f
    usual: dict[str, Any] = {
        "media": "text/html",
        "kind": "article",
        "lang": "en",
        "site": f"{golden}.example",
        "coerced": False,
        "error": "",
        "text": "",
        "scores": {"P": f, "R": f, "F": f, "MER": None if f is None else 1 - f},
        "counts": {"kept": round(100 * worth), "missed": 100 - round(100 * worth), "leaked": 0, "free": 0},
        "leaks": {},
        "misses": {"body": 100 - round(100 * worth)} if worth < 0.995 else {},
        "page_bytes": 100,
    }
    return Record(extractor=extractor, golden=golden, outcome=outcome, **{**usual, **fields})


def counted(
    golden: str = "core/a",
    extractor: str = "x",
    *,
    kept: int = 50,
    missed: int | None = None,
    leaks: dict[str, int] | None = None,
    frees: dict[str, int] | None = None,
    outcome: str = "ok",
    site: str = "",
    scores: Mapping[str, float | None] | None = None,
    **fields: Any,
) -> Record:
    """A record as `evaluate` makes one, from numbers of words; a page has 100 to keep unless `missed` is given."""
    leaks, frees = leaks or {}, frees or {}
    missed = 100 - kept if missed is None else missed
    if outcome != "ok":
        kept, missed, leaks, frees = 0, kept + missed, {}, {}
    leaked = sum(leaks.values())
    p, r = precision(kept, leaked, missed), recall(kept, missed)
    own = {"P": p, "R": r, "F": f_score(p, r), "MER": 1 - f_score(p, r)}
    if outcome in FAILURES:
        own = {"P": 0.0, "R": 0.0, "F": 0.0, "MER": 1.0}
    words = {
        "scores": {**own, **(scores or {})},
        "counts": {"kept": kept, "missed": missed, "leaked": leaked, "free": sum(frees.values())},
        "leaks": leaks,
        "misses": {"body": missed} if missed else {},
        "frees": frees,
    }
    error = "Oops: \x1b[31mno" if outcome in FAILURES else ""
    return record(extractor, golden, outcome=outcome, error=error, site=site or golden, **words, **fields)


def header_of(*, id: str = "20260101-000000", **values: Any) -> RunHeader:
    """The header that these values are, by the keys that a file has; an id is made up unless it is given."""
    return read_header({"id": id, **values})


def run_of(
    *records: Record,
    id: str = "20260101-000000",
    versions: Mapping[str, str | None] | None = None,
    labels: str = "labels",
    finished: bool = True,
    **header: Any,
) -> Run:
    """A run of these records, in order; its extractors are of version 1.0 unless it is said otherwise."""
    rows = tuple(sorted(records, key=lambda row: row.key))
    usual = {
        "arguments": EVERYTHING,
        "shown": ["P", "R", "F", "MER"],
        "goldens": {row.golden: {"page": f"page of {row.golden}", "labels": labels} for row in rows},
        "definitions": {"text": 1, "words": 1},
    }
    return Run(
        id,
        header_of(id=id, **{**usual, **header}),
        {**{row.extractor: "1.0" for row in rows}, **(versions or {})},
        rows,
        finished,
    )


def store(run: Run, id: str | None = None) -> None:
    """Write a run to where the commands look for runs; without an id, as one later than those that are there.

    A folder without goldens gets one, so that commands do not read all that come with the harness.
    """
    if not Path("goldens").exists():
        write_goldens(Path("goldens/of-nobody"), ["The ferry was late."])
    later = f"202601{len(list(Path('reports/runs').glob('*.jsonl'))) + 1:02}-000000"
    started = run.header.started or datetime.now(timezone.utc).isoformat(timespec="seconds")
    with new_run(id or later, replace(run.header, started=started)) as writer:
        for name, version in run.versions.items():
            writer.extractor(name, version)
        for row in run.records:
            writer.record(row)
        if run.finished:
            writer.finish()


def scored_pages(extractor: str, scores: list[float], **fields: object) -> list[Record]:
    return [record(extractor, f"set/{number:04}", score, **fields) for number, score in enumerate(scores)]


def measured(golden: str = "core/a", extractor: str = "x", f: float | None = 0.5, **fields: object) -> Record:
    """A record with all that a baseline keeps or leaves out."""
    usual = {
        "scores": {"P": f, "R": f, "F": f, "MER": f, "LF": 0.25, "aeb.F": f, "aeb.tp": 3},
        "counts": {"kept": 5, "missed": 5, "leaked": 2, "free": 1},
        "leaks": {"consent": 2},
        "misses": {"body": 5},
        "frees": {"title": 1},
        "text": "the text",
        "timing": {"wall": 1.0},
    }
    return record(extractor, golden, f, **{**usual, **fields})
