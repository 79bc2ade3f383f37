"""What a dataset's format is, and what its adapters share."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from harness.common.errors import Impossible
from harness.common.extensions import OTHERS, Extension
from harness.common.files import content_of, open_file
from harness.pages.packed import UndecodableBody, gunzip

if TYPE_CHECKING:
    from harness.goldens.golden import Golden

_HEAD = 20_000  # bytes in which a page declares its language
_LANG = re.compile(rb"<html[^>]*?\s(?:xml:)?lang\s*=\s*[\"']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)(?![A-Za-z0-9])", re.I)
_SURROGATE = re.compile("[\ud800-\udfff]")


class DatasetError(Impossible):
    """A dataset that cannot be read: what is wrong, in which file and line, and what to do."""


@dataclass(frozen=True)
class Entry:
    """A golden that is not loaded yet, with what can be known without its page."""

    id: str
    """`SET/NAME`, unlike that of any other golden."""
    kind: str
    """A kind of page, of harness.goldens.vocabulary.PAGE_KINDS."""
    lang: str
    """A BCP 47 tag; `und` where nothing is declared."""
    site: str
    """What pages of one site share: intervals and tests take a site as one observation."""
    flags: tuple[str, ...]
    """Known defects, of harness.goldens.vocabulary.FLAGS; without those that the page's bytes tell (Page.flags)."""
    load: Callable[[], Golden]
    """The golden, made anew each time; raises DatasetError. Its page may be one that is read when something first needs it.
    It can be pickled, so that other processes can load it: a function of a module, with its arguments bound by
    functools.partial."""
    may_be_suspect: bool = False
    """Whether a list of suspects has its name: its golden then has the flag `suspect`, or has changed since."""

    def golden(self) -> Golden:
        """The golden, its page read. Raises DatasetError."""
        golden = self.load()
        golden.page.read()
        return golden


@dataclass(frozen=True)
class DatasetFormat(Extension):
    """A format of datasets."""

    name: str
    """The part before the colon in `-g NAME:PATH`."""
    summary: str
    """What PATH must be, in a line."""
    entries: Callable[[Path], Iterable[Entry]]
    """The entries of the dataset in a folder or file, in the order of their ids, one read at a time. Raises DatasetError."""
    metrics: tuple[str, ...] = ()
    """The groups of metrics that the benchmark defines, which a run over the dataset computes, too."""
    order: int = OTHERS
    """Its place in lists: small numbers first."""
    reads: Callable[[Path], Iterable[Path]] | None = None
    """The files, and folders of files, that entries depend on, for formats that take long to list: entries are kept in the
    user's cache while these files stay as they are. None: they are not kept, nor are those of formats from outside."""
    part: Callable[[Path, int, int], Iterable[Entry]] | None = None
    """The entries of the I-th of N parts of the dataset, for built-in formats that need not list it whole for that. Each
    entry is in one part, whatever N is, with the same id. None: parts are chosen among all entries."""
    finds_files: bool = False
    """Whether PATH can be something else than a file or a folder, such as a pattern or an address."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises DatasetError."""
    try:
        return content_of(path)
    except FileNotFoundError:
        raise DatasetError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path}: cannot be read: {_reason(error)}") from None


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, without a byte order mark. Raises DatasetError."""
    raw = read_bytes(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        byte = raw[error.start]
        raise DatasetError(f"{path}:{line}: not UTF-8 (byte 0x{byte:02x}); save the file as UTF-8") from None


def read_json(path: Path) -> Any:
    """The JSON in a file. Raises DatasetError."""
    return parse_json(read_bytes(path), str(path))


def parse_json(raw: bytes, where: str) -> Any:
    """The JSON in bytes of a file; `where` names file and line. Raises DatasetError."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{where}: not JSON: {_reason(error)}; fetch the file again") from None


def read_page(path: Path) -> bytes:
    """The bytes of a stored page, unpacked if the file's name ends in `.gz`. Raises DatasetError, for huge pages too."""
    raw = read_bytes(path)
    if path.suffix != ".gz":
        return raw
    try:
        return gunzip(raw)
    except UndecodableBody as error:
        raise DatasetError(f"{path}: {error}; leave it out") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(f"{path}: cannot be unpacked: {error}; fetch the file again") from None


