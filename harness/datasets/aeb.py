"""article-extraction-benchmark by Scrapinghub: 181 article pages.

`ground-truth.json` holds `{id: {"articleBody", "url"}}`; the pages lie in `html/ID.html.gz`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from harness.datasets.base import DatasetError, Entry, Format, head_of, host, html_lang, read_json, read_page
from harness.golden import Golden
from harness.page import Page


def entries(path: Path) -> Iterator[Entry]:
    """The entries of the dataset in a folder. Raises DatasetError."""
    truth_file = path / "ground-truth.json"
    truth = read_json(truth_file)
    if not isinstance(truth, dict):
        raise DatasetError(f"{truth_file}: not an object of pages")
    for key, row in sorted(truth.items()):
        try:
            text, url = row["articleBody"], row.get("url")
        except (KeyError, TypeError, AttributeError):
            raise DatasetError(f"{truth_file}: {key!r} has no articleBody") from None
        flags = () if text.strip() else ("empty-gold",)
        site = host(url, key)
        file = path / "html" / f"{key}.html.gz"
        load = partial(_golden, file, key, text, url, site, flags)
        yield Entry(f"aeb/{key}", "article", html_lang(head_of(file)) or "und", site, flags, load)


def _golden(file: Path, key: str, text: str, url: str | None, site: str, flags: tuple[str, ...]) -> Golden:
    raw = read_page(file)
    return Golden(f"aeb/{key}", Page(raw, "text/html", url, html_lang(raw)), "article", site, text=text, flags=flags)


FORMAT = Format("aeb", "article-extraction-benchmark: a folder with ground-truth.json and html/", entries)
