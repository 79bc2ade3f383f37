"""From the name of a run to its file: an id, the beginning of one, a path, `latest` or `latest~N`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from harness.common.errors import CANNOT_TELL, CannotTell
from harness.common.files import open_file
from harness.common.places import in_project
from harness.runs.file import FINISHED, RUNS, RunError, end_of, read_run_file
from harness.runs.record import Run

_HEADER_BYTES = 4_096  # of a header, of which its time stands at the beginning
_STARTED = re.compile(rb'"started":"([^"]*)"')
_PREFIX = re.compile(r"\d{4,}[\d-]*")  # of an id, long enough to be no extractor's name
_NAMED = 5  # runs that a message names
_LATEST = re.compile(r"latest(?:~(\d{1,9}))?")


class SeveralRuns(RunError):
    """The beginning of the ids of several runs."""


class NoRun(RunError, CannotTell):
    """There is no run yet that could be meant."""

    code = CANNOT_TELL


def list_runs(folder: Path | None = None) -> list[Path]:
    """The files of all runs, oldest first: by when they were finished or else begun, as they say themselves.

    A run that says that it is of the future, since a clock was wrong, comes before all others: it is not the latest.
    """
    soon = datetime.now(timezone.utc) + timedelta(minutes=1)

    def moment(path: Path) -> tuple[bool, datetime, str]:
        time = _moment(path)
        return time < soon, time, path.stem

    return sorted((path for path in (folder or in_project(RUNS)).glob("*.jsonl") if path.is_file()), key=moment)


def _moment(path: Path) -> datetime:
    """When a run was finished or else begun, read from the ends of its file; the year 1 where it does not say it."""
    with open_file(path) as file:
        begun = _STARTED.search(file.read(_HEADER_BYTES))
        ended = FINISHED.search(end_of(file))
    times = [_time(match[1]) for match in (begun, ended) if match and match[1]]
    return max(times, default=_time(b""))


def _time(text: bytes) -> datetime:
    try:
        time = datetime.fromisoformat(text.decode("ascii"))
    except ValueError:
        time = datetime.min
    return time.replace(tzinfo=time.tzinfo or timezone.utc)


def find_run(name: str, folder: Path | None = None) -> Path:
    """The file of a run, by the names that `read_run` takes.

    Raises RunError, SeveralRuns for a beginning that several ids have, NoRun where there is no run at all.
    """
    folder = folder or in_project(RUNS)
    if match := _LATEST.fullmatch(name):
        runs = list_runs(folder)
        if not runs:
            raise NoRun(f"no run in {folder}; make one with `harness run`")
        back = int(match[1] or 0)
        if back >= len(runs):
            raise RunError(f"no run {name!r}: there {'are' if len(runs) > 1 else 'is'} only {len(runs)} in {folder}")
        return runs[-1 - back]
    for path in (Path(name), folder / f"{name}.jsonl"):
        try:
            if path.is_file():
                return path
        except OSError as error:
            raise RunError(f"no run {name!r}: {error.strerror}") from None
    begun = [path for path in list_runs(folder) if path.stem.startswith(name)] if _PREFIX.fullmatch(name) else []
    if len(begun) > 1:
        raise SeveralRuns(f"{len(begun)} runs begin with {name!r}: {', '.join(path.stem for path in begun[-_NAMED:])}")
    if begun:
        return begun[0]
    raise RunError(f"no run {name!r}; see `harness list runs`")


def latest_unfinished(folder: Path | None = None) -> Path:
    """The file of the latest run that has a header and no footer. Raises NoRun."""
    folder = folder or in_project(RUNS)
    for path in reversed(list_runs(folder)):
        with path.open("rb") as file:
            begun = file.readline().endswith(b"\n")
            if begun and not FINISHED.search(end_of(file)):
                return path
    raise NoRun(f"no unfinished run in {folder}; see `harness list runs`")


def read_run(name: str | None = None, folder: Path | None = None, *, texts: bool = True) -> Run:
    """A run by its id or a beginning of it that no other id has, by the path of its file, as `latest` (also None) or
    `latest~N`.

    Raises RunError for a name that no run has and for what cannot be read, NoRun where there is no run at all.

    texts: whether records have the text of the output, which takes most of the memory; `Run.texts` has them anyhow.
    """
    return read_run_file(find_run(name or "latest", folder), texts=texts)
