"""Web archives as pages without labels, to measure speed, failures and agreement: WARC and WET files.

Of a WARC file all responses with status 200 and an HTML content type are read, of a WET file all conversions to plain text.
A page's encoding is that of its HTTP header, else found out as for any page. Kinds of pages are not known; all are taken
for articles. A record that cannot be read becomes an entry that cannot be loaded, so that it is named and counted and the
others are read. Reading needs `fastwarc`, which comes with the extra `benchmarks`.
"""

from __future__ import annotations

import gzip
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any

from harness.common.errors import Impossible
from harness.common.wording import pip_install
from harness.datasets.archives import ArchivePart, ArchivePlace, archives_at, open_archive, parts_of, stem_of
from harness.datasets.base import DatasetError, DatasetFormat, Entry, host, html_lang
from harness.datasets.content_encoding import unchunked, unpacked
from harness.goldens.golden import Golden
from harness.pages.limits import LARGEST_PAGE
from harness.pages.packed import UndecodableBody
from harness.pages.page import Page

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']+)", re.I)
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9.-]")

_LENGTH = re.compile(rb"^content-length:[ \t]*(\d+)[ \t]*\r?$", re.I | re.M)
_END_OF_HEADER = b"\r\n\r\n"
_MEMBER = b"\x1f\x8b\x08"  # how a member of a gzip file begins
_BLOCK = 1 << 16  # bytes that are read at a time; the header of a record is shorter
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class _Record:
    """A record that holds a page, or one that cannot be read."""

    offset: int
    """Its first byte in the file, or in what a file that is packed as a whole unpacks to."""
    page: Page | None
    """The page; None if it cannot be read."""
    url: str | None = None
    """The page's address, if it is known."""
    fault: str = ""
    """Why there is no page."""


def warc_entries(path: Path) -> Iterator[Entry]:
    """The pages of all archives that a path names, in the order of the files. Raises DatasetError."""
    return (entry for file in archives_at(path) for entry in _entries(ArchivePart(file, 0, None)))


def warc_part(path: Path, number: int, shards: int) -> Iterator[Entry]:
    """The pages of the I-th of N parts of the archives that a path names. Raises DatasetError."""
    return (entry for part in parts_of(archives_at(path), number, shards) for entry in _entries(part))


def _entries(part: ArchivePart) -> Iterator[Entry]:
    file, stem, end = part.file, stem_of(part.file), part.end
    if end is not None and _is_packed_so(file):  # its bytes say nothing of where its records are: it is in the first part
        if part.start:
            return
        end = None
    for number, record in enumerate(_records(file, skipped=part.start), start=1):
        if end is not None and record.offset >= end:
            return
        if record.offset < part.start:
            continue
        site = host(record.url, stem)
        page_id = f"{stem}/{number:07d}-{_NOT_IN_AN_ID.sub('_', site)}"
        if record.page is None:
            load = partial(_unreadable, f"{file}, byte {record.offset}: {record.fault}")
            yield Entry(page_id, "article", "und", site, ("unlabelled",), load)
        else:
            load = partial(_golden, file, record.offset, page_id, site)
            yield Entry(page_id, "article", record.page.lang or "und", site, ("unlabelled",), load)


def _golden(file: ArchivePlace, offset: int, page_id: str, site: str) -> Golden:
    record = next(_records(file, offset), None)
    if record is None or record.offset != offset or record.page is None:
        raise DatasetError(f"{file}, byte {offset}: {page_id} is no longer there; list the dataset again")
    return Golden(page_id, record.page, "article", site, flags=("unlabelled",))


def _unreadable(message: str) -> Golden:
    raise DatasetError(message)


def _records(file: ArchivePlace, start: int = 0, *, skipped: int = 0) -> Iterator[_Record]:
    """The pages of a file from a byte on at which a record begins, and the records that cannot be read.

    skipped: pages of records before this byte are not read. Raises DatasetError if there is no record at all.
    """
    try:
        with _opened(file) as stream:
            yield from _read(stream, start, skipped)
    except _NoArchiveError as error:
        raise DatasetError(f"{file}, byte 0: the record cannot be read: {error}; fetch the file again") from None
    except Impossible as error:
        raise DatasetError(str(error)) from None
    except OSError as error:
        raise DatasetError(f"{file}: cannot be read: {error.strerror or error}") from None


