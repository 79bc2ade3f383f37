"""Runs made up for the tests of scorecards."""

from collections.abc import Iterable, Mapping
from typing import Any

from harness.alignment.align import page_words
from harness.engine.answer import Answer
from harness.evaluation.evaluate import labels_hash, score
from harness.goldens.golden import Golden, Segment
from harness.pages.page import Page
from harness.plugins.runnable import Runnable
from harness.runs.record import Record, Run


def record(extractor: str, golden: str, f: float | None, **other: Any) -> Record:
    """A record with this F; as a page of its own site unless it is said otherwise."""
    worth = 0.0 if f is None else f
    known: dict[str, Any] = {
        "media": "text/html",
        "kind": "article",
        "lang": "en",
        "site": f"{golden}.example",
        "coerced": False,
        "outcome": "ok",
        "error": "",
        "text": "",
        "scores": {"P": f, "R": f, "F": f, "MER": None if f is None else 1 - f},
        "counts": {"kept": round(100 * worth), "missed": 100 - round(100 * worth), "leaked": 0, "free": 0},
        "leaks": {},
        "misses": {},
    }
    return Record(extractor=extractor, golden=golden, **{**known, **other})


def run_of(records: Iterable[Record], *, versions: Mapping[str, str | None] | None = None, **header: Any) -> Run:
    """A finished run of these records."""
    rows = tuple(sorted(records, key=lambda row: row.key))
    goldens = {row.golden: {"page": f"page of {row.golden}", "labels": "labels"} for row in rows}
    names = {row.extractor: None for row in rows}
    about = {"shown": ["P", "R", "F", "MER"], "goldens": goldens, "definitions": {"text": 1, "words": 1}, **header}
    return Run("20260101-000000", about, {**names, **(versions or {})}, rows, finished=True)


def golden_of(id: str, kept: str, dropped: str = "", **about: Any) -> Golden:
    """A golden with a line of main content and a line of boilerplate."""
    segments = [Segment(kept, "keep", "body", 0), Segment(dropped, "drop", "related", 1)]
    page = Page(f"<p>{kept}</p><p>{dropped}</p>".encode("utf-8", "replace"), "text/html", lang=about.pop("lang", "en"))
    return Golden(id, page, **{"kind": "article", "site": "quay.example", **about}, labelled=tuple(segments))


def scored(golden: Golden, outputs: Mapping[str, str | Answer]) -> list[Record]:
    """What extractors with these names and answers do on a golden."""
    words = page_words(golden)
    answers = {name: Answer("ok", out) if isinstance(out, str) else out for name, out in outputs.items()}
    return [score(golden, words, _runnable(name), answer) for name, answer in answers.items()]


def run_over(goldens: Iterable[Golden], records: Iterable[Record], **header: Any) -> Run:
    """A finished run whose header knows these goldens."""
    known = {golden.id: {"page": golden.page.sha256, "labels": labels_hash(golden)} for golden in goldens}
    return run_of(records, **{"goldens": known, **header})


def _runnable(name: str) -> Runnable:
    return Runnable(
        name=name,
        command=(),
        source="",
        function="",
        package=None,
        options={},
        media="text/html",
        reference=False,
        network=False,
        code="",
        identity="",
    )
