"""Folders that take files whole and are shared by many processes: on a disk, or at an address that fsspec knows."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from harness.common.files import LARGEST_FILE, content_of

_UNFINISHED = ".unfinished-"


class Store(Protocol):
    """A folder. All of it raises OSError."""

    place: str
    """Its path or address."""

    def names(self) -> list[str]:
        """The names of its files, sorted; none where it does not exist yet."""

    def read(self, name: str, most: int = LARGEST_FILE) -> bytes:
        """The content of a file of at most so many bytes."""

    def add(self, name: str, content: bytes) -> None:
        """Write a file unless there is one of that name."""

    def put(self, file: Path, name: str) -> None:
        """Move a file of its `workplace` into it: whole, or not at all. It replaces one of that name."""

    def workplace(self) -> AbstractContextManager[Path]:
        """A folder of this machine for a file that is not whole yet. It goes with the context."""

    def fetched(self, name: str) -> AbstractContextManager[Path]:
        """A file as one of this machine."""

    def tidy(self) -> None:
        """Remove what workplaces have left whose processes were killed."""


class LocalStore:
    """A folder on a disk, or on a file system that several machines have mounted."""

    def __init__(self, folder: Path) -> None:
        """folder: is made when it is needed."""
        self.place = str(folder)
        self._folder = folder

    def names(self) -> list[str]:
        """See Store."""
        return sorted(path.name for path in self._folder.iterdir() if path.is_file()) if self._folder.is_dir() else []

    def read(self, name: str, most: int = LARGEST_FILE) -> bytes:
        """See Store."""
        return content_of(self._folder / name, most)

    def add(self, name: str, content: bytes) -> None:
        """See Store."""
        with self.workplace() as work:
            (work / name).write_bytes(content)
            _sync(work / name)
            with suppress(FileExistsError):
                os.link(work / name, self._folder / name)  # fails where another was first, as a rename would not

    def put(self, file: Path, name: str) -> None:
        """See Store."""
        _sync(file)
        file.replace(self._folder / name)
        _sync(self._folder)

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """See Store."""
        self._folder.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self._folder))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        """See Store."""
        yield self._folder / name

    def tidy(self) -> None:
        """See Store."""
        for left in self._folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)


def _sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
