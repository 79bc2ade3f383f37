"""article-extraction-benchmark by Scrapinghub: 181 article pages.

`ground-truth.json` holds `{id: {"articleBody", "url"}}`; the pages lie in `html/ID.html.gz`.
"""

from __future__ import annotations

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
    read_json,
    read_page,
    text_in,
)
from harness.goldens.golden import Golden
from harness.pages.page import Page

_EXPECTED = "the folder of article-extraction-benchmark, with ground-truth.json and html/"


def aeb_entries(path: Path) -> Iterator[Entry]:
    """The entries of the dataset in a folder. Raises DatasetError."""
    truth_file = path / "ground-truth.json"
    if not truth_file.is_file():
        raise DatasetError(f"{path}: has no ground-truth.json; expected {_EXPECTED}")
    truth = object_in(read_json(truth_file), str(truth_file))
    for key, row in sorted(truth.items()):
        where = f"{truth_file}: {key!r}"
        row = object_in(row, where)
        text, url = text_in(row, "articleBody", where), text_in(row, "url", where, "") or None
        flags = () if text.strip() else ("empty-gold",)
        site = host(url, key)
        file = path / "html" / f"{file_name(key, where)}.html.gz"
        load = partial(_golden, file, key, text, url, site, flags)
        yield Entry(f"aeb/{key}", "article", lang_of(file), site, flags, load)


def _golden(file: Path, key: str, text: str, url: str | None, site: str, flags: tuple[str, ...]) -> Golden:
    raw = read_page(file)
    return Golden(f"aeb/{key}", Page(raw, "text/html", url, html_lang(raw)), "article", site, text=text, flags=flags)


AEB = DatasetFormat(
    "aeb", "article-extraction-benchmark: a folder with ground-truth.json and html/", aeb_entries, metrics=("aeb",), order=10
)
