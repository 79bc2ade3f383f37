"""Reads the text of an HTML page line by line, and knows which rule of a golden each piece of it falls under.

The tree is that of an HTML5 parser (Lexbor, through selectolax): what a browser builds with scripts switched off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from harness.common.errors import Impossible
from harness.pages.limits import Unreadable, why_unreadable
from harness.worker.elements import BREAKS_LINE, PREFORMATTED, UNSEEN, WITH_ALT

_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([\w-]+)", re.IGNORECASE)

_CELLS = frozenset({"td", "th"})


@dataclass(frozen=True)
class TextPiece:
    """Text that stands in one line of the page and falls under one rule."""

    text: str
    """The text."""
    line: int
    """The page's line, as a browser would break it at blocks, from 0."""
    rule: int | None
    """The index of the rule; None where no rule names the text."""
    source: str = "text"
    """`text` of an element, `alt` of an image, or `metadata` for the title or description in the head; rules reach only
    `text`."""
    preformatted: bool = False
    """Whether spaces stand as they are in the source; the text of a line then begins with its indentation."""
    cell: tuple[int, int] | None = None
    """The innermost table cell that it stands in, as the numbers of its row and of the cell; None outside of tables."""


class SelectorError(Impossible):
    """A selector that the CSS parser refuses."""


def parse(html: str) -> LexborHTMLParser:
    """The page as an HTML5 tree. Raises Unreadable for what would take too long."""
    if why := why_unreadable(html):
        raise Unreadable(f"the page cannot be read in reasonable time: {why}")
    return LexborHTMLParser(html)


def select(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements that a CSS selector names, in page order. Raises SelectorError."""
    try:
        return tree.css(selector)
    except SelectolaxError as error:
        raise SelectorError(f"not a CSS selector: {selector!r}") from error


def is_hidden(node: LexborNode) -> bool:
    """Whether an element's own attributes hide it: `display: none`, or `hidden` without another `display`."""
    attributes = node.attributes
    display = _DISPLAY.findall(attributes.get("style") or "")
    return display[-1].lower() == "none" if display else "hidden" in attributes


def pieces(
    tree: LexborHTMLParser, matches: Sequence[Sequence[LexborNode]] = (), *, with_hidden: bool = True
) -> Iterator[TextPiece]:
    """All text of a page in page order. `matches[i]` are the elements that rule `i` names; later rules win.

    with_hidden: also the text of elements that their own attributes hide, which labels of a page may name.
    """
    rule_of: dict[int, int] = {}
    for index, nodes in enumerate(matches):
        for node in nodes:
            rule_of[node.mem_id] = index
    number = 0  # of the last line that was begun
    for text in _head_texts(tree):
        yield TextPiece(text, number, None, "metadata")
        number += 1
    # A stack of our own, since pages may be nested deeper than Python's. `None` closes a block.
    stack: list[tuple[LexborNode, int | None, bool, tuple[int, int] | None] | None] = []
    if tree.body is not None and tree.root is not None:
        stack.append((tree.body, rule_of.get(tree.root.mem_id), False, None))
    line: int | None = None  # the current line; None before anything stands in it
    indent = ""  # of a preformatted line in which nothing else stands yet
    table_rows: dict[int, int] = {}  # numbers, by the element
    cells = count()
    while stack:
        top = stack.pop()
        if top is None:
            line, indent = None, ""
            continue
        node, rule, preformatted, cell = top
        if node.is_text_node:
            text = node.text_content or ""
            for index, row in enumerate(text.split("\n") if preformatted else [text]):
                if index:
                    line, indent = None, ""
                if not row or (line is None and row.isspace()):
                    indent += row if preformatted else ""
                    continue
                if line is None:
                    line = number = number + 1
                    row, indent = indent + row, ""
                yield TextPiece(row, line, rule, preformatted=preformatted, cell=cell)
            continue
        tag = node.tag or ""
        if not node.is_element_node or tag in UNSEEN or (not with_hidden and is_hidden(node)):
            continue
        rule = max((r for r in (rule, rule_of.get(node.mem_id)) if r is not None), default=None)
        alt = node.attributes.get("alt") if tag in WITH_ALT else None
        if alt and alt.strip():
            number += 1
            yield TextPiece(alt, number, None, "alt")
        if tag in BREAKS_LINE:
            line, indent = None, ""
            stack.append(None)
        if tag in _CELLS:
            above = node.parent.mem_id if node.parent is not None else node.mem_id
            cell = (table_rows.setdefault(above, len(table_rows)), next(cells))
        child = node.last_child
        while child is not None:
            stack.append((child, rule, preformatted or tag in PREFORMATTED, cell))
            child = child.prev


def _head_texts(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("head > title"):
        yield node.text()
    for node in tree.css('head > meta[name="description"], head > meta[property="og:description"]'):
        yield node.attributes.get("content") or ""
