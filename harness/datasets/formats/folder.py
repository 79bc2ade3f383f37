"""A plain folder of pages: `NAME.html`, and `NAME.txt` with its main content in UTF-8.

Nothing says of what kind the pages are: all count as articles, and each as a site of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from harness.datasets.base import DatasetError, DatasetFormat, Entry, html_lang, lang_of, name_of, read_bytes, read_text
from harness.goldens.golden import Golden
from harness.pages.page import Page
from harness.pages.words import words

_MISSING = 0.1  # of the main content's words may lack on the page
_EXPECTED = "a folder with NAME.html and NAME.txt for each page"


def folder_entries(path: Path) -> Iterator[Entry]:
    """The entries of the pages in a folder. Raises DatasetError with everything that is wrong with it."""
    if not path.is_dir():
        raise DatasetError(f"{path}: not a folder; expected {_EXPECTED}")
    pages = {file.stem for file in path.glob("*.html")}
    golds = {file.stem for file in path.glob("*.txt")}
    if not pages and not golds:
        raise DatasetError(f"{path}: has neither .html nor .txt files; expected {_EXPECTED}")
    wrong = [
        f"{path / name}.html: has no {name}.txt beside it: write the page's main content there" for name in pages - golds
    ]
    wrong += [f"{path / name}.txt: has no {name}.html beside it: put the page there" for name in golds - pages]
    found = []
    for name in sorted(pages & golds):
        try:
            flags = _flags(read_text(path / f"{name}.txt"), Page(read_bytes(path / f"{name}.html"), "text/html"))
        except DatasetError as error:
            wrong.append(str(error))
            continue
        golden_id = f"{name_of(path)}/{name}"
        load = partial(_golden, path, name, golden_id, flags)
        found.append(Entry(golden_id, "article", lang_of(path / f"{name}.html"), name, flags, load))
    if wrong:
        raise DatasetError("\n".join(sorted(wrong)))
    yield from found


def _flags(text: str, page: Page) -> tuple[str, ...]:
    gold = Counter(words(text))
    if not gold:
        return ("empty-gold",)
    if page.unreadable:  # a run tells it with the page's name
        return ()
    missing = (gold - Counter(words(page.text))).total()
    return ("gold-not-on-page",) if missing > _MISSING * gold.total() else ()


def _golden(path: Path, name: str, golden_id: str, flags: tuple[str, ...]) -> Golden:
    raw = read_bytes(path / f"{name}.html")
    page = Page(raw, "text/html", None, html_lang(raw))
    return Golden(golden_id, page, "article", name, text=read_text(path / f"{name}.txt"), flags=flags)


FOLDER = DatasetFormat(
    "folder", "pages of your own: a folder with NAME.html and NAME.txt for each page", folder_entries, order=120
)
