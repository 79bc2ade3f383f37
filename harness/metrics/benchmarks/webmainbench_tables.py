"""The tables of a text as WebMainBench finds and compares them, oddities included.

Source: `table_extractor.py` and `teds_metrics.py` of opendatalab/WebMainBench at 9d991bd.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

from rapidfuzz.distance import Levenshtein

from harness.metrics.benchmarks.webmainbench_parts import outside_code

_RULE = re.compile(r":?-{3,}:?")
_RULE_LINE = re.compile(r"[\s|\-:]+")
_SECTIONS = ("tbody", "thead", "tfoot")
_DEEPEST = 100  # elements inside one another; the published code ends with an error on what is much deeper
_ESCAPED = str.maketrans("(),", "[];")


def source(text: str) -> str:
    """The tables of a text: those in HTML outside of code, as BeautifulSoup writes them, then those in Markdown."""
    found = []
    outside = outside_code(text)
    if "<table" in outside.lower():
        found = [
            str(table) for table in _soup(outside).find_all("table") if not table.find_parent(["td", "tr", "tbody", "table"])
        ]
    lines: list[str] = []
    for line in [*text.split("\n"), ""]:
        if "|" in line:
            lines.append(line)
            continue
        if len(lines) >= 2 and all(_RULE.fullmatch(part) for cell in lines[1].split("|") if (part := cell.strip())):
            found.append("\n".join(lines))
        lines = []
    return "\n".join(found)


def as_html(source: str) -> str:
    """Tables as HTML: as they are if there is any HTML, else all lines of Markdown as one table."""
    if not source.strip() or "<table" in source.lower():
        return source if source.strip() else ""
    rows = [line for line in source.split("\n") if "|" in line]
    rows = [row for row in rows if not _RULE_LINE.fullmatch(row.strip())]
    html = []
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        if cells := [cell.strip() for cell in row.split("|") if cell.strip()]:
            html.append(f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>")
    return f"<table>{''.join(html)}</table>"


def published_teds(gold: str, output: str) -> float:
    """The published "table_TEDS" of the first tables, in 0…1: 1 if neither side has one, 0 if only one has.

    There, a table is written as a string, and the tree library takes each string for a single node. What comes out is
    1 − c / nodes of the larger table, where c is the cost of making one string the other: 1 at most, as a rule.
    """
    a, b = _first_table(gold), _first_table(output)
    if a is None or b is None:
        return 1.0 if a is b else 0.0
    written_a, nodes_a = a
    written_b, nodes_b = b
    return max(0.0, 1.0 - _cost(written_a, written_b) / max(nodes_a, nodes_b))


def _cost(a: str, b: str) -> float:
    """Of changing a node called `tag:text`; a node can also be removed and the other one added, for 2."""
    tag_a, _, text_a = a.partition(":")
    tag_b, _, text_b = b.partition(":")
    if tag_a != tag_b:
        return 1.0
    if text_a and text_b:
        return Levenshtein.normalized_distance(text_a, text_b)
    return min(2.0, max(len(text_a), len(text_b)))


def _first_table(html: str) -> tuple[str, int] | None:
    """The first table as the published string, and the number of its nodes; None if there is none that can be read."""
    table = _soup(html).find("table") if html else None
    if table is None:
        return None
    parts: list[str] = []
    nodes = 0
    # An element, or what is written after one. `None` for a comma that stands between two elements.
    stack: list[tuple[Any, int] | str] = [(table, 0)]
    while stack:
        top = stack.pop()
        if isinstance(top, str):
            parts.append(top)
            continue
        element, depth = top
        if depth > _DEEPEST:
            return None
        nodes += 1
        text = element.get_text(strip=True).translate(_ESCAPED)
        parts.append(f"{element.name}:{text}" if text else element.name)
        children = _children(element)
        if children:
            stack.append(")")
            for number, child in enumerate(reversed(children), 1):
                stack.append((child, depth + 1))
                stack.append("," if number < len(children) else "(")
    return "".join(parts), nodes


def _children(element: Any) -> list[Any]:
    """The children in the published tree: it has a section, and what is in the section's rows, but not the rows."""
    found: list[Any] = []
    pending = [element]
    while pending:
        top = pending.pop()
        elements = [child for child in top.children if child.name]
        if top.name in _SECTIONS:
            pending += reversed(elements)
        else:
            found += elements
    return found


def _soup(html: str) -> Any:
    # Imported here, since it comes with the extra `benchmarks`.
    from bs4 import BeautifulSoup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a text may look like a URL to it
        return BeautifulSoup(html, "html.parser")
