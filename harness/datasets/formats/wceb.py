"""Web Content Extraction Benchmark of the Webis group: eight older datasets in one layout, each a set of its own.

`ground-truth/DATASET.jsonl` holds an object with `page_id`, `plaintext` and, where known, `url` in each line; the pages
lie in `html/DATASET/PAGE_ID.html`. A file of 1,379 golds is never read whole: an entry knows where its line begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harness.datasets.base import (
    DatasetError,
    DatasetFormat,
    Entry,
    file_name,
    host,
    html_lang,
    lang_of,
    object_in,
    parse_json,
    read_bytes,
    require_folders,
    text_in,
)
from harness.goldens.golden import Golden
from harness.pages.page import Page

_EXPECTED = "the folder datasets/combined of the benchmark, unpacked: ground-truth/DATASET.jsonl and html/DATASET/"
_COMMENTS = re.compile(r"!@#\$%\^&\*\(\)\s+COMMENTS")  # the line after which a gold of Dragnet goes on with comments


@dataclass(frozen=True)
class _GoldLine:
    """The place of a gold: its file, the byte its line begins at, and the line's number from 1."""

    file: Path
    offset: int
    number: int

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


@dataclass(frozen=True)
class _TruthRow:
    page_id: str
    text: str
    url: str | None


def wceb_entries(path: Path) -> Iterator[Entry]:
    """The entries of all datasets in a folder. Raises DatasetError."""
    require_folders(path, ("ground-truth", "html"), _EXPECTED)
    files = sorted((path / "ground-truth").glob("*.jsonl"), key=lambda file: f"{file.stem}/")
    if not files:
        raise DatasetError(f"{path / 'ground-truth'}: has no .jsonl file; expected {_EXPECTED}")
    for file in files:
        yield from sorted(_entries_of(file, path / "html" / file.stem), key=lambda entry: entry.id)


def _entries_of(file: Path, pages: Path) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for place, line in _lines(file):
        row = _row(line, place)
        if row.page_id in seen:
            raise DatasetError(f"{place}: {row.page_id!r} stands in line {seen[row.page_id]} already; remove one of them")
        seen[row.page_id] = place.number
        page = pages / f"{file_name(row.page_id, str(place))}.html"
        golden_id = f"wceb-{file.stem}/{row.page_id}"
        site, flags = host(row.url, row.page_id), _flags(file.stem, row.text)
        yield Entry(golden_id, "article", lang_of(page), site, flags, partial(_golden, place, page, golden_id, site, flags))


def _lines(file: Path) -> Iterator[tuple[_GoldLine, bytes]]:
    """The lines of a file that are not blank, one in memory at a time."""
    offset = 0
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _GoldLine(file, offset, number), line
                offset += len(line)
    except OSError as error:
        raise DatasetError(f"{file}: cannot be read: {error.strerror}") from None


def _row(line: bytes, place: _GoldLine) -> _TruthRow:
    where = str(place)
    row = object_in(parse_json(line, where), where)
    url = text_in(row, "url", where, "") or None
    return _TruthRow(text_in(row, "page_id", where), text_in(row, "plaintext", where), url)


def _flags(dataset: str, text: str) -> tuple[str, ...]:
    flags = {
        "empty-gold": not text.strip(),
        "extractor-generated": dataset == "readability",
        "comments-in-gold": _COMMENTS.search(text) is not None,
    }
    return tuple(flag for flag, holds in flags.items() if holds)


def _golden(place: _GoldLine, page: Path, golden_id: str, site: str, flags: tuple[str, ...]) -> Golden:
    try:
        with place.file.open("rb") as lines:
            lines.seek(place.offset)
            line = lines.readline()
    except OSError as error:
        raise DatasetError(f"{place.file}: cannot be read: {error.strerror}") from None
    row = _row(line, place)
    if row.page_id != page.stem:
        raise DatasetError(f"{place}: holds {row.page_id!r} instead of {page.stem!r}; the file changed during the run")
    raw = read_bytes(page)
    return Golden(golden_id, Page(raw, "text/html", row.url, html_lang(raw)), "article", site, text=row.text, flags=flags)


WCEB = DatasetFormat(
    "wceb",
    "Web Content Extraction Benchmark, combined: a folder with ground-truth/DATASET.jsonl and html/DATASET/",
    wceb_entries,
    metrics=("wceb",),
    order=30,
    reads=lambda path: [path / "ground-truth", path / "html"],
)
