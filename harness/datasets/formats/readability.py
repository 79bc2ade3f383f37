"""The test pages of Mozilla's Readability.js: 130 cases.

`test/test-pages/CASE/source.html` is a page, tidied; `expected.html` beside it is what Readability.js once made of it and
not the work of a person: these pages show what changed in an extractor, and rank nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from harness.datasets.base import DatasetError, DatasetFormat, Entry, html_lang, lang_of, read_bytes, read_text
from harness.goldens.golden import Golden
from harness.pages.page import Page, visible_text

_EXPECTED = (
    "the repository of Readability.js, or its folder test/test-pages with source.html and expected.html for each case"
)


def readability_entries(path: Path) -> Iterator[Entry]:
    """The entries of the cases in a folder. Raises DatasetError."""
    folder = next((path / inside for inside in ("test/test-pages", "test-pages") if (path / inside).is_dir()), path)
    cases = sorted(source.parent for source in folder.glob("*/source.html"))
    if not cases:
        raise DatasetError(f"{path}: has no case with a source.html; expected {_EXPECTED}")
    for case in cases:
        flags: tuple[str, ...] = ("extractor-generated",)
        if not _main_content(case).strip():
            flags = ("empty-gold", *flags)
        load = partial(_golden, case, flags)
        yield Entry(f"readability/{case.name}", "article", lang_of(case / "source.html"), case.name, flags, load)


def _golden(case: Path, flags: tuple[str, ...]) -> Golden:
    raw = read_bytes(case / "source.html")
    page = Page(raw, "text/html", None, html_lang(raw))
    return Golden(f"readability/{case.name}", page, "article", case.name, text=_main_content(case), flags=flags)


def _main_content(case: Path) -> str:
    return visible_text(read_text(case / "expected.html"))


READABILITY = DatasetFormat(
    "readability",
    "Readability.js: its repository, or the folder test/test-pages; not ranked",
    readability_entries,
    order=110,
)
