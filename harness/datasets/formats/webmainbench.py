"""WebMainBench: one JSON object a line with a page, in whose HTML the main content is marked, and its Markdown.

The page is given to extractors without the marks: the elements `marked-text`, `marked-tail` and `marked-inline` around
texts, the attributes `data-anno-uid` and `cc-select`, and the classes `mark-selected` and `cc-unloaded`. What else the
labelling left goes, too: its style sheet `cc-extraStyle`, `user-select: none` of the body, and empty `style` and `class`
attributes, which most marked elements have and few others. The published runner takes out the elements and `data-anno-uid`
only. What is marked is the labels here, by the rule by which the published `main_html` was
cut: every subtree with `cc-select="true"`, unless it or an element around it is styled `display:none`.

The Markdown is `groundtruth_content`, which 545 pages have, else `convert_main_content`. The published ROUGE-5 script
(MinerU-HTML) reads `convert_main_content` on all pages; the published edit distances (WebMainBench) take whichever of the
two keys stands last in the object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from harness.datasets.base import DatasetError, DatasetFormat, Entry, host
from harness.datasets.markup import Edit, rewritten, segments, without_attribute
from harness.goldens.golden import Golden, Segment
from harness.pages import visible
from harness.pages.page import Page
from harness.pages.tags import Tag

_REQUIRED = ("track_id", "html")
_ELEMENTS = frozenset({"marked-text", "marked-tail", "marked-inline"})
_ATTRIBUTES = frozenset({"data-anno-uid", "cc-select"})
_CLASSES = frozenset({"mark-selected", "cc-unloaded"})

_MARK = re.compile(r"data-anno-uid|cc-select|mark-selected|<marked-(?:text|tail|inline)\b", re.I)
_ELEMENT_TAG = re.compile(r"</?marked-(?:text|tail|inline)\b[^<>]*>", re.I)
_BLANK_ELEMENT = re.compile(r"<(marked-(?:text|tail|inline))\b[^<>]*>(\s*)</\1\s*>", re.I)
_CLASS_IN_LIST = re.compile(r"(?<=[\"'])(?:(?:mark-selected|cc-unloaded)\s+)+|\s+(?:mark-selected|cc-unloaded)(?![^\s\"'])")
_STYLE_SHEET = re.compile(r"<style\b[^<>]*\bid=[\"']?cc-extraStyle\b[^<>]*>.*?</style\s*>", re.I | re.S)
_UNSELECTABLE = re.compile(r"(?<=[\"'])\s*user-select:\s*none;?\s*|;\s*user-select:\s*none(?=\s*(?:;|[\"']))")

_SELECTED = '[cc-select="true"]'
_HIDDEN = ('[style*="display:none"]', '[style*="display: none"]')  # as the published rule spells it

_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

# GPT-5 gave the styles. `Other` is login, error, paywall and cut pages, for which we have no kind; a service's page is next.
_KINDS = {"article": "article", "content listing": "listing", "forum_or_article_with_commentsection": "forum"}
_OTHER = "service"


def webmainbench_entries(path: Path) -> Iterator[Entry]:
    """The entries of a JSONL file, of which only ids and places are kept. Raises DatasetError."""
    lines: dict[str, int] = {}
    found = []
    try:
        with path.open("rb") as file:
            offset = 0
            for number, line in enumerate(file, start=1):
                if line.strip():
                    where = f"{path}:{number}"
                    row = _row(line, where)
                    key = row["track_id"]
                    if key in lines:
                        raise DatasetError(f"{where}: track_id {key!r} is that of line {lines[key]}; take one of them out")
                    lines[key] = number
                    load = partial(_load, path, number, offset)
                    found.append(Entry(_id(row), _kind(row), _lang(row) or "und", _site(row), _flags(row), load))
                offset += len(line)
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}; expected a JSONL file of WebMainBench") from None
    if not found:
        raise DatasetError(f"{path}: holds no pages; expected a JSONL file of WebMainBench")
    yield from sorted(found, key=lambda entry: entry.id)


def stripped(html: str) -> str:
    """A page without the marks of its labels; everything else stays as it is, character for character."""
    if not _MARK.search(html):
        return html
    # Inside <title> and <textarea> the elements are text to a parser of HTML, but they too were put there by the labelling.
    return rewritten(_STYLE_SHEET.sub("", _ELEMENT_TAG.sub("", html)), _unmark)


def labels(html: str) -> tuple[Segment, ...] | None:
    """The text of a marked page, with what is marked as `keep`; None if nothing is."""
    tree = visible.parse(_with_inline_marks(html))
    selected = visible.select(tree, _SELECTED)
    hidden = visible.select(tree, ", ".join(_HIDDEN))
    below = visible.select(tree, ", ".join(f"{style} {_SELECTED}" for style in _HIDDEN))
    unseen = {node.mem_id for node in (*hidden, *below)}
    kept = [node for node in selected if node.mem_id not in unseen]
    if not kept:
        return None
    return segments(tree, [(hidden, "drop", "hidden"), (kept, "keep", "body")])


def _unmark(html: str, tag: Tag) -> Iterator[Edit]:
    for attribute in tag.attributes:
        written = html[attribute.start : attribute.end]
        if attribute.name == "class":
            left = _CLASS_IN_LIST.sub("", written)
            is_empty = not set(attribute.value.split()) - _CLASSES
        elif attribute.name == "style":
            left = _UNSELECTABLE.sub("", written) if tag.name == "body" else written
            is_empty = left.partition("=")[2].strip("\"' ;") == ""
        else:
            left, is_empty = written, attribute.name in _ATTRIBUTES
        if is_empty:
            yield without_attribute(html, attribute)
        elif left != written:
            yield attribute.start, attribute.end, left


def _with_inline_marks(html: str) -> str:
    """The page with the marks around texts made `bdi`, which breaks no line, as an unknown element does for us, and which
    changes no tree, as `span` does inside `svg`. Those around mere space go: in a table or before the body an element is
    moved and space is not. Those inside `title` and the like, where they would be text, go too.
    """
    return _ELEMENT_TAG.sub("", rewritten(_BLANK_ELEMENT.sub(r"\2", html), _inline))


def _inline(_: str, tag: Tag) -> Iterator[Edit]:
    if tag.name in _ELEMENTS:
        start = tag.start + (2 if tag.closing else 1)
        yield start, start + len(tag.name), "bdi"


def _row(line: bytes, where: str) -> dict[str, Any]:
    """The object in a line. Raises DatasetError."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{where}: not JSON: {error}; download the file again") from None
    if not isinstance(row, dict):
        raise DatasetError(f"{where}: not an object; expected a JSONL file of WebMainBench")
    for key in ("track_id", "html", "url", "groundtruth_content", "convert_main_content"):
        value = row.get(key)
        if isinstance(value, str) and (value or key not in _REQUIRED):
            row[key] = value.encode(errors="replace").decode()  # JSON may hold half a surrogate pair
        elif value is not None or key in _REQUIRED:
            raise DatasetError(f"{where}: {key!r} is no text or empty; expected a JSONL file of WebMainBench")
    if row.get("groundtruth_content") is None and row.get("convert_main_content") is None:
        raise DatasetError(
            f"{where}: {row['track_id']!r} has neither 'groundtruth_content' nor 'convert_main_content'; "
            "take the labelled file of WebMainBench"
        )
    return row