class _NoArchiveError(Exception):
    """A file that has no record."""


def _read(stream: IO[bytes], start: int, skipped: int) -> Iterator[_Record]:
    place: int | None = start
    while place is not None:
        record: _Record | None = None
        last: int | None = None
        stream.seek(place)
        try:
            for raw in _fastwarc().ArchiveIterator(stream, parse_http=False):
                last = raw.stream_pos
                if record := _record(raw, skipped):
                    yield record
        except OSError as error:  # fastwarc's, of what is no record
            bad = place if last is None else _end(stream, last)
            place = _next_record(stream, (place if bad is None else bad) + 1)
            if bad == 0 and place is None:
                raise _NoArchiveError(error) from None
            how = "the file ends within this record, or it is damaged" if place is None else "the record cannot be read"
            yield _Record(bad or 0, None, fault=f"{how}: {error}")
        else:
            if last is not None and not (record and record.fault and record.offset == last):
                yield from _cut(stream, last)
            return


def _fastwarc() -> Any:
    try:
        from fastwarc import warc
    except ImportError:
        raise DatasetError(f"web archives need fastwarc: {pip_install('benchmarks')}") from None
    return warc


def _record(raw: Any, skipped: int) -> _Record | None:
    """The page in a record, or why it cannot be read; None for a record that holds no page.

    Which records hold one, their headers tell, so that all get the same numbers whether or not they are read.
    """
    offset, url = raw.stream_pos, raw.headers.get("WARC-Target-URI")
    kind = raw.headers.get("WARC-Type", "").lower()
    if kind in ("conversion", "response") and raw.content_length > LARGEST_PAGE:
        return _Record(offset, None, url, f"the record has more than {LARGEST_PAGE:,} bytes; leave it out")
    if kind == "conversion" and _media_type(raw.headers.get("Content-Type")) == "text/plain":
        if offset < skipped:
            return _Record(offset, None, url)
        text = raw.reader.read()
        if len(text) < raw.content_length:
            return _Record(offset, None, url, f"{raw.content_length - len(text)} bytes of the record are missing")
        return _Record(offset, Page(text, "text/plain", url), url)
    if kind != "response" or not raw.is_http:
        return None
    raw.parse_http(auto_decode="none")
    headers = {name.lower(): value for name, value in raw.http_headers.astuples()}
    content_type = headers.get("content-type", "")
    if raw.http_headers.status_code != 200 or _media_type(content_type) not in _HTML:
        return None
    if offset < skipped:
        return _Record(offset, None, url)
    body = raw.reader.read()
    if len(body) < raw.content_length:
        return _Record(offset, None, url, f"{raw.content_length - len(body)} bytes of the record are missing")
    try:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            body = unchunked(body)
        body = unpacked(body, headers.get("content-encoding", ""))
    except UndecodableBody as error:
        return _Record(offset, None, url, f"the page of {url} cannot be read: {error}")
    charset = _CHARSET.search(content_type)
    return _Record(offset, Page(body, "text/html", url, html_lang(body), charset[1] if charset else None), url)


