"""Files at addresses, such as `s3://BUCKET/NAME`: of whatever file systems fsspec knows.

The only module that knows fsspec (the extra `remote`). Whatever a file system raises becomes an OSError.
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from harness.common.errors import Impossible
from harness.common.files import LARGEST_FILE
from harness.common.wording import pip_install

_ADDRESS = re.compile(r"([a-z][a-z0-9+]*):/+(.+)", re.S)
_READ_AHEAD = 4 << 20  # bytes that are fetched at once


def address_of(path: Path | str) -> str | None:
    """The address that was made a path, in which `//` has become `/`; None for a path of this machine."""
    match = _ADDRESS.fullmatch(str(path))
    if not match:
        return None
    return str(path) if "://" in str(path) else f"{match[1]}://{'/' if match[1] == 'file' else ''}{match[2]}"


def protocol_of(address: str) -> str:
    """The protocol of an address, such as `s3`."""
    return urlsplit(address).scheme


def open_address(address: str) -> BinaryIO:
    """A file to be read from any place. Raises OSError."""
    with _faults(address):
        system, path = _system(address)
        return io.BufferedReader(_Raw(address, system.open(path, "rb", block_size=_READ_AHEAD, cache_type="readahead")))


def size_of(address: str) -> int:
    """Bytes of a file. Raises OSError."""
    with _faults(address):
        system, path = _system(address)
        return int(system.size(path))


def addresses_like(pattern: str) -> list[str]:
    """The addresses of the files that a pattern with `*` fits. Raises OSError."""
    with _faults(pattern):
        system, path = _system(pattern)
        return [str(system.unstrip_protocol(found)) for found in system.glob(path)]


def addresses_in(folder: str) -> list[str]:
    """The addresses of the files in a folder; just this one for a file. Raises OSError."""
    with _faults(folder):
        system, path = _system(folder)
        return [str(system.unstrip_protocol(about["name"])) for about in system.ls(path, detail=True) if _is_file(about)]


class RemoteStore:
    """A folder at an address: see `Store`. An object of S3 and of its likes is there when it is whole."""

    def __init__(self, address: str) -> None:
        """address: of the folder, which need not exist."""
        self.place = address.rstrip("/")

    def names(self) -> list[str]:
        """See Store."""
        try:
            with _faults(self.place):
                system, path = _system(self.place)
                system.invalidate_cache()
                return sorted(about["name"].rpartition("/")[2] for about in system.ls(path, detail=True) if _is_file(about))
        except FileNotFoundError:
            return []

    def read(self, name: str, most: int = LARGEST_FILE) -> bytes:
        """See Store."""
        with open_address(f"{self.place}/{name}") as file:
            content = file.read(most + 1)
        if len(content) > most:
            raise OSError(f"{self.place}/{name} has more than {most:,} bytes")
        return content

    def add(self, name: str, content: bytes) -> None:
        """See Store. Of several that do this at once, the last one counts."""
        if name not in self.names():
            with _faults(self.place):
                system, path = _system(self.place)
                system.makedirs(path, exist_ok=True)
                system.pipe_file(f"{path}/{name}", content)

    def put(self, file: Path, name: str) -> None:
        """See Store."""
        with _faults(self.place):
            system, path = _system(self.place)
            system.makedirs(path, exist_ok=True)
            system.put_file(str(file), f"{path}/{name}")

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """See Store."""
        with tempfile.TemporaryDirectory(prefix="harness-") as folder:
            yield Path(folder)

    @contextmanager
    def fetched(self, name: str) -> Iterator[Path]:
        """See Store."""
        with self.workplace() as work:
            with _faults(self.place):
                system, path = _system(self.place)
                system.get_file(f"{path}/{name}", str(work / name))
            yield work / name

    def tidy(self) -> None:
        """See Store. Nothing is left that is not whole."""


class _Raw(io.RawIOBase):
    """A file of fsspec that raises nothing but OSError."""

    def __init__(self, address: str, file: Any) -> None:
        self._address, self._file = address, file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _faults(self._address):
            content = self._file.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with _faults(self._address):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            with _faults(self._address):
                self._file.close()
        super().close()


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises Impossible without fsspec, or what it needs for this one."""
    try:
        import fsspec
    except ImportError:
        raise Impossible(f"{address} needs fsspec: {pip_install('remote')}") from None
    if "::" in address:  # fsspec's chains, which can unpack and run through anything
        raise Impossible(f"{address}: addresses that are chained by `::` are not read")
    try:
        system, path = fsspec.url_to_fs(address)
    except ImportError as error:
        raise Impossible(f"{address}: {error}; for s3: {pip_install('remote')}") from None
    except ValueError as error:
        raise Impossible(f"{address}: {error}") from None
    return system, str(path)


def _is_file(about: Any) -> bool:
    return bool(about["type"] == "file")


@contextmanager
def _faults(address: str) -> Iterator[None]:
    """Turn what a file system raises, whose libraries have errors of their own, into an OSError that names the address."""
    try:
        yield
    except FileNotFoundError:
        raise FileNotFoundError(f"{address}: no such file") from None
    except Impossible:
        raise
    except Exception as error:
        raise OSError(f"{address}: {type(error).__name__}: {' '.join(str(error).split())[:300]}") from None
