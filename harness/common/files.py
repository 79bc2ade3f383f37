"""Files that are read within bounds, that are whole or not there, and that several processes use at once."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LARGEST_FILE = 500_000_000
"""Bytes of a file that is read whole."""
_BUFFER = 1 << 16  # bytes: a run of long lines is read in half the time that Python's own buffer takes


def exists(path: Path) -> bool:
    """Whether there is a file or a folder, not a pipe or a device."""
    return path.is_file() or path.is_dir()


def open_file(path: Path) -> BinaryIO:
    """A file to be read. Raises OSError, also for what is no file: a pipe or a device may never come to an end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # or else a pipe would wait for its writer
    except ValueError:
        raise OSError(errno.EINVAL, "no file can be called so", str(path)) from None  # with a NUL in it
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb", _BUFFER)
    is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
    os.close(descriptor)
    if is_folder:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))


def content_of(path: Path, most: int = LARGEST_FILE) -> bytes:
    """The content of a file. Raises OSError, also for what is no file or has more than `most` bytes."""
    with open_file(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most:,} bytes", str(path))
    return content


def inflate(packed: bytes, most: int) -> bytes:
    """What zlib has packed. Raises zlib.error for anything else, and for what has more than `most` bytes."""
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(packed, most + 1)
    if len(content) > most or not unpacker.eof:
        raise zlib.error(f"it is incomplete, or has more than {most:,} bytes")
    return content


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process has this lock, and keep it meanwhile; it ends with the process. The file stays."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, and its folder: whole, or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
        unfinished.replace(path)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno:  # of the file that was asked for, which a user knows
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