def _media_type(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()


def _cut(stream: IO[bytes], last: int) -> Iterator[_Record]:
    """What is wrong with the end of a file, given the last record that was found."""
    end = _end(stream, last)
    if end is None:
        yield _Record(last, None, fault="the file ends within this record")
        return
    stream.seek(end)
    if stream.read(_BLOCK).strip():
        yield _Record(end, None, fault="the file ends within this record")


def _end(stream: IO[bytes], offset: int) -> int | None:
    """The byte after a record and the empty lines behind it; None if the file ends before."""
    stream.seek(offset)
    if stream.read(len(_MEMBER)) == _MEMBER:
        return _end_of_member(stream, offset)
    stream.seek(offset)
    length = _length(stream.read(_BLOCK))
    end = stream.seek(0, 2)
    if length is None or offset + length > end:
        return None
    stream.seek(offset + length)
    return offset + length + len(_END_OF_HEADER) * (stream.read(len(_END_OF_HEADER)) == _END_OF_HEADER)


def _end_of_member(stream: IO[bytes], offset: int) -> int | None:
    stream.seek(offset)
    unpacker = zlib.decompressobj(_GZIP)
    try:
        while block := stream.read(_BLOCK):
            unpacker.decompress(block)
            if unpacker.eof:
                return stream.tell() - len(unpacker.unused_data)
    except zlib.error:
        pass
    return None


def _length(start: bytes) -> int | None:
    """How many bytes a record with this start has, without the empty lines behind it; None if it does not say."""
    header, separator, _ = start.partition(_END_OF_HEADER)
    length = _LENGTH.search(header) if separator else None
    return None if length is None else len(header) + len(separator) + int(length[1])


def _next_record(stream: IO[bytes], start: int) -> int | None:
    """Where the first record from a byte on begins; None if there is none."""
    stream.seek(0)
    mark = _MEMBER if stream.read(len(_MEMBER)) == _MEMBER else b"WARC/"
    place, kept = start, b""
    stream.seek(start)
    while block := stream.read(_BLOCK):
        block = kept + block
        found = block.find(mark)
        while found >= 0:
            if _begins_record(stream, place + found):
                return place + found
            found = block.find(mark, found + 1)
        kept = block[-(len(mark) - 1) :]
        place += len(block) - len(kept)
        stream.seek(place + len(kept))
    return None


def _begins_record(stream: IO[bytes], offset: int) -> bool:
    stream.seek(offset)
    start = stream.read(_BLOCK)
    if start.startswith(_MEMBER):
        try:
            start = zlib.decompressobj(_GZIP).decompress(start, _BLOCK)
        except zlib.error:
            return False
    return start.startswith(b"WARC/") and _length(start) is not None


@contextmanager
def _opened(file: ArchivePlace) -> Iterator[IO[bytes]]:
    """A file whose records begin where a reader can be placed: itself, or unpacked if it is packed as a whole."""
    with open_archive(file) as stream:
        if not _is_packed_as_a_whole(stream):
            yield stream
            return
    with Path(_unpacked(file, file.stat().st_mtime_ns if isinstance(file, Path) else 0).name).open("rb") as unpacked_stream:
        yield unpacked_stream


def _is_packed_so(file: ArchivePlace) -> bool:
    try:
        with open_archive(file) as stream:
            return _is_packed_as_a_whole(stream)
    except OSError as error:
        raise DatasetError(f"{file}: cannot be read: {error.strerror or error}") from None


def _is_packed_as_a_whole(stream: IO[bytes]) -> bool:
    """Whether the first member of a gzip file goes on after the first record."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        start = unpacker.decompress(stream.read(_BLOCK), _BLOCK)
        length = _length(start)
        size = len(start)
        while length is not None and size <= length + len(_END_OF_HEADER) and not unpacker.eof:
            packed = unpacker.unconsumed_tail or stream.read(_BLOCK)
            if not packed:
                return False
            size += len(unpacker.decompress(packed, _BLOCK))
    except zlib.error:
        return False
    return length is not None and size > length + len(_END_OF_HEADER)


@lru_cache(maxsize=1)
def _unpacked(file: ArchivePlace, modified: int) -> Any:
    """A temporary file with what a file unpacks to, as far as it can be unpacked; it is there until the next one is made."""
    target = tempfile.NamedTemporaryFile(suffix=".warc")  # noqa: SIM115 - it lives as long as the cache
    with (
        open_archive(file) as stored,
        gzip.open(stored) as packed,
        suppress(EOFError, OSError, zlib.error),
    ):  # a cut file shows it
        shutil.copyfileobj(packed, target, _BLOCK)
    target.flush()
    return target


WARC = DatasetFormat(
    "warc",
    "web archives: WARC or WET files by name, folder, pattern, listing (.paths) or address; pages without labels",
    warc_entries,
    order=130,
    part=warc_part,
    finds_files=True,
)
