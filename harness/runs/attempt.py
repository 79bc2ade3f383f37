"""A `harness run` that measured nothing, so that the run before it is not taken for the latest word.

From its beginning to the moment at which there is a new run, a file in the folder of runs tells that it was tried; if it
never comes that far, the file stays until another run does.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from harness.common.files import content_of, write_whole
from harness.common.typed import plain_json, typed

_FILE = "attempt.json"


@dataclass(frozen=True)
class Attempt:
    """A run that was asked for and has not begun."""

    started: str
    """When it was asked for, in ISO 8601."""
    command: str
    """The command line that asked for it."""
    process: int
    """The id of its process."""
    reason: str = ""
    """Why nothing was measured; empty if it has not ended, or was killed."""


@contextmanager
def attempted(folder: Path, words: Sequence[str]) -> Iterator[None]:
    """Tell that a run is asked for by this command line, until `forget_attempt` is called; then why it has not begun.

    Nothing is told where there are no runs, since no verdict can be given without one.
    """
    started = datetime.now(timezone.utc).isoformat(timespec="seconds")
    attempt = Attempt(started, shlex.join(["harness", *words]), os.getpid())
    _write(folder, attempt)
    try:
        yield
    except BaseException as error:
        if last_attempt(folder) == attempt:
            reason = str(error).partition("\n")[0] or type(error).__name__
            _write(folder, replace(attempt, reason=reason))
        raise


def forget_attempt(folder: Path) -> None:
    """There is a new run."""
    with suppress(OSError):
        (folder / _FILE).unlink(missing_ok=True)


def last_attempt(folder: Path) -> Attempt | None:
    """The last run that was asked for, if it has measured nothing."""
    file = folder / _FILE
    try:
        content = content_of(file)
        tried = datetime.fromtimestamp(file.stat().st_mtime, timezone.utc)
    except OSError:
        return None
    try:
        return typed(Attempt, plain_json(content))
    except ValueError:
        return Attempt(tried.isoformat(timespec="seconds"), "harness run", 0, "there was no room on the disk to say more")


def why_unmeasured(attempt: Attempt) -> str:
    """That a run measured nothing, in a sentence without a full stop."""
    why = attempt.reason or "it is at its beginning still, or was killed there"
    return f"the newest run was asked for at {attempt.started} and measured nothing: {why} ({attempt.command})"


def _write(folder: Path, attempt: Attempt) -> None:
    if folder.is_dir():
        try:
            write_whole(folder / _FILE, json.dumps(asdict(attempt)).encode("ascii"))
        except OSError:  # then no run can be written either; an empty file has room on a disk that is full
            with suppress(OSError):
                (folder / _FILE).touch()
