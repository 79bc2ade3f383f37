"""Markdown: escaping, code spans, headings, tables and folded sections for every report.

A `str` is text and is escaped where it is put in; what is `Markdown` already stays as it is. So names and words of others
cannot become a link, a mention, a tag or the end of a table's cell.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from harness.report.kit.terminal import escape_controls, one_line

Justify = Literal["left", "right"]

# Not `_` between letters or digits, `:` before a space and `:` between digits, as in times.
_SPECIAL = re.compile(r"[#$&*<>@\[\\\]`|~]|(?<![^\W_])_|_(?![^\W_])|(?<!\d):(?! )|:(?![\d ])")
_LINKED = re.compile(r"(\\@|\\#(?=\w)|\bwww(?=\.)|\\:(?=/))", re.I)  # after escaping
_FIRST = re.compile(r"^(?=[-+=])")
_ITEM = re.compile(r"^(\d+)(?=[.)])")
_RULES: dict[Justify, str] = {"left": "---", "right": "---:"}


class Markdown(str):
    """Text that is Markdown: nothing in it is to be escaped."""

    __slots__ = ()


def escape(text: str, longest: int | None = None) -> Markdown:
    """Text in one line that can be at the beginning of a line or within it. longest: characters after which it is cut."""
    escaped = _escape_inside(text, longest)
    return escaped if isinstance(text, Markdown) else Markdown(_ITEM.sub(r"\1\\", _FIRST.sub(r"\\", escaped)))


def code(text: str, longest: int | None = None) -> Markdown:
    """Text as a code span; `¦` for `|`, which would end the cell of a table. A dash for no text."""
    line = _line(text, longest).replace("|", "¦")
    if not line:
        return Markdown("–")
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return Markdown(f"{ticks}{space}{line}{space}{ticks}")


def heading(level: int, text: str) -> Markdown:
    """A heading of a level from 1 to 6."""
    return Markdown(f"{'#' * level} {_escape_inside(text)}")


def strong(text: str) -> Markdown:
    """Text in bold."""
    return Markdown(f"**{_escape_inside(text)}**")


def code_block(lines: Iterable[str]) -> Markdown:
    """Lines of code, indented by four spaces; spaces in them stay as they are."""
    return Markdown("\n".join(f"    {part}" for line in lines for part in escape_controls(line).splitlines()))


def table(header: Sequence[str], rows: Iterable[Sequence[str]], justify: Sequence[Justify] = ("left",)) -> Markdown:
    """A table. justify: of the first columns; the others are justified right."""
    rules = [*(_RULES[side] for side in justify), *["---:"] * (len(header) - len(justify))]
    lines = [map(_escape_inside, header), rules, *(map(_escape_inside, row) for row in rows)]
    return Markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))


def folded(names: Sequence[str], said: str, body: Iterable[str]) -> Markdown:
    """Lines of Markdown that a reader unfolds. names, as code, and what is said of them are seen before."""
    summary = " ".join([*(f"<code>{html.escape(_line(name))}</code>" for name in names), html.escape(_line(said))])
    # Up to the next blank line this is HTML and no Markdown.
    return Markdown("\n".join(["", f"<details><summary>{summary}</summary>", "", *body, "", "</details>", ""]))


def _escape_inside(text: str, longest: int | None = None) -> Markdown:
    """Text that does not begin a line."""
    if isinstance(text, Markdown):
        return text
    return Markdown(_LINKED.sub(r"\1<!-- -->", _SPECIAL.sub(r"\\\g<0>", _line(text, longest))))


def _line(text: str, longest: int | None = None) -> str:
    return one_line(text, longest) if longest else " ".join(escape_controls(text).split())