@dataclass(frozen=True)
class PageFile:
    """Reads a stored page, as `read_page` does. Equal for equal paths."""

    path: Path
    """The page's file."""

    def __call__(self) -> bytes:
        """The bytes of the page. Raises DatasetError."""
        return read_page(self.path)


def object_in(value: Any, where: str) -> dict[str, Any]:
    """A value of JSON as the object that it must be. Raises DatasetError."""
    if not isinstance(value, dict):
        raise DatasetError(f"{where}: must be an object, not {_json_type(value)}")
    for key in value:
        _text(key, f"{where}: the key {key!r}")
    return value


def text_in(row: dict[str, Any], key: str, where: str, default: str | None = None) -> str:
    """The text under a key; the default, if given, where the key is absent or null. Raises DatasetError."""
    value = row.get(key)
    if value is None and default is not None:
        return default
    if key not in row:
        raise DatasetError(f"{where}: has no {key!r}")
    return _text(value, f"{where}: {key!r}")


def texts_in(row: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """The texts in the list under a key. Raises DatasetError."""
    if key not in row:
        raise DatasetError(f"{where}: has no {key!r}")
    if not isinstance(row[key], list):
        raise DatasetError(f"{where}: {key!r} must be a list of texts, not {_json_type(row[key])}")
    return tuple(_text(value, f"{where}: {key!r}, item {number}") for number, value in enumerate(row[key], 1))


def file_name(name: str, where: str) -> str:
    """A name that a dataset gives, if it names a file in the dataset's own folder. Raises DatasetError."""
    if name in ("", ".", "..") or any(character in name for character in "/\\\0\r\n"):
        raise DatasetError(f"{where}: {name!r} is not the name of a file")
    return name


def name_of(path: Path) -> str:
    """The name that a folder goes by: the one in the path, else (of `.` and `..`) the folder's own."""
    return path.name if path.name not in ("", "..") else path.resolve().name


def require_folders(path: Path, names: Sequence[str], expected: str) -> None:
    """Raises DatasetError with what the format expects unless the path is a folder with folders of these names."""
    missing = [name for name in names if not (path / name).is_dir()]
    if missing:
        raise DatasetError(f"{path}: has no folder {' and no folder '.join(missing)}; expected {expected}")


def html_lang(page: bytes) -> str | None:
    """The language that the start of an HTML page declares, as a BCP 47 tag, `en` or `en-GB`."""
    match = _LANG.search(page[:_HEAD])
    if not match:
        return None
    language, *rest = match[1].decode("ascii").replace("_", "-").split("-")
    return "-".join([language.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def lang_of(path: Path) -> str:
    """The language that a stored page declares; `und` if it declares none or cannot be read."""
    return html_lang(head_of(path)) or "und"


def head_of(path: Path) -> bytes:
    """The start of a stored page, unpacked if the file's name ends in `.gz`; empty if it cannot be read."""
    try:
        with open_file(path) as stored, gzip.open(stored) if path.suffix == ".gz" else stored as file:
            return file.read(_HEAD)
    except (OSError, EOFError, ValueError, zlib.error):
        return b""


def host(url: str | None, default: str) -> str:
    """The host name in a URL without `www.`, which stands for the site; the default where there is none."""
    try:
        name = urlsplit(url or "").hostname or ""
    except ValueError:
        name = ""
    return name.removeprefix("www.") or default


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise DatasetError(f"{where} must be text, not {_json_type(value)}")
    if _SURROGATE.search(value):
        raise DatasetError(f"{where} holds half a surrogate pair (\\ud800 to \\udfff), which is no character")
    return value


def _json_type(value: Any) -> str:
    names = {type(None): "null", bool: "a truth value", int: "a number", float: "a number", str: "text", list: "a list"}
    return names.get(type(value), "an object")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error) or type(error).__name__
