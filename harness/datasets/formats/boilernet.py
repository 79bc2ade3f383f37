"""L3S-GN1 (2010) and GoogleTrends-2017: news pages beside copies in which spans mark the content.

The labels are read from the marked copy: of two marked elements, one inside the other, the inner one decides. In L3S-GN1
the classes `x-nc-sel1`, `2` and `3` are headline, full text and what supplements it, such as captions: the main content by
every published use of the set. `x-nc-sel4` is related content, `x-nc-sel5` comments, which are `maybe` here, and
`x-nc-sel0` and all else is no content. The copy of GoogleTrends-2017, made by BoilerNet's scripts, lacks scripts and
comments and has spaces between any two tags; its spans are `__boilernet_label` 1 or 0.

The main content as text is made by the rule of web-content-extraction-benchmark: marked elements that hold nothing but one
text follow each other, each on a new line if its parent is a block. Marked text beside other elements is missing in it,
though not in the labels. That benchmark lists all of L3S-GN1's headlines first, then the full texts, then the supplements,
and an element with two of these classes twice. Its metrics compare with that text; all others with the text in page order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.datasets.base import DatasetFormat, Entry, html_lang, lang_of, read_page
from harness.datasets.base import host as site_of
from harness.datasets.decoding import read_decoded
from harness.datasets.markup import ElementRule, innermost_first, segments
from harness.datasets.pairs import pairs
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import LabelVerdict
from harness.pages import visible
from harness.pages.page import Page

# What the published rule calls a block: table rows and cells are none.
_BLOCKS = frozenset(
    "address article aside blockquote canvas dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr li main nav noscript ol p pre section table tfoot ul video".split()
)

_L3S: tuple[tuple[str, LabelVerdict, str], ...] = (
    (".x-nc-invisible", "drop", "hidden"),
    (".x-nc-sel0", "drop", "other"),
    (".x-nc-sel1", "keep", "title"),
    (".x-nc-sel2", "keep", "body"),
    (".x-nc-sel3", "keep", "caption"),
    (".x-nc-sel4", "drop", "related"),
    (".x-nc-sel5", "maybe", "comment"),
)
_TRENDS: tuple[tuple[str, LabelVerdict, str], ...] = (
    ('[__boilernet_label="0"]', "drop", "other"),
    ('[__boilernet_label="1"]', "keep", "body"),
)

_MAPPING = "url-mapping.txt"
_MAPPED = re.compile(r"<urn:uuid:([^>]+)>\s+(\S+)")

Marks = Sequence[tuple[str, LabelVerdict, str]]


def l3s_entries(path: Path) -> Iterator[Entry]:
    """The entries of L3S-GN1 in a folder, with the URLs of its `url-mapping.txt` if there is one. Raises DatasetError."""
    return _entries("l3s-gn1", _L3S, path / "original", path / "annotated", _urls(path / _MAPPING))


def trends_entries(path: Path) -> Iterator[Entry]:
    """The entries of GoogleTrends-2017 in a folder. Raises DatasetError."""
    return _entries("google-trends-2017", _TRENDS, path / "raw_html", path / "prepared_html", {})


def _urls(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    return {match[1]: match[2] for match in _MAPPED.finditer(read_decoded(file))}


def _entries(set_name: str, marks: Marks, pages: Path, marked: Path, urls: dict[str, str]) -> Iterator[Entry]:
    expected = f"{pages.name}/NAME.html with {marked.name}/NAME.html"
    for name, page, copy in pairs(pages, marked, lambda gold: gold if gold.endswith(".html") else None, expected):
        url = urls.get(name)
        tree = visible.parse(read_decoded(copy, html=True))
        flags = () if _text(_page_order(tree, marks)) else ("empty-gold",)
        site = site_of(url, name)
        load = partial(_golden, set_name, marks, name, page, copy, url, site, flags)
        yield Entry(f"{set_name}/{name}", "article", lang_of(page), site, flags, load)


def _golden(
    set_name: str,
    marks: Marks,
    name: str,
    page_file: Path,
    copy: Path,
    url: str | None,
    site: str,
    flags: tuple[str, ...],
) -> Golden:
    raw = read_page(page_file)
    page = Page(raw, "text/html", url, html_lang(raw))
    tree = visible.parse(read_decoded(copy, html=True))
    labelled = segments(tree, innermost_first(_rules(tree, marks)))
    return Golden(
        f"{set_name}/{name}",
        page,
        "article",
        site,
        labelled,
        text=_text(_page_order(tree, marks)),
        published={"wceb": _text(_class_order(tree, marks))},
        flags=flags,
    )


def _rules(tree: LexborHTMLParser, marks: Marks) -> list[ElementRule]:
    """The marked elements; one with several marks counts for its first, so that what is invisible stays out."""
    seen: set[int] = set()
    rules: list[ElementRule] = []
    for selector, verdict, kind in marks:
        nodes = [node for node in visible.select(tree, selector) if node.mem_id not in seen]
        seen.update(node.mem_id for node in nodes)
        rules.append((nodes, verdict, kind))
    return rules


def _page_order(tree: LexborHTMLParser, marks: Marks) -> list[LexborNode]:
    """The elements marked as main content, in page order."""
    nodes = visible.select(tree, ", ".join(_kept(marks)))
    return list({node.mem_id: node for node in nodes}.values())  # one of two classes is found twice


def _class_order(tree: LexborHTMLParser, marks: Marks) -> list[LexborNode]:
    """The elements marked as main content, one class after the other."""
    return [node for selector in _kept(marks) for node in visible.select(tree, selector)]


def _kept(marks: Marks) -> list[str]:
    return [f"body {selector}" for selector, verdict, _ in marks if verdict == "keep"]


def _text(nodes: Sequence[LexborNode]) -> str:
    """The text of marked elements by the published rule."""
    parts = []
    for node in nodes:
        only = node.first_child
        if only is None or only.next is not None or not only.is_text_node:
            continue
        newline = "\n" if node.parent is not None and node.parent.tag in _BLOCKS else ""
        parts.append(f"{newline}{(only.text_content or '').strip()} ")
    return "".join(parts).strip()


L3S = DatasetFormat("l3s-gn1", "L3S-GN1: a folder with original/*.html and annotated/*.html", l3s_entries, order=90)

GOOGLE_TRENDS = DatasetFormat(
    "google-trends-2017",
    "GoogleTrends-2017 of BoilerNet: a folder with raw_html/*.html and prepared_html/*.html",
    trends_entries,
    order=100,
)
