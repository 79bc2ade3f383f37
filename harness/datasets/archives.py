"""The files of web archives that a place names: a file, a folder, a pattern, a listing, each here or at an address."""

from __future__ import annotations

import glob
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from harness.common.errors import HarnessError
from harness.common.files import content_of, open_file
from harness.common.remote import address_of, addresses_in, addresses_like, open_address, protocol_of, size_of
from harness.datasets.base import DatasetError
from harness.pages.packed import gunzip

SUFFIXES = (".warc", ".warc.gz", ".wet", ".wet.gz")
LISTINGS = (".paths", ".paths.gz")

ArchivePlace = Path | str
"""A file of this machine, or the address of one."""

_STEM = re.compile(r"(?:\.(?:warc|wet|gz))+$", re.I)
_PATTERN = re.compile(r"[*?\[]")
_LARGEST_LISTING = 100_000_000  # bytes
_LISTED_PROTOCOLS = frozenset({"s3", "gs", "gcs", "abfs", "az", "http", "https"})


@dataclass(frozen=True)
class ArchivePart:
    """A part of a file."""

    file: ArchivePlace
    """The file."""
    start: int
    """Records belong to the part that begin at this byte or later."""
    end: int | None
    """And before this one; None for all."""


def archives_at(path: Path) -> list[ArchivePlace]:
    """The files of archives that a path or an address names, in the order of their stems. Raises DatasetError."""
    try:
        files = _found(path)
    except DatasetError:
        raise
    except (HarnessError, OSError) as error:
        raise DatasetError(f"{path}: {_reason(error)}") from None
    if not files:
        raise DatasetError(f"{path}: holds no archive; expected files that end in {', '.join(SUFFIXES)}")
    files = sorted(files, key=lambda file: (stem_of(file), str(file)))
    for one, other in pairwise(files):
        if stem_of(one) == stem_of(other):
            raise DatasetError(f"{other}: its ids would be those of {name_of(one)}; rename one of the two")
    return files


def parts_of(files: Sequence[ArchivePlace], number: int, shards: int) -> Iterator[ArchivePart]:
    """The I-th of N parts of files, about as large as the others. Raises DatasetError.

    An archive is divided only where there are more parts than archives: all before a part has to be unpacked to find its
    first record.
    """
    if shards <= len(files):
        first, last = (len(files) * place // shards for place in (number - 1, number))
        yield from (ArchivePart(file, 0, None) for file in files[first:last])
        return
    sizes = [_size(file) for file in files]
    first, last = (sum(sizes) * place // shards for place in (number - 1, number))
    begin = 0
    for file, size in zip(files, sizes):
        if begin < last and first < begin + size:
            yield ArchivePart(file, max(0, first - begin), last - begin)
        begin += size


def open_archive(file: ArchivePlace) -> BinaryIO:
    """A file to be read. Raises OSError."""
    return open_address(file) if isinstance(file, str) else open_file(file)


def name_of(file: ArchivePlace) -> str:
    """The name of a file without its folder."""
    return PurePosixPath(str(file)).name


def stem_of(file: ArchivePlace) -> str:
    """What ids of a file's pages begin with."""
    return _STEM.sub("", name_of(file))


def _found(path: Path) -> list[ArchivePlace]:
    if address := address_of(path):
        if address.endswith(LISTINGS):
            return _listed(address)
        if _PATTERN.search(address):
            return list(addresses_like(address))
        return [address] if address.endswith(SUFFIXES) else [one for one in addresses_in(address) if one.endswith(SUFFIXES)]
    if path.is_dir():
        return [file for file in path.iterdir() if file.name.endswith(SUFFIXES)]
    if not path.exists() and _PATTERN.search(str(path)):
        found = glob.glob(str(path), recursive=True)  # noqa: PTH207 - that of Path takes no absolute pattern
        return [file for file in map(Path, found) if file.is_file()]
    if not path.exists():
        raise DatasetError(f"{path}: no such file")
    return _listed(path) if path.name.endswith(LISTINGS) else [path]


def _listed(listing: ArchivePlace) -> list[ArchivePlace]:
    """The files that a listing names, a line each: addresses, and names of files below the folder of the listing.

    Listings come from others, and are not to name any file of this machine.
    """
    folder = str(listing).rpartition("/")[0] or "."
    files: list[ArchivePlace] = []
    for number, line in enumerate(_lines(listing), 1):
        named = line.strip()
        if not named:
            continue
        if address := address_of(named):
            if protocol_of(address) not in {*_LISTED_PROTOCOLS, protocol_of(str(listing))} or "::" in address:
                raise DatasetError(f"{listing}:{number}: {named[:200]!r} is no address that a listing may name")
            files.append(address)
            continue
        if named.startswith("/") or ".." in named.split("/") or ":" in named.split("/")[0] or "\0" in named:
            raise DatasetError(f"{listing}:{number}: {named[:200]!r} is neither an address nor below the listing's folder")
        files.append(f"{folder}/{named}" if isinstance(listing, str) else Path(folder, named))
    return files


def _lines(listing: ArchivePlace) -> list[str]:
    if isinstance(listing, str):
        with open_address(listing) as file:
            content = file.read(_LARGEST_LISTING)
    else:
        content = content_of(listing, _LARGEST_LISTING)
    try:
        return (gunzip(content) if str(listing).endswith(".gz") else content).decode("utf-8").splitlines()
    except (OSError, ValueError, EOFError, zlib.error) as error:
        raise DatasetError(f"{listing}: is no listing: {error}") from None


def _size(file: ArchivePlace) -> int:
    try:
        return size_of(file) if isinstance(file, str) else file.stat().st_size
    except OSError as error:
        raise DatasetError(f"{file}: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
