"""A folder of HTML pages without labels, with the pages in its subfolders.

A page is of the site that its own address names, else of the subfolder that it is in, else of a site of its own. Kinds of
pages are not known; all are taken for articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from harness.datasets.base import DatasetError, DatasetFormat, Entry, html_lang, name_of, read_page
from harness.goldens.golden import Golden
from harness.pages import visible
from harness.pages.address import address_of, site_of
from harness.pages.page import Page

_EXPECTED = "a folder with .html or .htm files, also packed (.html.gz)"
_ENDINGS = (".html", ".htm", ".html.gz", ".htm.gz")


def pages_entries(path: Path) -> Iterator[Entry]:
    """The entries of the pages in a folder, by name. Raises DatasetError."""
    if not path.is_dir():
        raise DatasetError(f"{path}: not a folder; expected {_EXPECTED}")
    files = page_files(path)
    if not files:
        raise DatasetError(f"{path}: holds no page; expected {_EXPECTED}")
    for file in files:
        page_id = f"{name_of(path)}/{file.relative_to(path).as_posix()}"
        try:
            golden = _golden(path, file, page_id)
        except DatasetError:
            site, lang = page_id, "und"  # the reason is told when it is loaded
        else:
            site, lang = golden.site, golden.lang
        yield Entry(page_id, "article", lang, site, ("unlabelled",), partial(_golden, path, file, page_id))


def page_files(path: Path) -> list[Path]:
    """The HTML pages in a folder and its subfolders, by name."""
    return sorted(file for file in path.rglob("*") if file.name.lower().endswith(_ENDINGS) and file.is_file())


def _golden(path: Path, file: Path, page_id: str) -> Golden:
    raw = read_page(file)
    unplaced = Page(raw, "text/html")
    url = "" if unplaced.unreadable else address_of(visible.parse(unplaced.content))
    folders = file.relative_to(path).parts[:-1]
    site = site_of(url) or (folders[0] if folders else page_id)
    return Golden(page_id, Page(raw, "text/html", url or None, html_lang(raw)), "article", site, flags=("unlabelled",))


PAGES = DatasetFormat(
    "pages", "pages without labels: a folder of HTML files", pages_entries, order=125, reads=lambda path: [path]
)
