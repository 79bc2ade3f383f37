"""What extractors return, in whatever format, as the text that is scored and as HTML: the one place where it is converted.

Outputs are as hostile as pages. HTML beyond limits that no page for readers comes near is reduced to its text line by line,
in linear time.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from html import unescape
from typing import TYPE_CHECKING

from harness.pages.limits import OUTPUTS, TAG, why_unreadable
from harness.pages.page import visible_text, wrap_text
from harness.pages.words import list_numbers
from harness.worker.elements import BREAKS_LINE, UNSEEN
from harness.worker.plugin import FORMATS

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_LONGEST_MARKDOWN = 300_000  # characters; the parser takes up to 30 µs for one

_DECLARATION = re.compile(r"<[!?][^<>]*>?")
_BLANK_LINES = re.compile(r"(\n[ \t]*\n)")
_PIPE = re.compile(r"(?<!\\)\|")


def as_text(output: str, output_format: str) -> str:
    """An extractor's output as plain text, lines broken where blocks end. What its own HTML hides is not its text.

    output_format: one of harness.worker.plugin.FORMATS. Raises ValueError for another.
    """
    html = as_html(output, output_format)
    return output if html is None else visible_text(html, with_hidden=False)


@lru_cache(maxsize=2)  # a page's text and its markup are asked for one after the other
def as_html(output: str, output_format: str) -> str | None:
    """An extractor's output as HTML, None if it is plain text.

    Markdown is CommonMark with the tables of GitHub; a table is as wide as its widest row. HTML that would take too long
    to read comes as its lines of text, each in a `<p>`, and so does Markdown of more than 300,000 characters.
    output_format: one of harness.worker.plugin.FORMATS. Raises ValueError for another.
    """
    if output_format == "text":
        return None
    if output_format == "html":
        return wrap_text(_lines_of(output)) if why_unreadable(output, OUTPUTS) else output
    if output_format != "markdown":
        raise ValueError(f"no format {output_format!r}: use {', '.join(FORMATS)}")
    if len(output) > _LONGEST_MARKDOWN:
        return wrap_text(_lines_of(output))
    return as_html(_markdown().render(_widen_tables(output)), "html")


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # here, since most runs have no Markdown

    parser = MarkdownIt("commonmark").enable("table")
    parser.core.ruler.push("list_lines", _break_list_lines)
    return parser


def _break_list_lines(state: StateCore) -> None:
    """Keep the lines of a paragraph in which each begins like a list item, such as `a.` or `iv.`, which Markdown does not
    know as a list."""
    for token in state.tokens:
        breaks = [child for child in token.children or () if child.type == "softbreak"]
        if breaks and all(map(list_numbers, token.content.split("\n"))):
            for child in breaks:
                child.type = "hardbreak"


def _widen_tables(markdown: str) -> str:
    """Tables with a first row as wide as the widest one; CommonMark's readers drop the cells that are too many."""
    blocks = _BLANK_LINES.split(markdown.replace("\r\n", "\n"))
    return "".join(_widen_table(block) if "|" in block else block for block in blocks)


def _widen_table(block: str) -> str:
    lines = block.split("\n")
    below = next(
        (n for n, line in enumerate(lines) if n and "|" in line and "-" in line and not line.strip("|-: \t>")), None
    )
    if below is None:
        return block
    head = below - 1
    missing = max(map(_cells, lines[head:])) - _cells(lines[head])
    if missing:
        for n, cell in ((head, " |"), (below, "-|")):
            line = lines[n].rstrip()
            lines[n] = line + ("" if _PIPE.search(line, len(line) - 1) else "|") + cell * missing
    return "\n".join(lines)


def _cells(line: str) -> int:
    row = line.strip(" \t>")
    inner = row[1 if row.startswith("|") else 0 : -1 if row.endswith("|") and not row.endswith("\\|") else None]
    return len(_PIPE.findall(inner)) + 1


def _lines_of(html: str) -> str:
    """The text between tags, a line for each block; what browsers do not show is left out up to its end tag."""
    parts: list[str] = []
    unseen = ""
    end = 0
    before, *rest = html.split("<!--")
    html = _DECLARATION.sub("", before + "".join(part.partition("-->")[2] for part in rest))
    for tag in TAG.finditer(html):
        if not unseen:
            parts.append(html[end : tag.start()])
        end = tag.end()
        name = tag[2].lower()
        if tag[1] and name == unseen:
            unseen = ""
        elif not tag[1] and name in UNSEEN:
            unseen = unseen or name
        if name in BREAKS_LINE:
            parts.append("\n")
    parts.append("" if unseen else html[end:])
    return "\n".join(" ".join(line.split()) for line in unescape("".join(parts)).split("\n"))
