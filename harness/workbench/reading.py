"""What screens and exported files show of runs: the list, a run with its pages, and one page with its outputs."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.alignment.align import align
from harness.alignment.diff import DiffRun, diff
from harness.alignment.words import PageWords, page_words
from harness.common.errors import HarnessError, Impossible
from harness.common.wording import command_line
from harness.datasets import Entry
from harness.datasets.entries import find_entries
from harness.evaluation.digests import facts_of
from harness.evaluation.goldens import under_policy
from harness.goldens.golden import Golden
from harness.goldens.reader import PageNotFound
from harness.goldens.sets import dumps_from
from harness.metrics import METRICS
from harness.report.kit.numbers import number
from harness.report.leaderboard import TRACKS
from harness.report.result_columns import LEGEND, result_columns, results
from harness.runs.comparable import why_not_golden
from harness.runs.file import read_run_header
from harness.runs.find import list_runs
from harness.runs.record import Record, Run
from harness.runs.summary import ranked, ranking_metric, summarise_by
from harness.scorecard.write.sanitise import clean, sanitise
from harness.workbench.index import IndexedRun, indexed

_LONGEST = 60_000  # characters of a text that is shown
_MOST_KINDS = 4  # of leaks and misses that a row has


@dataclass(frozen=True)
class RunRow:
    """A run in the list."""

    id: str
    """Its name."""
    started: str
    """When it began."""
    extractors: Sequence[str]
    """What was run."""
    pages: int
    """How many goldens it was over."""
    finished: bool
    """Whether it is whole."""


@dataclass(frozen=True)
class Passage:
    """Words of a diff with one status."""

    status: str
    """`kept`, `missed`, `leaked` or `free`."""
    kind: str
    """The kind of text."""
    text: str
    """The words."""


@dataclass(frozen=True)
class Panel:
    """What one extractor did on a page."""

    record: Record
    """The record, without its text."""
    scores: Sequence[tuple[str, str]]
    """Metrics with their values as text."""
    output: str
    """What came out, as text."""
    passages: Sequence[Passage] | None
    """The output beside the golden; None if that is not possible."""
    why: str
    """Why there is no diff; empty if there is one."""
    command: str
    """What shows it in a terminal."""


class Shelf:
    """Runs on disk."""

    def __init__(self, folder: Path | None = None, named: Path | None = None) -> None:
        """named: a run that may lie elsewhere."""
        self._folder, self._named = folder, named
        self._lock = threading.Lock()

    def rows(self) -> list[RunRow]:
        """All runs, the latest first; files that are no runs are left out."""
        rows = []
        for path in self._paths().values():
            try:
                header, finished = read_run_header(path)
            except HarnessError:
                continue
            rows.append(RunRow(path.stem, header.started, tuple(header.extractors), len(header.goldens), finished))
        return rows

    def run(self, name: str) -> IndexedRun:
        """A run as it is now. Raises RunError."""
        with self._lock:
            return indexed(self.path(name), shown_of)

    def path(self, name: str) -> Path:
        """The file of a run. Raises Impossible for a name that none has."""
        path = self._paths().get(name)
        if path is None:
            raise Impossible(f"no run {name!r}")
        return path

    def _paths(self) -> dict[str, Path]:
        """The files of the runs by id: a name that comes from an address is looked up here, and leads nowhere else."""
        found = [*([self._named] if self._named else []), *reversed(list_runs(self._folder))]
        paths: dict[str, Path] = {}
        for path in found:
            paths.setdefault(path.stem, path)
        return paths


def shown_of(run: Run) -> Mapping[str, Any]:
    """What is shown of a whole run."""
    return {"board": board(run), "data": records_data(run)}


def board(run: Run) -> list[Mapping[str, Any]]:
    """The result tables of a run, one for each track: title, heads, and rows of cells."""
    tables: list[Mapping[str, Any]] = []
    for media, summaries in summarise_by(run.records, "media").items():
        metrics = [name for name in run.header.shown or run.header.metrics if name in METRICS]
        references = frozenset(run.header.references)
        rows = results(ranked(summaries), run.versions, references)
        columns = [column for column in result_columns(rows, metrics) if column.rank <= 8]
        marks = [meaning for mark, meaning in LEGEND.items() if any(mark in row.marks for row in rows)]
        cells = [
            {
                "aside": bool(row.marks),
                "cells": [clean(c.text(c.value(row))) for c in columns],
            }
            for row in rows
        ]
        heads = [(column.name, column.justify == "right") for column in columns]
        tables.append({"title": TRACKS.get(media, media), "heads": heads, "rows": cells, "legend": marks})
    return tables


def records_data(run: Run) -> Mapping[str, Any]:
    """The records of a run for the table of its pages, in as few characters as they can be."""
    names = sorted({record.extractor for record in run.records})
    first = [record for record in run.records if record.repeat == 0]
    shown = run.header.shown or ("P", "R", "F")
    metrics = [name for name in shown if any(record.scores.get(name) is not None for record in first)]
    goldens: dict[str, int] = {}
    about: list[list[Any]] = []
    rows = []
    for record in first:
        if record.golden not in goldens:
            goldens[record.golden] = len(goldens)
            flags = run.header.golden(record.golden).flags
            about.append([record.golden, record.kind, record.lang, record.site, list(flags)])
        scores = [_rounded(record.scores.get(metric)) for metric in metrics]
        leaks, misses = _most(record.leaks), _most(record.misses)
        rows.append([goldens[record.golden], names.index(record.extractor), record.outcome, scores, leaks, misses])
    leader = ranked(next(iter(summarise_by(run.records, "media").values()), []))
    lead = next((one.extractor for one in leader if one.extractor not in run.header.references), names[0] if names else "")
    best = ranking_metric(metrics) if metrics else ""
    return {"extractors": names, "metrics": metrics, "pages": about, "rows": rows, "lead": lead, "metric": best}


def golden_for(run: Run | IndexedRun, golden_id: str) -> Golden | str:
    """The golden of a run's page, or why it is not here. Raises Impossible for a page that the run does not have."""
    if golden_id not in run.header.goldens:
        raise Impossible(f"run {run.id} has no page {golden_id!r}")
    request = run.header.request
    try:
        entry = _entries(request.goldens, request.dumps, Path.cwd()).get(golden_id)
        (judged,) = under_policy([entry], run.header.policy) if entry else (None,)
        golden = judged.golden() if judged else None
    except (HarnessError, PageNotFound) as error:
        return sanitise(str(error))
    if golden is None:
        return "the golden, or its page, is not here any more"
    if golden.page.sha256 != run.header.golden(golden_id).page:
        return "the page has changed since the run"
    return golden


