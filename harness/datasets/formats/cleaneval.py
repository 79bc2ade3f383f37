"""CleanEval (2007) and CleanPortalEval: pages of all sorts, with goldens whose segments begin with a tag.

A golden is a text file: a line `URL: …`, then segments that `<h>`, `<p>` or `<l>` opens: headings, paragraphs, list items.
A page's file begins with `<text id="URL" …>`, which is no part of the page. The kinds of the pages are not known; all are
taken for articles.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from harness.datasets.base import DatasetFormat, Entry, host, html_lang, read_page
from harness.datasets.decoding import decoded, read_decoded, usable
from harness.datasets.pairs import pairs
from harness.goldens.golden import Golden
from harness.pages.page import Page

_WRAPPER = re.compile(r"\s*<text\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>[ \t]*\n?", re.I)
_WRAPPER_END = re.compile(r"\s*</text>\s*\Z", re.I)
_ATTRIBUTE = re.compile(r"\b(id|encoding)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_WRAPPER_BYTES = 4_000  # in which the wrapper names its encoding
_URL = re.compile(r"\s*URL:[ \t]*(\S*)[^\n]*\n?")
_NO_TEXT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)\b[^<>]*>", re.I)

_MARKS = {"h": "# ", "l": "- "}


def segments(golden: str) -> list[tuple[str, str]]:
    """The segments of a golden as its tag (`h`, `p` or `l`) and its text on one line, entities decoded.

    Text before the first tag is a paragraph. Other tags and comments are no text, as for a browser.
    """
    found: list[tuple[str, list[str]]] = [("p", [])]
    parts = _TAG.split(_NO_TEXT.sub("", _URL.sub("", golden, count=1)))
    for text, tag in zip(parts[::2], ["p", *parts[1::2]]):
        if tag.lower() in ("h", "p", "l"):
            found.append((tag.lower(), []))
        found[-1][1].append(text)
    lines = ((tag, " ".join(html.unescape("".join(texts)).split())) for tag, texts in found)
    return [(tag, line) for tag, line in lines if line]


def _read_page(file: Path) -> tuple[str, str | None]:
    """The page without its wrapper, and the URL that the wrapper names."""
    raw = read_page(file)
    head = _WRAPPER.match(decoded(raw[:_WRAPPER_BYTES]).replace("\r\n", "\n"))
    named = {name.lower(): one or two for name, one, two in _ATTRIBUTE.findall(head[1])} if head else {}
    # What is valid UTF-8 is UTF-8; the declaration is for the rest.
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = usable(named.get("encoding"))
        text = raw.decode(encoding, errors="replace") if encoding else decoded(raw)
    if wrapper := _WRAPPER.match(text):
        text = _WRAPPER_END.sub("", text[wrapper.end() :])
    url = html.unescape(named.get("id", ""))
    return text, url if url.startswith(("http://", "https://")) else None


def _entries(set_name: str, pages: str, goldens: str, path: Path) -> Iterator[Entry]:
    expected = f"{pages}/NAME.html with {goldens}/NAME.txt"
    for name, page, gold in pairs(path / pages, path / goldens, _page_of, expected):
        golden = _golden(set_name, name, page, gold)
        load = partial(_golden, set_name, name, page, gold)
        yield Entry(golden.id, golden.kind, golden.lang, golden.site, golden.flags, load)


def _page_of(gold: str) -> str | None:
    return f"{gold.removesuffix('.txt')}.html" if gold.endswith(".txt") else None


def _golden(set_name: str, name: str, page_file: Path, gold_file: Path) -> Golden:
    gold = read_decoded(gold_file)
    content, url = _read_page(page_file)
    if url is None and (line := _URL.match(gold)) and line[1].startswith(("http://", "https://")):
        url = line[1]
    raw = content.encode()
    found = segments(gold)
    return Golden(
        f"{set_name}/{name}",
        Page(raw, "text/html", url, html_lang(raw)),
        "article",
        host(url, name),
        text="\n".join(line for _, line in found),
        markdown="\n\n".join(_MARKS.get(tag, "") + line for tag, line in found),
        flags=() if found else ("empty-gold",),
    )


def cleaneval_entries(path: Path) -> Iterator[Entry]:
    """The entries of CleanEval in a folder. Raises DatasetError."""
    return _entries("cleaneval", "orig", "clean", path)


def portal_entries(path: Path) -> Iterator[Entry]:
    """The entries of CleanPortalEval in a folder. Raises DatasetError."""
    return _entries("cleanportaleval", "input", "GoldStandard", path)


CLEANEVAL = DatasetFormat(
    "cleaneval", "CleanEval: a folder with orig/*.html and clean/*.txt", cleaneval_entries, metrics=("cleaneval",), order=60
)

CLEANPORTALEVAL = DatasetFormat(
    "cleanportaleval",
    "CleanPortalEval: a folder with input/*.html and GoldStandard/*.txt",
    portal_entries,
    metrics=("cleaneval",),
    order=70,
)
