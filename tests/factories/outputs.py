"""Outputs with the words of a golden's main content, block by block, in each format that extractors return."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from harness.alignment.words import page_words
from harness.evaluation.scoring import scores_of
from harness.goldens.golden import Golden
from harness.metrics import OWN_METRICS, Case
from harness.pages.formats import as_html, as_text

FORMATS = ("text", "markdown", "html")

_words_of = lru_cache(maxsize=64)(page_words)  # a page is compared with many outputs
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&:=^$\"'])")


@dataclass(frozen=True)
class Block:
    """A line of the main content."""

    text: str
    is_code: bool = False
    is_item: bool = False
    cell: tuple[int, int] | None = None
    """Its table row and cell."""

    @property
    def sort(self) -> tuple[bool, bool, bool]:
        return self.is_code, self.is_item, self.cell is not None


def blocks_of(golden: Golden) -> list[Block]:
    kept = (segment for segment in golden.segments if segment.verdict == "keep")
    found = []
    for _, group in groupby(kept, key=lambda segment: segment.line):
        line = list(group)
        text = "".join(segment.text for segment in line)
        is_code, cell = line[0].preformatted, line[0].cell
        text = text.rstrip() if is_code else " ".join(text.split())
        if text:
            found.append(Block(text, is_code, line[0].kind == "list" and not is_code and cell is None, cell))
    return found


def written(blocks: Sequence[Block], format: str) -> str:
    """The blocks as an output. Cells stand in their rows, in text with ` | ` between them."""
    parts = []
    for (is_code, is_item, is_cell), group in groupby(blocks, key=lambda block: block.sort):
        same = list(group)
        if is_code:
            parts.append(_code("\n".join(block.text for block in same), format))
        elif is_cell:
            parts.append(_table(same, format))
        else:
            parts.append(_prose([block.text for block in same], is_item, format))
    return ("" if format == "html" else "\n\n").join(parts)


def scores(golden: Golden, output: str, format: str, metrics: Sequence[str] = OWN_METRICS) -> dict[str, float | None]:
    """What every run computes of an output, or other metrics."""
    markdown = output if format == "markdown" else None
    case = Case(golden, as_text(output, format), _words_of(golden), as_html(output, format), markdown)
    return scores_of(case, metrics)


def _prose(texts: Iterable[str], items: bool, format: str) -> str:
    if format == "html":
        tag = "li" if items else "p"
        inside = "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)
        return f"<ul>{inside}</ul>" if items else inside
    if format == "markdown":
        return "\n\n".join(("- " if items else "") + _escaped(text) for text in texts)
    return "\n".join(texts)


def _code(text: str, format: str) -> str:
    if format == "html":
        return f"<pre>\n{html.escape(text)}</pre>"
    return f"~~~~~~\n{text}\n~~~~~~" if format == "markdown" else text


def _table(cells: Iterable[Block], format: str) -> str:
    rows = []
    for _, row in groupby(cells, key=lambda block: block.cell and block.cell[0]):
        rows.append([[b.text for b in cell] for _, cell in groupby(row, key=lambda block: block.cell)])
    if format == "html":
        inside = ("".join(f"<td>{'<br>'.join(map(html.escape, cell))}</td>" for cell in row) for row in rows)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in inside)}</table>"
    if format == "markdown":
        lines = ["| " + " | ".join("<br>".join(map(_escaped, cell)) for cell in row) + " |" for row in rows]
        return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
    return "\n".join(" | ".join("\n".join(cell) for cell in row) for row in rows)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
