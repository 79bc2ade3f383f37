"""How that is which an extractor's process has read: files, folders, what could be imported, environment variables.

harness.worker.reads says by which names a worker tells of them.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from harness.common.files import content_of
from harness.worker.reads import importable_names, listing, names_in, presence, stamp, target


class CurrentStates:
    """The states of files, folders, modules and variables as a run finds them; each is looked at once."""

    def __init__(self) -> None:
        self._states: dict[str, str | None] = {}
        self._hashes: dict[str, tuple[str, str | None]] = {}  # of files, each with the stamp of the file that it is of
        self._names: dict[str, list[str]] = {}  # in folders

    def as_read(self, name: str, state: str) -> str | None:
        """How something was when a worker read it; None for a file that is not what it was then."""
        if name.startswith("$"):
            return _hash_of_variables(name[1:])
        if not _is_file(name):
            return state
        if name not in self._hashes or self._hashes[name][0] != state:
            self._hashes[name] = _stamped_hash(name)
        stamped, content = self._hashes[name]
        return content if stamped == state else None

    def now(self, name: str) -> str | None:
        """How something is that a worker has read; looked at once in a run."""
        if name not in self._states:
            self._states[name] = self._look_at(name)
        return self._states[name]

    def _look_at(self, name: str) -> str | None:
        if _is_file(name):
            self._hashes[name] = _stamped_hash(name)
            return self._hashes[name][1]
        kind, place = name[0], name[1:]
        if kind == "$":
            return _hash_of_variables(place)
        if kind == "!":
            return presence(place)
        if kind == ">":
            return target(place)
        if kind == "?":
            folder, _, wanted = place.rpartition("/")
            return importable_names(self._names_in(folder), wanted)
        return listing(self._names_in(name.rstrip("/"))) if kind == "/" else str(Path.cwd())

    def _names_in(self, folder: str) -> list[str]:
        if folder not in self._names:
            self._names[folder] = names_in(folder)
        return self._names[folder]


def _is_file(name: str) -> bool:
    """Whether what was read is the content of a file: see harness.worker.reads."""
    return name.startswith("/") and not name.endswith("/")


def _stamped_hash(file: str) -> tuple[str, str | None]:
    """The stamp of a file with its hash; no hash if there is no such file, or it is being written."""
    try:
        before = stamp(Path(file).stat())
        content = hashlib.sha256(content_of(Path(file))).hexdigest()
        return before, content if stamp(Path(file).stat()) == before else None
    except (OSError, ValueError):  # also for a name that no file can have
        return "", None


def _hash_of_variables(name: str) -> str:
    """A hash of the value of an environment variable, or of those of all whose names begin as one that ends with `*`; empty
    if there is none."""
    found = {name: os.environ[name]} if name in os.environ else {}
    if name.endswith("*"):
        found = {key: value for key, value in os.environ.items() if key.startswith(name[:-1])}
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode("ascii")).hexdigest() if found else ""
