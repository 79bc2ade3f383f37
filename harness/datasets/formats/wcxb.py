"""WCXB, the Web Content Extraction Benchmark of 2026: 1,497 pages of seven kinds in `dev`, 511 in `test`.

A split holds `ground-truth/ID.json` and `html/ID.html.gz`; `metadata.json` stands beside the splits. Every main content
began as the draft of a language model (arXiv 2605.21097). Where the other split is there, pages are compared with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from harness.datasets.base import (
    DatasetError,
    DatasetFormat,
    Entry,
    PageFile,
    host,
    lang_of,
    object_in,
    read_json,
    read_page,
    require_folders,
    text_in,
    texts_in,
)
from harness.goldens.golden import Golden, Snippets
from harness.goldens.vocabulary import PAGE_KINDS
from harness.pages.page import Page

_SPLITS = ("dev", "test")
_FOLDERS = ("ground-truth", "html")
_EXPECTED = "WCXB's folder dev or test, with ground-truth/ and html/, or the folder that holds them"
_KINDS = {**{kind: kind for kind in PAGE_KINDS}, "category": "collection"}
_TRAILER = 8  # bytes at the end of a gzip file: checksum and length of what is packed (RFC 1952)


@dataclass(frozen=True)
class _Truth:
    """What a file of `ground-truth` says."""

    kind: str
    url: str | None
    text: str
    markdown: str | None
    snippets: Snippets
    spa: bool


@dataclass(frozen=True)
class _Sibling:
    """What is known of the other split: its sites, and its pages by the trailers of their files."""

    sites: frozenset[str]
    pages: Mapping[bytes, tuple[Path, ...]]

    def has_copy_of(self, page: Path) -> bool:
        """Whether the same bytes are there. Only pages with equal trailers are unpacked."""
        candidates = self.pages.get(_trailer(page), ())
        raw = _unpacked(page) if candidates else None
        return raw is not None and any(raw == _unpacked(candidate) for candidate in candidates)


def wcxb_entries(path: Path) -> Iterator[Entry]:
    """The entries of a split, or of both in the folder that holds them. Raises DatasetError."""
    inside = [path / split for split in _SPLITS if (path / split).is_dir()]
    for folder in inside or [path]:
        require_folders(folder, _FOLDERS, _EXPECTED)
        yield from _entries_of(folder if folder.name in _SPLITS else folder.resolve())


def _reads(path: Path) -> list[Path]:
    root = path if any((path / split).is_dir() for split in _SPLITS) else path.resolve().parent
    return [root / name for name in ("metadata.json", *_SPLITS)]


def _entries_of(folder: Path) -> Iterator[Entry]:
    split, root = folder.name, folder.parent
    if split not in _SPLITS:
        raise DatasetError(f"{folder}: the name of a split is dev or test; expected {_EXPECTED}")
    listed = _listed(root / "metadata.json")
    other = root / next(name for name in _SPLITS if name != split)
    sibling = _sibling(other, listed) if all((other / name).is_dir() for name in _FOLDERS) else None
    files = sorted((folder / "ground-truth").glob("*.json"), key=lambda file: file.stem)
    if not files:
        raise DatasetError(f"{folder / 'ground-truth'}: has no .json file; expected {_EXPECTED}")
    for file in files:
        truth = _truth(file)
        page = folder / "html" / f"{file.stem}.html.gz"
        about = listed.get(file.stem, {})
        site = _site(truth, about, file.stem)
        flags = {
            "empty-gold": not truth.text.strip(),
            "snippets-contradict-gold": _contradicts(truth),
            "in-both-splits": sibling is not None and site in sibling.sites,
            "copy-in-other-split": sibling is not None and sibling.has_copy_of(page),
            "llm-drafted": True,
            "spa": truth.spa or (about.get("split") == split and about.get("spa") is True),
        }
        held = tuple(flag for flag, holds in flags.items() if holds)
        golden_id = f"wcxb-{split}/{file.stem}"
        lang = lang_of(page)
        load = partial(_golden, file, page, golden_id, site, held, None if lang == "und" else lang)
        yield Entry(golden_id, truth.kind, lang, site, held, load)


def _golden(file: Path, page: Path, golden_id: str, site: str, flags: tuple[str, ...], lang: str | None) -> Golden:
    """The golden, whose page is read when something first needs it: the benchmark's own metrics compare texts."""
    truth = _truth(file)
    return Golden(
        golden_id,
        Page(b"", "text/html", truth.url, lang, reads_raw=PageFile(page)),
        truth.kind,
        site,
        text=truth.text,
        markdown=truth.markdown,
        snippets=truth.snippets,
        flags=flags,
    )


