"""CleanEval (2007) and CleanPortalEval: pages of all sorts, with goldens whose segments begin with a tag.

A golden is a text file: a line `URL: …`, then segments that `<h>`, `<p>` or `<l>` opens: headings, paragraphs, list items.
Other angle brackets are text. A page's file begins with `<text id="URL" encoding="…">`, which is no part of the page, and
whose encoding is not always that of the page. The kinds of the pages are not known; all are taken for articles.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from harness.datasets.base import DatasetFormat, Entry, host, html_lang, read_page
from harness.datasets.decoding import read_decoded
from harness.datasets.pairs import pairs
from harness.goldens.golden import Golden
from harness.pages.decoding import is_utf8, known_encoding
from harness.pages.page import Page

_WRAPPER = re.compile(rb"(?:\xef\xbb\xbf)?\s*<text\b((?:[^>\"']|\"[^\"]*\"|'[^']*'){0,4000})>[ \t]*\r?\n?", re.I)
_WRAPPER_END = b"</text>"
_ATTRIBUTE = re.compile(r"\b(id|encoding)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.I)
_URL = re.compile(r"\s*URL:[ \t]*(\S*)[^\n]*\n?")
_NO_TEXT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TAG = re.compile(r"<(/?[hpl])\s*/?>", re.I)

_MARKS = {"h": "# ", "l": "- "}


def segments(golden: str) -> list[tuple[str, str]]:
    """The segments of a golden as its tag (`h`, `p` or `l`) and its text on one line, entities decoded.

    Text before the first tag is a segment with an empty tag. Comments are no text.
    """
    found: list[tuple[str, list[str]]] = [("", [])]
    parts = _TAG.split(_NO_TEXT.sub("", _URL.sub("", golden, count=1)))
    for text, tag in zip(parts[::2], ["", *parts[1::2]]):
        if tag and not tag.startswith("/"):
            found.append((tag.lower(), []))
        found[-1][1].append(text)
    lines = ((tag, " ".join(html.unescape("".join(texts)).split())) for tag, texts in found)
    return [(tag, line) for tag, line in lines if line]


def tagged(segments: Sequence[tuple[str, str]]) -> str:
    """The segments as the benchmark's script reads a golden: every tag is `<p>`, and text before the first has none."""
    return "".join(f"<p>{line}\n" if tag else f"\n{line}\n" for tag, line in segments)


def _read_page(file: Path) -> tuple[bytes, str | None, str | None]:
    """The page without its wrapper, the URL that the wrapper names, and the encoding if it can be true."""
    raw = read_page(file)
    wrapper = _WRAPPER.match(raw)
    if wrapper is None:
        return raw, None, None
    named = {name.lower(): one or two for name, one, two in _ATTRIBUTE.findall(wrapper[1].decode("latin-1"))}
    page = raw[wrapper.end() :]
    if (stripped := page.rstrip()).lower().endswith(_WRAPPER_END):
        page = stripped[: -len(_WRAPPER_END)].rstrip()
    charset = known_encoding(named.get("encoding"))
    url = html.unescape(named.get("id", ""))
    # Some wrappers say UTF-8 of other bytes; and what is UTF-8 is that, whatever they say.
    true_charset = None if charset == "utf-8" or is_utf8(page) else charset
    return page, url if url.startswith(("http://", "https://")) else None, true_charset


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
    raw, url, charset = _read_page(page_file)
    if url is None and (line := _URL.match(gold)) and line[1].startswith(("http://", "https://")):
        url = line[1]
    found = segments(gold)
    return Golden(
        f"{set_name}/{name}",
        Page(raw, "text/html", url, html_lang(raw), charset),
        "article",
        host(url, name),
        text="\n".join(line for _, line in found),
        markdown="\n\n".join(_MARKS.get(tag, "") + line for tag, line in found),
        published={"cleaneval": tagged(found)},
        flags=() if found else ("empty-gold",),
    )


def cleaneval_entries(path: Path) -> Iterator[Entry]:
    """The entries of CleanEval in a folder, also in CleanPortalEval's layout. Raises DatasetError."""
    merged = (path / "input").is_dir() and not (path / "orig").is_dir()
    return _entries("cleaneval", *(("input", "GoldStandard") if merged else ("orig", "clean")), path)


def portal_entries(path: Path) -> Iterator[Entry]:
    """The entries of CleanPortalEval in a folder. Raises DatasetError."""
    return _entries("cleanportaleval", "input", "GoldStandard", path)


def _reads(path: Path) -> list[Path]:
    return [path / name for name in ("orig", "clean", "input", "GoldStandard")]


CLEANEVAL = DatasetFormat(
    "cleaneval",
    "CleanEval: a folder with orig/*.html and clean/*.txt",
    cleaneval_entries,
    metrics=("cleaneval",),
    order=60,
    reads=_reads,
)

CLEANPORTALEVAL = DatasetFormat(
    "cleanportaleval",
    "CleanPortalEval: a folder with input/*.html and GoldStandard/*.txt",
    portal_entries,
    metrics=("cleaneval",),
    order=70,
    reads=_reads,
)