@lru_cache(maxsize=4)  # a dataset of thousands of pages takes a while to be listed
def _entries(names: tuple[str, ...], dumps: tuple[Path, ...], folder: Path) -> Mapping[str, Entry]:
    """The goldens that names mean in a folder, by id."""
    return {entry.id: entry for entry in find_entries(names, dumps_from(dumps)).entries}


def panels(run: Run, golden_id: str, golden: Golden | str, names: Sequence[str]) -> list[Panel]:
    """What extractors did on a page. Raises Impossible for one that has no result of it."""
    known = {record.extractor: record for record in run.records if record.golden == golden_id and record.repeat == 0}
    for name in names:
        if name not in known:
            raise Impossible(f"run {run.id} has no result of {name!r} for {golden_id!r}")
    words: PageWords | None = None
    why = golden if isinstance(golden, str) else ""
    if isinstance(golden, Golden):
        changed = why_not_golden(run.header.golden(golden_id), facts_of(golden))
        why = f"{changed} since the run" if changed else "" if golden.has_main_content else "its main content is not known"
        words = None if why else page_words(golden)
    found = []
    for name in names:
        record = known[name]
        text = run.text_of(record)
        passages = None if words is None else [_passage(part) for part in diff(align(words, text))]
        scores = [
            (metric, number(value)) for metric, value in record.scores.items() if metric in METRICS and value is not None
        ]
        command = command_line("show", run.id, "--page", golden_id, "-e", name)
        found.append(Panel(replace(record, text=""), scores, _shown(text), passages, why, command))
    return found


def main_content(golden: Golden | str) -> str:
    """The main content as it is shown."""
    return _shown(golden.main_content) if isinstance(golden, Golden) and golden.has_main_content else ""


def _passage(run: DiffRun) -> Passage:
    return Passage(run.status, run.kind, _shown("".join(part.text for part in run.parts)))


def _shown(text: str) -> str:
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… ({len(text):,} characters)"
    return "\n".join(clean(line) for line in cut.split("\n"))


def _most(words: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(words.items(), key=lambda item: (-item[1], item[0]))[:_MOST_KINDS])


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