def _truth(file: Path) -> _Truth:
    where = str(file)
    row = object_in(read_json(file), where)
    truth = object_in(row.get("ground_truth"), f"{where}: 'ground_truth'")
    about = object_in(row.get("_internal"), f"{where}: '_internal'")
    primary = text_in(object_in(about.get("page_type"), f"{where}: 'page_type'"), "primary", f"{where}: 'page_type'")
    if primary not in _KINDS:
        raise DatasetError(f"{where}: unknown page type {primary!r}; known are {', '.join(sorted(_KINDS))}")
    return _Truth(
        kind=_KINDS[primary],
        url=text_in(row, "url", where, "") or None,
        text=text_in(truth, "main_content", where, ""),
        markdown=text_in(truth, "main_content_markdown", where, "") or None,
        snippets=Snippets(texts_in(truth, "with", where), texts_in(truth, "without", where)),
        spa=about.get("spa") is True,
    )


def _contradicts(truth: _Truth) -> bool:
    """The benchmark's own test of a snippet: letters lower-cased, white space as it is."""
    text = truth.text.lower()
    snippets = truth.snippets
    return not all(required.lower() in text for required in snippets.required) or any(
        forbidden.lower() in text for forbidden in snippets.forbidden
    )


def _listed(metadata: Path) -> dict[str, dict[str, Any]]:
    """What `metadata.json` says of pages, by their ids; where an id is in both splits, of the one in `test`."""
    if not metadata.exists():
        return {}
    files = object_in(object_in(read_json(metadata), str(metadata)).get("files"), f"{metadata}: 'files'")
    return {golden_id: object_in(row, f"{metadata}: {golden_id!r}") for golden_id, row in files.items()}


def _site(truth: _Truth, about: Mapping[str, Any], golden_id: str) -> str:
    """The URL's host; the listed domain where the URL is not known, which is the same of pages that share an id."""
    domain = about.get("domain")
    listed = domain.lower().removeprefix("www.") if isinstance(domain, str) else ""
    return host(truth.url, listed or golden_id)


def _sibling(folder: Path, listed: Mapping[str, Mapping[str, Any]]) -> _Sibling:
    sites = set()
    pages = defaultdict(list)
    for file in (folder / "ground-truth").glob("*.json"):
        sites.add(_site(_truth(file), listed.get(file.stem, {}), file.stem))
        page = folder / "html" / f"{file.stem}.html.gz"
        pages[_trailer(page)].append(page)
    pages.pop(b"", None)
    return _Sibling(frozenset(sites), {trailer: tuple(same) for trailer, same in pages.items()})


def _trailer(page: Path) -> bytes:
    """The last bytes of a packed page; empty if it cannot be read, which is told when it is loaded."""
    try:
        with page.open("rb") as file:
            file.seek(-_TRAILER, 2)
            return file.read()
    except OSError:
        return b""


def _unpacked(page: Path) -> bytes | None:
    try:
        return read_page(page)
    except DatasetError:
        return None


WCXB = DatasetFormat(
    "wcxb",
    "WCXB: the folder dev or test, or the one that holds both, with metadata.json",
    wcxb_entries,
    metrics=("wcxb",),
    order=20,
    reads=_reads,
)
