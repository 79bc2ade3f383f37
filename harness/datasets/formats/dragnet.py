"""dragnet_data: article pages of 2012 with goldens in which reader comments stand apart.

`HTML/X.html` holds a page, `Corrected/X.html.corrected.txt` its article; after a line `!@#$%^&*()  COMMENTS` follow the
comments. Our golden's main content is the article; comments are `maybe`. The set `dragnet` of
web-content-extraction-benchmark keeps the comments, and that line, in its main content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from harness.datasets.base import DatasetFormat, Entry, html_lang, lang_of, read_page
from harness.datasets.decoding import read_decoded
from harness.datasets.pairs import pairs
from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import LabelVerdict
from harness.pages.page import Page

_SUFFIX = ".corrected.txt"
_COMMENTS = re.compile(r"^[ \t]*!@#\$%\^&\*\(\)[ \t]+COMMENTS[ \t]*$", re.M)


def dragnet_entries(path: Path) -> Iterator[Entry]:
    """The entries of the dataset in a folder. Raises DatasetError."""
    goldens = path / "Corrected"
    if not goldens.is_dir() and (path / "corrected" / "Corrected").is_dir():
        goldens = path / "corrected" / "Corrected"  # so in web-content-extraction-benchmark
    for name, page, gold in pairs(path / "HTML", goldens, _page_of, f"HTML/X.html with Corrected/X.html{_SUFFIX}"):
        article, _ = _parts(gold)
        flags = () if article.strip() else ("empty-gold",)
        load = partial(_golden, name, page, gold, flags)
        yield Entry(f"dragnet/{name}", "article", lang_of(page), name, flags, load)


def _page_of(gold: str) -> str | None:
    return gold.removesuffix(_SUFFIX) if gold.endswith(_SUFFIX) else None


def _parts(gold: Path) -> tuple[str, str]:
    """The article and the comments, either of which may be empty."""
    article, *comments = _COMMENTS.split(read_decoded(gold))
    return article.strip(), "\n".join(comments).strip()


def _golden(name: str, page_file: Path, gold_file: Path, flags: tuple[str, ...]) -> Golden:
    raw = read_page(page_file)
    page = Page(raw, "text/html", None, html_lang(raw))
    article, comments = _parts(gold_file)
    labelled = _labelled(article, comments, page) if comments else None
    return Golden(f"dragnet/{name}", page, "article", name, labelled=labelled, text=article, flags=flags)


def _labelled(article: str, comments: str, page: Page) -> tuple[Segment, ...]:
    """The article, then the comments, and all text of the page behind them: nothing says where in it they stand."""
    parts: tuple[tuple[str, LabelVerdict, str], ...] = (
        (article, "keep", "body"),
        (comments, "maybe", "comment"),
        (page.text, "drop", "other"),
    )
    lines = ((line, verdict, kind) for text, verdict, kind in parts for line in text.splitlines() if line.strip())
    return tuple(Segment(line, verdict, kind, number) for number, (line, verdict, kind) in enumerate(lines))


DRAGNET = DatasetFormat(
    "dragnet", "dragnet_data: a folder with HTML/*.html and Corrected/*.corrected.txt", dragnet_entries, order=80
)
