"""Facts about pages in JSONL, in the shape of olmOCR-bench: a statement in each line, and the page that it is about.

The types `present`, `absent`, `order` and `table` are read. Other types are about scanned pages or need a typesetter; a page
that has any is flagged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from harness.datasets.base import (
    DatasetError,
    DatasetFormat,
    Entry,
    file_name,
    host,
    html_lang,
    lang_of,
    name_of,
    object_in,
    parse_json,
    read_bytes,
    read_page,
    text_in,
)
from harness.goldens.draft import media_of
from harness.goldens.facts import Fact
from harness.goldens.golden import Golden
from harness.pages.page import Page
from harness.pages.words import words

_EXPECTED = "a JSONL file in the shape of olmOCR-bench with its pages beside it, or a folder with such files"
_NEIGHBOURS = {name: name for name in ("left", "right", "up", "down")} | {"left_heading": "row", "top_heading": "column"}


def facts_entries(path: Path) -> Iterator[Entry]:
    """The pages that the facts of a file, or of the files in a folder, are about. Raises DatasetError."""
    files = [path] if path.is_file() else sorted(path.glob("*.jsonl"))
    if not files:
        raise DatasetError(f"{path}: has no *.jsonl; expected {_EXPECTED}")
    pages: dict[Path, list[Fact]] = {}
    urls: dict[Path, str] = {}
    not_read: set[Path] = set()
    for file in files:
        for number, line in enumerate(read_bytes(file).splitlines(), 1):
            if not line.strip():
                continue
            where = f"{file}:{number}"
            row = object_in(parse_json(line, where), where)
            page = _page(file.parent, row, where)
            facts = pages.setdefault(page, [])
            urls[page] = urls.get(page) or text_in(row, "url", where, "")
            if (fact := _fact(row, where, f"{file.name}:{number}")) is not None:
                facts.append(fact)
            else:
                not_read.add(page)
    name = name_of(path if path.is_dir() else path.absolute().parent)
    found = []
    for page, facts in pages.items():
        if facts:
            golden_id, site = f"{name}/{page.stem}", host(urls[page], page.stem)
            flags = ("facts-not-read",) if page in not_read else ()
            load = partial(_golden, page, golden_id, urls[page] or None, site, tuple(facts), flags)
            found.append(Entry(golden_id, "article", lang_of(page), site, flags, load))
    yield from sorted(found, key=lambda entry: entry.id)


def _page(folder: Path, row: Mapping[str, Any], where: str) -> Path:
    """The file of the page that a row is about: `html`, else `pdf`, as olmOCR-bench calls it."""
    name = file_name(text_in(dict(row), "html" if "html" in row else "pdf", where), where)
    if name.lower().endswith(".pdf"):
        raise DatasetError(f"{where}: {name!r} is a PDF; give the page as HTML or text, and its name under 'html'")
    return folder / name


def _fact(row: dict[str, Any], where: str, place: str) -> Fact | None:
    """The fact of a row; None for a type that is not read."""
    kind = text_in(row, "type", where)
    if kind in ("present", "absent"):
        numbers = {key: _number(row, key, where) for key in ("max_diffs", "first_n", "last_n")}
        return Fact(
            kind,
            (_text(row, "text", where),),
            max_diffs=numbers["max_diffs"],
            cut_words=True,
            ignore_case=row.get("case_sensitive") is False,
            first=numbers["first_n"],
            last=numbers["last_n"],
            place=place,
        )
    if kind == "order":
        return Fact("order", (_text(row, "before", where), _text(row, "after", where)), place=place)
    if kind == "table":
        beside = tuple((ours, text) for theirs, ours in _NEIGHBOURS.items() if (text := text_in(row, theirs, where, "")))
        cell = _text(row, "cell", where)
        return Fact("cell", (cell,), neighbours=beside, place=place) if beside else Fact("present", (cell,), place=place)
    return None


def _text(row: dict[str, Any], key: str, where: str) -> str:
    text = text_in(row, key, where)
    if not words(text):
        raise DatasetError(f"{where}: {key!r} has no words")
    return text


def _number(row: Mapping[str, Any], key: str, where: str) -> int:
    value = row.get(key) or 0
    if not isinstance(value, int) or value < 0:
        raise DatasetError(f"{where}: {key!r} must be a whole number from 0 on")
    return value


def _golden(
    file: Path, golden_id: str, url: str | None, site: str, facts: tuple[Fact, ...], flags: tuple[str, ...]
) -> Golden:
    raw = read_page(file)
    page = Page(raw, media_of(file, raw), url, html_lang(raw))
    return Golden(golden_id, page, "article", site, own_facts=facts, flags=flags)


FACTS = DatasetFormat("facts", f"facts about pages: {_EXPECTED}", facts_entries, metrics=("facts",), order=105)
