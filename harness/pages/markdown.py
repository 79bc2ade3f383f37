"""Writes HTML as Markdown (CommonMark with the tables of GitHub) that reads as the same text and the same structure.

What Markdown cannot say is left out: cells that reach over rows or columns are followed by empty ones, and what stands in
a cell is one line. Emphasis and other inline elements, which are no structure here, leave their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from selectolax.lexbor import LexborNode

from harness.pages import visible
from harness.pages.structure import span_of
from harness.worker.elements import BLOCK, PREFORMATTED, UNSEEN

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]<>#+\-.!|~&=()])")
_BETWEEN_LISTS = "<!-- -->"  # two lists in a row would be one
_REFUSED = re.compile(r"\s*(javascript|vbscript|file|data):", re.IGNORECASE)  # targets of which readers make no link
_LISTS = ("ul", "ol", "menu", "dir")


def to_markdown(html: str) -> str:
    """The body of an HTML page or fragment as Markdown. Raises RecursionError for hundreds of nested elements."""
    body = visible.parse(html).body
    return _joined(_blocks(body)) + "\n" if body is not None else ""


def _joined(blocks: Iterator[str]) -> str:
    return "\n\n".join(blocks)


def _blocks(parent: LexborNode) -> Iterator[str]:
    """The blocks in an element, its inline text as paragraphs."""
    inline: list[str] = []
    after_list = False
    for child in _shown(parent):
        if not _is_block(child):
            inline.append(_inline(child))
            continue
        if paragraph := _paragraph(inline):
            yield paragraph
            after_list = False
        inline = []
        is_list = child.tag in _LISTS
        for index, block in enumerate(_block(child)):
            if is_list and after_list and not index:
                yield _BETWEEN_LISTS
            yield block
            after_list = is_list
    if paragraph := _paragraph(inline):
        yield paragraph


def _block(node: LexborNode) -> Iterator[str]:
    tag = node.tag or ""
    if re.fullmatch("h[1-6]", tag):
        if text := _line(node):
            yield f"{'#' * int(tag[1])} {text}"
    elif tag in PREFORMATTED:
        yield _fenced(_code(node))
    elif tag in _LISTS:
        if items := "\n".join(_items(node)):
            yield items
    elif tag == "table":
        yield from _table(node)
    elif tag == "blockquote":
        if quoted := _joined(_blocks(node)):
            yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
    else:
        yield from _blocks(node)


def _items(node: LexborNode) -> Iterator[str]:
    for number, child in enumerate((child for child in _shown(node) if not _is_blank(child)), 1):
        marker = f"{number}. " if node.tag == "ol" else "- "
        content = _joined(
            _blocks(child) if child.tag == "li" else _block(child) if _is_block(child) else iter([_line(child)])
        )
        indent = "\n" + " " * len(marker)
        yield marker + re.sub(r"\n(?!\n)", indent, content) if content else marker.rstrip()


def _table(table: LexborNode) -> Iterator[str]:
    rows: list[list[str]] = []
    below: dict[int, int] = {}  # columns that a cell of an earlier row reaches down to, and how many rows more
    for part in _parts(table):
        if part.tag != "tr":
            yield from _blocks(part)
            continue
        row: list[str] = []
        cells = [cell for cell in _shown(part) if cell.tag in ("td", "th")]
        taken, below = below, {}
        for cell in cells:
            while len(row) in taken:
                row.append("")
            width, height = span_of(cell, "colspan"), span_of(cell, "rowspan")
            below |= {len(row) + i: height - 1 for i in range(width) if height > 1}
            row += [_line(cell)] + [""] * (width - 1)
        below |= {column: left - 1 for column, left in taken.items() if left > 1}
        rows.append(row)
    width = max(map(len, rows), default=0)
    if not width:
        return
    lines = [[cell for cell, _ in zip_longest(row, range(width), fillvalue="")] for row in rows]
    lines.insert(1, ["---"] * width)
    yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _parts(table: LexborNode) -> Iterator[LexborNode]:
    """The rows of a table, and its caption before them."""
    for child in _shown(table):
        if child.tag in ("thead", "tbody", "tfoot"):
            yield from _shown(child)
        elif child.is_element_node:
            yield child


def _paragraph(inline: list[str]) -> str:
    return re.sub(" +", " ", "".join(inline)).strip()


def _line(node: LexborNode) -> str:
    """All text of an element in one line, its blocks parted as lines are."""
    parts: list[str] = []
    for child in _shown(node):
        if not _is_block(child):
            parts.append(_inline(child))
        elif child.tag in PREFORMATTED:
            parts.append("<br>" + "<br>".join(map(_escaped, _code(child).split("\n"))) + "<br>")
        else:
            parts.append(f"<br>{_line(child)}<br>")
    text = _paragraph(parts if node.is_element_node else [_inline(node)])
    return re.sub(r"^(<br>\s*)+|(\s*<br>)+$", "", re.sub(r"(\s*<br>)+", "<br>", text)).strip()


def _inline(node: LexborNode) -> str:
    if node.is_text_node:
        return _escaped(node.text_content or "")
    tag, attributes = node.tag, node.attributes
    if tag == "br":
        return "<br>"
    if tag == "img" and attributes.get("src"):
        return f"![{_escaped(attributes.get('alt') or '')}]({_target(attributes['src'] or '')})"
    text = "".join(map(_inline, _shown(node)))
    href = attributes.get("href") if tag == "a" else None
    if not href or _REFUSED.match(href) or not text.strip():
        return text
    return f"[{text}]({_target(href)})"


def _escaped(text: str) -> str:
    return re.sub(r"[ \t\n\r\f]+", " ", _PUNCTUATION.sub(r"\\\1", text))


def _target(url: str) -> str:
    return "<" + re.sub(r"[<>\\\s]", lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), url.strip()) + ">"


def _code(node: LexborNode) -> str:
    parts: list[str] = []
    for child in _shown(node):
        text = "\n" if child.tag == "br" else child.text_content or "" if child.is_text_node else _code(child)
        if child.tag in BLOCK and parts and not parts[-1].endswith("\n"):
            text = f"\n{text}"
        parts.append(text)
    return "".join(parts).strip("\n")


def _fenced(code: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return f"{fence}\n{code}\n{fence}"


def _shown(parent: LexborNode) -> Iterator[LexborNode]:
    child = parent.child
    while child is not None:
        if child.is_text_node or (child.is_element_node and child.tag not in UNSEEN and not visible.is_hidden(child)):
            yield child
        child = child.next


def _is_block(node: LexborNode) -> bool:
    return node.is_element_node and (node.tag in BLOCK or any(map(_is_block, _shown(node))))


def _is_blank(node: LexborNode) -> bool:
    return bool(node.is_text_node) and not (node.text_content or "").strip()
