"""What a dataset's format is, and what its adapters share."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.golden import Golden

_HEAD = 20_000  # bytes in which a page declares its language
_LANG = re.compile(rb"<html[^>]*?\slang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", re.I)


class DatasetError(Exception):
    """A dataset that cannot be read: what is wrong, in which file and line, and what to do."""


@dataclass(frozen=True)
class Entry:
    """A golden that is not loaded yet, with what can be known without its page.

    `load` returns it, anew each time, and raises DatasetError. It can be pickled, so that other processes can load it:
    a function of a module, with its arguments bound by functools.partial.
    """

    id: str
    kind: str
    lang: str
    site: str
    flags: tuple[str, ...]
    load: Callable[[], Golden]


@dataclass(frozen=True)
class Format:
    """A format of datasets.

    entries: the entries of the dataset in a folder or file, in the order of their ids, one read at a time. Raises
    DatasetError. ranked: False where the main content is the output of a tool, so that ranking by it would be circular.
    metrics: the groups of metrics that the benchmark defines; a run over the dataset computes them beside our own.
    """

    name: str
    summary: str
    entries: Callable[[Path], Iterator[Entry]]
    ranked: bool = True
    metrics: tuple[str, ...] = ()


def read_json(path: Path) -> Any:
    """The JSON in a file. Raises DatasetError."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise DatasetError(f"{path}: no such file") from None
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path}: not JSON: {error}") from None


def read_page(path: Path) -> bytes:
    """The bytes of a stored page, unpacked if the file's name ends in `.gz`. Raises DatasetError."""
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if path.suffix == ".gz" else raw
    except FileNotFoundError:
        raise DatasetError(f"{path}: no such file") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path}: cannot be read: {error}") from None


def html_lang(page: bytes) -> str | None:
    """The language that the start of an HTML page declares, as a BCP 47 tag."""
    match = _LANG.search(page[:_HEAD])
    return match[1].decode("ascii") if match else None


def head_of(path: Path) -> bytes:
    """The start of a stored page, unpacked if the file's name ends in `.gz`; empty if it cannot be read."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, EOFError, zlib.error):
        return b""


def host(url: str | None, default: str) -> str:
    """The host name in a URL without `www.`, which stands for the site; the default where there is none."""
    try:
        name = urlsplit(url or "").hostname or ""
    except ValueError:
        name = ""
    return name.removeprefix("www.") or default
