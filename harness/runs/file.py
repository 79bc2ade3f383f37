"""Runs on disk: append-only JSON lines, one file for each run (docs/runs.md has the fields).

The first line is the header; then a line for every extractor that was loaded and every page that it answered, as they
came; the last line is the footer. A run without a footer was killed, is read up to its last whole line, and can be
continued.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from harness.common.errors import CannotTell, Impossible
from harness.common.files import LARGEST_FILE, inflate, open_file
from harness.common.places import in_project
from harness.common.typed import typed, typed_json
from harness.engine.answer import OUTCOMES
from harness.pages.limits import LONGEST
from harness.pages.page import MEDIA
from harness.runs.attempt import forget_attempt
from harness.runs.header import RUN_FILE_FORMAT, HeaderError, RunHeader, header_object, read_header
from harness.runs.record import Key, Record, Run, with_equal_scores
from harness.runs.rows import COUNTS

RUNS = Path("reports/runs")
"""The folder of runs, in the project."""
FINISHED = re.compile(rb'\{"type":"footer"(?:,"finished":"([^"]*)")?\}\n\Z')
"""The footer of a run, with when it was finished."""

_RECORD = b'{"type":"record",'  # how the line of one begins
_LONGEST_LINE = LARGEST_FILE  # bytes of a record
_LONGEST_TEXT = 4 * LONGEST  # bytes of an output
_PART = 1 << 20  # bytes that are read at a time
_FOOTER_BYTES = 100  # more than a footer has
_AGAIN = "remove the file, and make the run again with `harness run`"


class RunError(Impossible):
    """A name that no run has, or a file that is not a run."""


@dataclass(frozen=True)
class _Loaded:
    """A line that says that an extractor was loaded."""

    name: str
    version: str | None = None


@dataclass(frozen=True)
class _NotLoaded:
    """A line that says that an extractor could not be loaded."""

    name: str
    reason: str


@dataclass(frozen=True)
class _NotCached:
    """A line that says that the outputs of an extractor are not kept."""

    name: str


@dataclass(frozen=True)
class _Reads:
    """A line that says what was read for the outputs of an extractor."""

    name: str
    keys: tuple[str, ...]


class RunWriter:
    """Appends to the file of a run, which no other process can do meanwhile. A context manager that closes the file.

    `new_run` and `continue_run` make one; `finish` writes the footer.
    """

    def __init__(
        self, path: Path, file: BinaryIO, header: RunHeader, versions: Mapping[str, str | None], content: bytes = b""
    ) -> None:
        """A writer at the end of a locked file, which has this content already, with this header and these versions."""
        self.path = path
        self.header = header
        self._file = file
        self._versions = dict(versions)
        self._checksum = zlib.crc32(content)

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def extractor(self, name: str, version: str | None, runtime: str = "") -> None:
        """Append that an extractor was loaded, in which version and by what runtime, unless that is known."""
        if self._versions.get(name, "") != version:
            self._versions[name] = version
            self._write({"type": "extractor", "name": name, "version": version, "runtime": runtime})

    def not_loaded(self, name: str, reason: str) -> None:
        """Append that an extractor could not be loaded, and why."""
        self._write({"type": "not_loaded", "name": name, "reason": reason})

    def not_cached(self, name: str) -> None:
        """Append that the outputs of an extractor are not kept for later runs."""
        self._write({"type": "not_cached", "name": name})

    def reads(self, name: str, keys: Sequence[str]) -> None:
        """Append under which keys the cache knows what was read for the outputs of an extractor."""
        self._write({"type": "reads", "name": name, "keys": list(keys)})

    def record(self, record: Record) -> None:
        """Append a record."""
        row = dict(vars(record))
        for name in ("unscored", "failed_facts", "fabricated", "retried", "truncated"):
            if not row.get(name):
                row.pop(name, None)
        if record.confidence is None:
            row.pop("confidence")
        self._write({"type": "record", **row, "text": pack_text(record.text)})

    def finish(self) -> Run:
        """`seal` the run. Returns it, without the texts of its outputs."""
        self.seal()
        return read_run_file(self.path, texts=False)

    def seal(self) -> None:
        """Append the footer: the run is whole.

        Raises CannotTell if the file is not what was written, since extractors run with the user's rights. It is no run
        then: what is there is kept under another name.
        """
        if not self.path.is_file() or _checksum_of(self.path) != self._checksum:
            changed = self.path.with_suffix(".changed")
            with contextlib.suppress(FileNotFoundError):
                self.path.rename(changed)
            raise CannotTell(
                f"{self.path} was changed or removed by another program while the run was written to it, so its results"
                f" are lost; {changed} has what is left. Find out which extractor does that, and run it apart"
            )
        self._write({"type": "footer", "finished": datetime.now(timezone.utc).isoformat(timespec="seconds")})

    def _write(self, row: Mapping[str, Any]) -> None:
        self.line(_line(row))

    def line(self, line: bytes) -> None:
        """Append a line as it stands in another run."""
        self._checksum = zlib.crc32(line, self._checksum)
        self._file.write(line)
        self._file.flush()


class MemoryRun:
    """Takes what a RunWriter takes, and keeps it in memory."""

    def __init__(self, name: str, header: RunHeader) -> None:
        """An empty run of that id."""
        self.header = replace(header, id=name)
        self._versions: dict[str, str | None] = {}
        self._records: dict[Key, Record] = {}
        self._not_loaded: dict[str, str] = {}
        self._not_cached: list[str] = []
        self._reads: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> MemoryRun:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def extractor(self, name: str, version: str | None, runtime: str = "") -> None:
        """Take that an extractor was loaded."""
        self._versions[name] = version

    def not_loaded(self, name: str, reason: str) -> None:
        """Take that an extractor could not be loaded."""
        self._not_loaded[name] = reason

    def not_cached(self, name: str) -> None:
        """Take that the outputs of an extractor are not kept for later runs."""
        self._not_cached.append(name)

    def reads(self, name: str, keys: Sequence[str]) -> None:
        """Take under which keys the cache knows what was read for the outputs of an extractor."""
        self._reads[name] = tuple(keys)

    def record(self, record: Record) -> None:
        """Take a record."""
        self._records[record.key] = record

    def finish(self) -> Run:
        """The whole run, with the texts of its outputs."""
        records = tuple(self._records[key] for key in sorted(self._records))
        unkept = tuple(self._not_cached)
        return Run(self.header.id, self.header, self._versions, records, True, self._not_loaded, unkept, self._reads)


def new_run(name: str, header: RunHeader, folder: Path | None = None) -> RunWriter:
    """A writer for a new run, its header written.

    id: see `run_id`; the header is given it, with a number behind it if several runs begin in one second. folder: None is
    that of the project.
    """
    folder = folder or in_project(RUNS)
    folder.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        free = name if number == 1 else f"{name}-{number:04}"
        path = folder / f"{free}.jsonl"
        try:
            file = path.open("xb")
        except FileExistsError:
            number += 1
            continue
        _lock(file, path)
        header = replace(header, id=free)
        writer = RunWriter(path, file, header, {})
        writer._write({"type": "header", "format": RUN_FILE_FORMAT, **header_object(header)})
        forget_attempt(folder)  # not before: there may be no room for the header
        return writer


def run_id(started: datetime) -> str:
    """The id of a run that began then, in UTC: ids sort by time."""
    return started.strftime("%Y%m%d-%H%M%S")


def continue_run(path: Path) -> tuple[Run, RunWriter]:
    """What an unfinished run has, and a writer behind its last whole line.

    Raises RunError for what is no run, CannotTell for a run that is finished or that another process is writing.
    """
    file = path.open("r+b")
    try:
        _lock(file, path)
        forget_attempt(path.parent)
        run = read_run_file(path)
        if run.finished:
            raise CannotTell(f"run {run.id} is finished: there is nothing to resume")
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        file.truncate(len(whole))
        file.seek(0, 2)
        versions = {name: version for name, version in run.versions.items() if name not in run.not_loaded}  # to be told anew
        return run, RunWriter(path, file, run.header, versions, whole)
    except BaseException:
        file.close()
        raise


def read_head(path: Path) -> Run:
    """The run in a file without its records, which are not looked at. Raises RunError."""
    return _read(path, texts=False, records_too=False)


def read_run_file(path: Path, *, texts: bool = True) -> Run:
    """The run in a file, with or without the texts of its outputs. Raises RunError, with the line, for what is not a run."""
    return _read(path, texts=texts, records_too=True)


def _read(path: Path, *, texts: bool, records_too: bool) -> Run:
    header: RunHeader | None = None
    versions: dict[str, str | None] = {}
    records: dict[Key, Record] = {}
    not_loaded: dict[str, str] = {}
    places: dict[Key, LinePlace] = {}
    not_cached: dict[str, None] = {}
    reads: dict[str, dict[str, None]] = {}
    finished = False
    for place, line in _lines(path):
        where = f"{path}:{place.number}"
        row: dict[str, Any] = {"type": "record"} if line.startswith(_RECORD) else _row(line, where)
        kind = row.pop("type", None)
        if kind == "header":
            if row.get("format") != RUN_FILE_FORMAT:
                stated = f"{path}: format {row.get('format')!r} is not {RUN_FILE_FORMAT}: made by another version of harness"
                raise RunError(f"{stated}; read it with that one, or name another run (`harness list runs`)")
            try:
                header = read_header(row)
            except HeaderError as error:
                raise RunError(f"{where}: the header is damaged: {error}") from None
        elif header is None:
            raise RunError(f"{path}: not a run: its first line is no header")
        elif kind == "record":
            if not records_too:
                continue
            record = _record(line, texts, where)
            records[record.key] = record
            places[record.key] = place
        else:
            try:
                if kind == "extractor":
                    loaded = typed(_Loaded, row)
                    versions[loaded.name] = loaded.version
                    not_loaded.pop(loaded.name, None)  # a resumed run tries again
                elif kind == "not_loaded":
                    missing = typed(_NotLoaded, row)
                    not_loaded[missing.name] = missing.reason
                elif kind == "not_cached":
                    not_cached[typed(_NotCached, row).name] = None
                elif kind == "reads":
                    read = typed(_Reads, row)
                    reads.setdefault(read.name, {}).update(dict.fromkeys(read.keys))
                elif kind == "footer":
                    finished = True
            except ValueError as error:
                raise RunError(f"{where}: damaged: {error}; {_AGAIN}") from None
    if header is None:
        with open_file(path) as file:
            cut = file.read(1)
        raise RunError(f"{path}: not a run: {'its only line is cut off' if cut else 'it is empty'}")
    ordered = with_equal_scores([records[key] for key in sorted(records)])
    keys = {name: tuple(known) for name, known in reads.items()}
    return Run(
        header.id, header, versions, ordered, finished, not_loaded, tuple(not_cached), keys, StoredTexts(path, places)
    )


def read_records(path: Path, *, texts: bool = False) -> Iterator[tuple[bytes, Record]]:
    """The records of the run in a file, one in memory at a time, each with its line. Raises RunError."""
    for place, line in _lines(path):
        where = f"{path}:{place.number}"
        if line.startswith(_RECORD) or _row(line, where).get("type") == "record":
            yield line, _record(line, texts, where)


class StoredTexts(Mapping[Key, str]):
    """The texts of a run's outputs, each read from its line of the run's file."""

    def __init__(self, path: Path, places: Mapping[Key, LinePlace]) -> None:
        self._path = path
        self.places = places
        """Where the records stand in the file."""

    def __getitem__(self, key: Key) -> str:
        return read_record(self._path, self.places[key]).text

    def __iter__(self) -> Iterator[Key]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def read_record(path: Path, place: LinePlace) -> Record:
    """The record at a place in the file of a run, with its text. Raises RunError if there is none."""
    with open_file(path) as file:
        file.seek(place.offset)
        line = file.readline(_LONGEST_LINE)
    return _record(line, True, f"{path}:{place.number}")


def _record(line: bytes, texts: bool, where: str) -> Record:
    """The record that a line is, with or without its text. Raises RunError for what is none."""
    try:
        return _checked(typed_json(Record, line), texts)
    except ValueError as error:
        _row(line, where)  # says so if it is not JSON
        raise RunError(f"{where}: damaged: {error}; {_AGAIN}") from None


def _checked(record: Record, texts: bool) -> Record:
    """A record as it should be, with or without its text. Raises ValueError for one that is not."""
    if record.media not in MEDIA:
        raise ValueError(f"unknown media type {record.media!r}")
    if record.outcome not in OUTCOMES:
        raise ValueError(f"unknown outcome {record.outcome!r}")
    if record.counts and (missing := [name for name in COUNTS if name not in record.counts]):
        raise ValueError(f"the number of words {' and '.join(missing)} is missing - at `$.counts`")
    try:
        text = unpack_text(record.text) if texts else ""
    except (ValueError, zlib.error):
        raise ValueError("not a text in zlib and base64 - at `$.text`") from None
    object.__setattr__(record, "text", text)  # nobody else has it yet, and a copy of each takes longer than to read it
    return record


def read_run_header(path: Path) -> tuple[RunHeader, bool]:
    """The header of a run and whether it is finished, without reading its records. Raises RunError for what is no run."""
    with open_file(path) as file:
        row = _row(file.readline(_LONGEST_LINE), f"{path}:1")
        is_finished = FINISHED.search(end_of(file)) is not None
    if row.pop("type", None) != "header" or row.get("format") != RUN_FILE_FORMAT:
        raise RunError(f"{path}: not a run of this version of harness")
    try:
        return read_header(row), is_finished
    except HeaderError as error:
        raise RunError(f"{path}:1: the header is damaged: {error}") from None


def end_of(file: BinaryIO) -> bytes:
    """The last bytes of a file, a footer among them if it has one."""
    file.seek(max(0, file.seek(0, 2) - _FOOTER_BYTES))
    return file.read()


def _checksum_of(path: Path) -> int:
    checksum = 0
    with open_file(path) as file:
        while part := file.read(_PART):
            checksum = zlib.crc32(part, checksum)
    return checksum


def pack_text(text: str) -> str:
    """Text as it is stored: UTF-8, compressed by zlib, in base64."""
    # The fastest level: a tenth more bytes, a third of the time.
    return b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), level=1)).decode("ascii") if text else ""


def unpack_text(stored: str) -> str:
    """The text that was packed. Raises ValueError, TypeError or zlib.error for anything else."""
    if not stored:
        return ""
    return inflate(b64decode(stored, validate=True), _LONGEST_TEXT).decode("utf-8", "surrogatepass")


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep the file to this process until it closes it or ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotTell(f"{path} is being written by another process, which would have to end first") from None


def _line(row: Mapping[str, Any]) -> bytes:
    # Half characters can come from file names; a backslash and their number is how JSON spells them.
    return (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "backslashreplace")


class LinePlace(NamedTuple):
    """Where a line stands in a file."""

    number: int
    """From 1."""
    offset: int
    """In bytes."""


def _lines(path: Path) -> Iterator[tuple[LinePlace, bytes]]:
    """The whole lines of a file. Raises RunError for one that is too long."""
    number = offset = 0
    with open_file(path) as file:
        while line := file.readline(_LONGEST_LINE):
            number += 1
            if not line.endswith(b"\n"):
                if len(line) == _LONGEST_LINE:
                    raise RunError(f"{path}:{number}: the line has more than {_LONGEST_LINE:,} bytes; {_AGAIN}")
                return  # the writer was killed in the middle of this line
            yield LinePlace(number, offset), line
            offset += len(line)


def _row(line: bytes, where: str) -> dict[str, Any]:
    """The object that a line is. Raises RunError."""
    try:
        row = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise RunError(f"{where}: not a line of a run: not JSON") from None
    if not isinstance(row, dict):
        raise RunError(f"{where}: not a line of a run: not a JSON object")
    return row
