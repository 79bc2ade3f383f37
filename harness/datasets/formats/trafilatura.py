"""The evaluation set of trafilatura: 990 pages with short texts that must and must not come out, and no main content.

`tests/evaldata.json` holds `{url: {"file", "with", "without"}}`; the pages lie in `tests/cache` or `tests/eval`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
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
    read_bytes,
    read_json,
    text_in,
    texts_in,
)
from harness.goldens.golden import Golden, Snippets
from harness.pages.page import Page

_EXPECTED = "trafilatura's repository, its folder tests, or the file evaldata.json"
_MOST = 6  # snippets on a side that the set's own validation allows


def trafilatura_entries(path: Path) -> Iterator[Entry]:
    """The entries of the set in a repository, a folder or a file. Raises DatasetError."""
    truth_file = _truth_file(path)
    truth = object_in(read_json(truth_file), str(truth_file))
    rows = []
    for key, row in truth.items():
        where = f"{truth_file}: {key!r}"
        row = object_in(row, where)
        name = file_name(text_in(row, "file", where), where)
        rows.append((name, key, Snippets(texts_in(row, "with", where), texts_in(row, "without", where))))
    stems = Counter(Path(name).stem for name, _, _ in rows)
    found = []
    for name, key, snippets in rows:
        stem = Path(name).stem
        # A stem that several pages have says nothing of which one is meant: the URL tells them apart.
        golden_id = f"trafilatura/{stem if stems[stem] == 1 else f'{stem}~{hashlib.sha256(key.encode()).hexdigest()[:8]}'}"
        url = key if key.startswith(("http://", "https://")) else None  # some keys are names that stand for a URL
        site = host(url, stem)
        flags = () if _follows_the_rules(snippets) else ("snippets-contradict-gold",)
        file = _page_file(truth_file.parent, name)
        load = partial(_golden, file, golden_id, url, site, snippets, flags)
        found.append(Entry(golden_id, "article", lang_of(file), site, flags, load))
    yield from sorted(found, key=lambda entry: entry.id)


def _truth_file(path: Path) -> Path:
    if path.is_file():
        return path
    for file in (path / "tests" / "evaldata.json", path / "evaldata.json"):
        if file.is_file():
            return file
    raise DatasetError(f"{path}: has no evaldata.json; expected {_EXPECTED}")


def _page_file(folder: Path, name: str) -> Path:
    cached = folder / "cache" / name
    return cached if cached.exists() else folder / "eval" / name


def _follows_the_rules(snippets: Snippets) -> bool:
    """The set's own validation: one to six texts a side, none blank or twice, no forbidden text within a required one.
    All runs of white space count as one space.
    """
    required, forbidden = ([" ".join(text.split()) for text in side] for side in (snippets.required, snippets.forbidden))
    return all(
        1 <= len(side) <= _MOST and all(side) and len(set(side)) == len(side) for side in (required, forbidden)
    ) and not any(leak in text for leak in forbidden for text in required)


def _golden(file: Path, golden_id: str, url: str | None, site: str, snippets: Snippets, flags: tuple[str, ...]) -> Golden:
    if not file.exists():
        raise DatasetError(f"{file}: no such file, and none in {file.parents[1] / 'cache'}")
    raw = read_bytes(file)
    page = Page(raw, "text/html", url, html_lang(raw))
    return Golden(golden_id, page, "article", site, snippets=snippets, flags=flags)


TRAFILATURA = DatasetFormat(
    "trafilatura",
    "trafilatura's evaluation: its repository, the folder tests, or evaldata.json; texts that must and must not come out",
    trafilatura_entries,
    metrics=("trafilatura",),
    order=40,
)
