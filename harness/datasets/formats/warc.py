"""Web archives (WARC, and WET with text): pages without labels, to measure speed and how far extractors agree.

Of a WARC file all responses with status 200 and an HTML content type are read, of a WET file all conversions to plain text.
Pages are decoded by the charset of the HTTP header, else of their `<meta>`, else detected. Their kinds are not known; all
are taken for articles. Reading needs `warcio`, which comes with the extra `benchmarks`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.datasets.base import DatasetError, DatasetFormat, Entry, host, html_lang
from harness.datasets.decoding import decoded_as_declared
from harness.goldens.golden import Golden
from harness.pages.page import Page

if TYPE_CHECKING:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.recordloader import ArcWarcRecord

SUFFIXES = (".warc", ".warc.gz", ".wet", ".wet.gz")

_STEM = re.compile(r"(?:\.(?:warc|wet|gz))+$", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.I)
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9.-]")
_REMEDY = "download it again, or leave the file out"


@dataclass(frozen=True)
class _Stored:
    """The page in one record, and its place in the file: the first byte of its record."""

    offset: int
    page: Page


def warc_entries(path: Path) -> Iterator[Entry]:
    """The pages of an archive, or of all archives in a folder, in the order of the files. Raises DatasetError."""
    if not path.exists():
        raise DatasetError(f"{path}: no such file")
    files = sorted(file for file in path.iterdir() if file.name.endswith(SUFFIXES)) if path.is_dir() else [path]
    if not files:
        raise DatasetError(f"{path}: holds no archive; expected files that end in {', '.join(SUFFIXES)}")
    stems: dict[str, Path] = {}
    for file in files:
        stem = _STEM.sub("", file.name)
        if stem in stems:
            raise DatasetError(f"{file}: its ids would be those of {stems[stem].name}; rename one of the two")
        stems[stem] = file
        for number, stored in enumerate(_pages(file), start=1):
            site = host(stored.page.url, stem)
            page_id = f"{stem}/{number:07d}-{_NOT_IN_AN_ID.sub('_', site)}"
            load = partial(_golden, file, stored.offset, page_id, site)
            yield Entry(page_id, "article", stored.page.lang or "und", site, ("unlabelled",), load)


def _golden(file: Path, offset: int, page_id: str, site: str) -> Golden:
    stored = next(_pages(file, offset), None)
    if stored is None or stored.offset != offset:
        raise DatasetError(f"{file}, byte {offset}: {page_id} is no longer there; list the dataset again")
    return Golden(page_id, stored.page, "article", site, flags=("unlabelled",))


def _pages(file: Path, start: int = 0) -> Iterator[_Stored]:
    """The pages of a file from a byte on at which a record begins. Raises DatasetError."""
    archive_iterator = _warcio()
    offset = start
    try:
        with file.open("rb") as stream:
            stream.seek(start)
            records = archive_iterator(stream)
            for record in records:
                page = _page(record)
                _finish(records, record)
                if page is not None:
                    yield _Stored(offset, page)
                offset = records.offset
    except OSError as error:
        raise DatasetError(f"{file}: cannot be read: {error.strerror or error}") from None
    except Exception as error:  # of malformed headers warcio raises AttributeError and others
        reason = " ".join(str(error).split()) or type(error).__name__
        raise DatasetError(f"{file}, byte {offset}: the record cannot be read: {reason}; {_REMEDY}") from None


def _warcio() -> Any:
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise DatasetError("web archives need warcio: pip install 'extraction-harness[benchmarks]'") from None
    return ArchiveIterator


def _finish(records: ArchiveIterator, record: ArcWarcRecord) -> None:
    """Read a record to its end, where the next one begins. Raises ValueError if it is cut or longer than it says."""
    errors = records.err_count
    with redirect_stderr(io.StringIO()):  # warcio warns there, and we raise
        records.read_to_end()
    missing = getattr(record.raw_stream, "limit", 0)
    if missing:
        raise ValueError(f"{missing} bytes are missing")
    if records.err_count > errors:
        raise ValueError("the record goes on after its Content-Length")


def _page(record: ArcWarcRecord) -> Page | None:
    """The page in a record; None if it holds none."""
    url = record.rec_headers.get_header("WARC-Target-URI")
    if record.rec_type == "conversion" and _media_type(record.rec_headers.get_header("Content-Type")) == "text/plain":
        return Page(record.content_stream().read(), "text/plain", url)
    if record.rec_type != "response" or record.http_headers is None or record.http_headers.get_statuscode() != "200":
        return None
    content_type = record.http_headers.get_header("Content-Type")
    if _media_type(content_type) not in _HTML:
        return None
    if (record.http_headers.get_header("Content-Encoding") or "").strip().lower() == "br" and not find_spec("brotli"):
        raise ValueError("a page packed by Brotli, which needs: pip install brotli")
    declared = _CHARSET.search(content_type)
    raw = decoded_as_declared(record.content_stream().read(), declared[1] if declared else None).encode(errors="replace")
    return Page(raw, "text/html", url, html_lang(raw))


def _media_type(content_type: Any) -> str:
    return content_type.partition(";")[0].strip().lower() if isinstance(content_type, str) else ""


WARC = DatasetFormat(
    "warc", "web archives: a WARC or WET file, or a folder of them; pages without labels", warc_entries, order=130
)
