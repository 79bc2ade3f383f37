"""Runs on disk: append-only JSON lines, one file for each run.

The first line is the header; then a line for every extractor that was loaded and every page that it answered, as they
came; the last line is the footer. A run without a footer was killed, and is read up to its last whole line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

FORMAT = 1
RUNS = Path("reports/runs")


class RunError(Exception):
    """A run that does not exist or cannot be read."""


@dataclass(frozen=True)
class Record:
    """What one extractor did on one page.

    `coerced` says that the page was converted for the extractor; `counts` are words: kept, missed, leaked, free.
    `timing` (seconds, of the worker) is apart from all else, since it differs from run to run.
    """

    extractor: str
    golden: str
    media: str
    kind: str
    lang: str
    site: str
    coerced: bool
    outcome: str
    error: str
    text: str
    scores: Mapping[str, float]
    counts: Mapping[str, int]
    leaks: Mapping[str, int]
    misses: Mapping[str, int]
    timing: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """A run that was read: its header, the version of each extractor, its records sorted, and whether it was finished."""

    id: str
    header: Mapping[str, Any]
    versions: Mapping[str, str | None]
    records: tuple[Record, ...]
    finished: bool


class RunWriter:
    """Appends to the file of a new run. Use as a context manager; `finish` writes the footer."""

    def __init__(self, id: str, header: Mapping[str, Any], folder: Path = RUNS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{id}.jsonl"
        self._file: TextIO = self.path.open("x", encoding="utf-8", errors="backslashreplace")
        self._write({"type": "header", "format": FORMAT, "id": id, **header})

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()

    def extractor(self, name: str, version: str | None) -> None:
        """Append that an extractor was loaded."""
        self._write({"type": "extractor", "name": name, "version": version})

    def record(self, record: Record) -> None:
        """Append a record."""
        self._write({"type": "record", **asdict(record)})

    def finish(self) -> None:
        """Append the footer: the run is whole."""
        self._write({"type": "footer"})

    def _write(self, row: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._file.flush()


def read_run(name: str | None = None, folder: Path = RUNS) -> Run:
    """A run by its id, by the path of its file, or the latest one. Raises RunError."""
    return read_run_file(_run_path(name, folder))


def read_run_file(path: Path) -> Run:
    """The run in a file. Raises RunError, with the line, for what is not a run."""
    header: dict[str, Any] = {}
    versions: dict[str, str | None] = {}
    records: dict[tuple[str, str], Record] = {}
    finished = False
    for number, row in _rows(path):
        kind = row.pop("type", None)
        if kind == "header":
            if row.get("format") != FORMAT:
                raise RunError(f"{path}: format {row.get('format')!r} is not {FORMAT}: made by another version of harness")
            if not isinstance(row.get("id"), str):
                raise RunError(f"{path}:{number}: the header names no run")
            header = row
        elif not header:
            raise RunError(f"{path}: not a run: its first line is no header")
        elif kind == "extractor" and isinstance(row.get("name"), str):
            versions[row["name"]] = row.get("version")
        elif kind == "record":
            try:
                record = Record(**row)
            except TypeError:
                raise RunError(f"{path}:{number}: not a record") from None
            if not (isinstance(record.extractor, str) and isinstance(record.golden, str)):
                raise RunError(f"{path}:{number}: not a record")
            records[record.extractor, record.golden] = record
        elif kind == "footer":
            finished = True
    if not header:
        raise RunError(f"{path}: not a run: it is empty")
    ordered = tuple(records[key] for key in sorted(records))
    return Run(header["id"], header, versions, ordered, finished)


def list_runs(folder: Path = RUNS) -> list[Path]:
    """The files of all runs, oldest first."""
    return sorted(folder.glob("*.jsonl"), key=lambda path: path.stem)


def new_run_id(now: str, folder: Path = RUNS) -> str:
    """An id that sorts by time and is not taken: `now`, with a number behind it if two runs begin in one second."""
    candidates = (now if n == 1 else f"{now}-{n:04}" for n in range(1, 10_000))
    return next(id for id in candidates if not (folder / f"{id}.jsonl").exists())


def _run_path(name: str | None, folder: Path) -> Path:
    runs = list_runs(folder)
    if name is None or name == "latest":
        if not runs:
            raise RunError(f"no run in {folder}; make one with `harness run`")
        return runs[-1]
    for path in (Path(name), folder / f"{name}.jsonl"):
        if path.is_file():
            return path
    raise RunError(f"no run {name!r}; see `harness list runs`")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith("\n"):
                return  # the writer was killed in the middle of this line
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                raise RunError(f"{path}:{number}: not JSON") from None
            if not isinstance(row, dict):
                raise RunError(f"{path}:{number}: not a JSON object")
            yield number, row
