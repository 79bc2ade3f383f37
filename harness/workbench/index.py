"""An index of a run in the user's cache, so that a run of many records opens at once. The run's file stays the truth."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness import __version__
from harness.common.places import cache_folder
from harness.runs.file import LinePlace, StoredTexts, read_record, read_run_file, read_run_header
from harness.runs.header import RunHeader
from harness.runs.record import Run

_FORMAT = 1
_SCHEMA = """
create table about (key text primary key, value text) without rowid;
create table records (golden text, extractor text, repeat integer, number integer, offset integer);
create index by_golden on records (golden);
"""

Make = Callable[[Run], Mapping[str, Any]]
"""What is shown of a whole run, as JSON can have it."""


@dataclass(frozen=True)
class IndexedRun:
    """A run as its index has it."""

    id: str
    """Its name."""
    header: RunHeader
    """Its header."""
    finished: bool
    """Whether it is whole."""
    state: str
    """Changes with the file of the run."""
    shown: Mapping[str, str]
    """What `Make` gave, each value as JSON."""
    path: Path
    """Its file."""
    index: Path
    """The file of the index."""

    def page(self, golden_id: str) -> Run:
        """The part of the run that is about one page, with the texts of outputs; without records if it has no such page."""
        with closing(sqlite3.connect(self.index)) as connection:
            query = "select number, offset from records where golden = ? order by extractor, repeat"
            places = [LinePlace(*row) for row in connection.execute(query, (golden_id,))]
        records = tuple(read_record(self.path, place) for place in places)
        versions = json.loads(self.shown["versions"])
        return Run(self.id, self.header, versions, records, self.finished)


def indexed(path: Path, make: Make) -> IndexedRun:
    """A run with its index, which is made where there is none of the file as it is. Raises RunError, OSError."""
    state = state_of(path)
    name = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    index = cache_folder() / "workbench" / "runs" / f"{name}.sqlite"
    about = _read(index)
    if about.get("state") != state:
        run = read_run_file(path, texts=False)
        about = {
            "state": state,
            **{key: json.dumps(value) for key, value in {**make(run), "versions": run.versions}.items()},
        }
        _write(index, about, run)
    header, finished = read_run_header(path)
    return IndexedRun(path.stem, header, finished, state, about, path, index)


def state_of(path: Path) -> str:
    """What changes with the file of a run, and with what is kept of it."""
    stat = path.stat()
    return f"{_FORMAT} {__version__} {stat.st_size} {stat.st_mtime_ns}"


def _read(index: Path) -> dict[str, str]:
    if not index.is_file():
        return {}
    try:
        with closing(sqlite3.connect(index)) as connection:
            return dict(connection.execute("select key, value from about").fetchall())
    except sqlite3.DatabaseError:
        return {}  # damaged, or of another kind: it is made again


def _write(index: Path, about: Mapping[str, str], run: Run) -> None:
    index.parent.mkdir(parents=True, exist_ok=True)
    unfinished = index.with_suffix(f".{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    places = run.texts.places if isinstance(run.texts, StoredTexts) else {}
    rows = ((golden, extractor, repeat, *place) for (extractor, golden, repeat), place in places.items())
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_SCHEMA}")
        connection.executemany("insert into about values (?, ?)", about.items())
        connection.executemany("insert into records values (?, ?, ?, ?, ?)", rows)
        connection.commit()
    unfinished.replace(index)
