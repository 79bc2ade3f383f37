"""Entries of datasets, kept in the user's cache while the files that they were read from stay as they are.

To list a dataset of thousands of pages, as many files are opened; to see that none of them changed, their names, sizes and
times are enough.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.common.files import write_whole
from harness.common.places import cache_folder
from harness.datasets.base import DatasetFormat, Entry

_CODE = Path(__file__).parent


def kept_entries(dataset_format: DatasetFormat, path: Path) -> Iterator[Entry]:
    """The entries of a dataset of a built-in format, one read at a time unless they are kept. Raises DatasetError.

    They are kept once all of them were taken, for formats that say what they read.
    """
    if dataset_format.reads is None:
        yield from dataset_format.entries(path)
        return
    state = _state(dataset_format.reads(path))
    place = _place(dataset_format, path)
    known = _read(place, state)
    if known is not None:
        yield from known
        return
    entries = []
    for entry in dataset_format.entries(path):
        entries.append(entry)
        yield entry
    with contextlib.suppress(OSError):  # a cache that cannot be written costs time, and nothing else
        write_whole(place, state + pickle.dumps(entries))


def _place(dataset_format: DatasetFormat, path: Path) -> Path:
    """Where entries are kept. They name their files as the path does, so that a relative one is another."""
    name = f"{dataset_format.name}\n{path}\n{path.resolve()}".encode("utf-8", "surrogateescape")
    return cache_folder() / "entries" / hashlib.sha256(name).hexdigest()[:24]


def _read(place: Path, state: bytes) -> list[Entry] | None:
    try:
        content = place.read_bytes()
    except OSError:
        return None
    # Only what this version of the code has written is read, and it is written whole.
    return pickle.loads(content[len(state) :]) if content.startswith(state) else None


def _state(roots: Iterable[Path]) -> bytes:
    """A hash of the names, sizes and times of files, of those below folders too, and of the code that reads them."""
    code = (_line(str(file), file.stat()) for file in _CODE.rglob("*.py"))
    lines = [sys.version, *sorted(code), *sorted(line for root in roots for line in _lines(root))]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogateescape")).digest()


def _lines(root: Path) -> Iterator[str]:
    if not root.is_dir():
        with contextlib.suppress(OSError):  # what cannot be read is told when it is read
            yield _line(str(root), root.stat())
        return
    folders = [str(root)]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as inside:
            for entry in inside:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    with contextlib.suppress(OSError):
                        yield _line(entry.path, entry.stat())


def _line(path: str, stat: os.stat_result) -> str:
    return f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}"