def _load(path: Path, number: int, offset: int) -> Golden:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            line = file.readline()
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read: {error.strerror}") from None
    row = _row(line, f"{path}:{number}")
    content = _content(row)
    labelled = labels(row["html"])
    page = Page(stripped(row["html"]).encode(), "text/html", row.get("url"), _lang(row))
    return Golden(_id(row), page, _kind(row), _site(row), labelled, text=content, markdown=content, flags=_flags(row))


def _id(row: dict[str, Any]) -> str:
    return f"webmainbench/{row['track_id']}"


def _site(row: dict[str, Any]) -> str:
    return host(row.get("url"), row["track_id"])


def _content(row: dict[str, Any]) -> str:
    calibrated = row.get("groundtruth_content") or ""
    return calibrated if calibrated.strip() else row.get("convert_main_content") or ""


def _flags(row: dict[str, Any]) -> tuple[str, ...]:
    empty = () if _content(row).strip() else ("empty-gold",)
    return (*empty, "label-in-input") if _MARK.search(row["html"]) else empty


def _meta(row: dict[str, Any], key: str) -> Any:
    meta = row.get("meta")
    return meta.get(key) if isinstance(meta, dict) else None


def _kind(row: dict[str, Any]) -> str:
    style = _meta(row, "style")
    if isinstance(style, dict):  # as the repository's own script writes it
        style = style.get("category")
    return _KINDS.get(style.strip().lower(), _OTHER) if isinstance(style, str) else _OTHER


def _lang(row: dict[str, Any]) -> str | None:
    language = _meta(row, "language")
    return language if isinstance(language, str) and _LANG.fullmatch(language) else None


WEBMAINBENCH = DatasetFormat(
    "webmainbench",
    "WebMainBench: a JSONL file with html, convert_main_content and groundtruth_content",
    webmainbench_entries,
    metrics=("rouge5", "webmainbench"),
    order=50,
    reads=lambda path: [path],
)
