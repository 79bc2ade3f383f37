"""Reads the text of an HTML page line by line, and knows which rule of a golden each piece of it falls under.

The tree is that of an HTML5 parser (Lexbor, through selectolax): what a browser builds with scripts switched off. What a
`template` holds stands inside of it like any other content, so that selectors reach it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from typing import Any, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from harness.common.errors import Impossible
from harness.pages.limits import Unreadable, why_unreadable
from harness.worker.elements import BREAKS_LINE, PREFORMATTED, UNSEEN, WITH_ALT

_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([\w-]+)", re.IGNORECASE)

_TEXT = "-text"  # what the parser calls a text node
_CELLS = frozenset({"td", "th"})
_TEMPLATE = re.compile(rb"<template[\s/>]", re.IGNORECASE)
_LINKED_DATA = "application/ld+json"
_MARKUP = re.compile(r"</?[a-z][^<>]*>|&(?:#\d+|#x[0-9a-f]+|[a-z]+\d*);", re.IGNORECASE)
_DESCRIPTIONS = (("name", "description"), ("property", "og:description"))
_READ_ALOUD = ("title", "aria-label")

ATTRIBUTES = ("alt", *_READ_ALOUD)
"""Attributes with text that browsers show or read to people."""

_LOOKED_AT = ", ".join(f"[{name}]" for name in ATTRIBUTES)
_LOOKED_AT_OR_HIDDEN = f"{_LOOKED_AT}, [hidden], [style]"

RENDERED = frozenset({"text", "shadow", "noscript"})
"""The sources of text that a browser shows, with scripts switched off for `noscript`. What stands beside it never is part of
the text of a page."""


class TextPiece(NamedTuple):
    """Text that stands in one line of the page and falls under one rule."""

    text: str
    """The text."""
    line: int
    """The page's line, as a browser would break it at blocks, from 0."""
    rule: int | None
    """The index of the rule; None where no rule names the text."""
    source: str = "text"
    """Where it stands: `text` of an element, also in a `shadow` root or in `noscript`; beside that, in a `template`, in an
    `attribute`, in an image's `alt`, as a string of `json-ld`, or as `metadata` in the head. Rules for elements reach
    rendered text; text in a template if they name that or what it holds."""
    preformatted: bool = False
    """Whether spaces stand as they are in the source; the text of a line then begins with its indentation."""
    cell: tuple[int, int] | None = None
    """The innermost table cell that it stands in, as the numbers of its row and of the cell; None outside of tables."""
    node: int = 0
    """The `mem_id` of the text node, or of the element whose attribute or data it is; 0 in the head."""
    start: int = 0
    """The character of the text node that it begins with; below 0 where indentation of another node stands before it."""
    name: str = ""
    """The name of the attribute; of a string in JSON-LD its properties, as `author.name`."""

    @property
    def is_beside(self) -> bool:
        """Whether it stands in an attribute or in data, beside the elements of the page."""
        return self.source in ("attribute", "alt", "json-ld")


PieceRow = tuple[str, int, int | None, str, bool, tuple[int, int] | None, int, int, str]
"""The fields of a TextPiece."""

_Inherited = tuple[int | None, str, bool, tuple[int, int] | None]
"""What holds in all of an element: rule, source, preformatted and cell of its text."""


class SelectorError(Impossible):
    """A selector that the CSS parser refuses."""


def parse(html: str) -> LexborHTMLParser:
    """The page as an HTML5 tree, the content of each `template` inside of it. Raises Unreadable for what would take too
    long."""
    if why := why_unreadable(html):
        raise Unreadable(f"the page cannot be read in reasonable time: {why}")
    return parse_readable(html.encode("utf-8", "ignore"))


def parse_readable(html: bytes) -> LexborHTMLParser:
    """The same of a page in UTF-8 that was found to be readable."""
    tree = _tree(html)
    if _TEMPLATE.search(html):
        _fill_templates(tree)
    return tree


def _tree(html: str | bytes) -> LexborHTMLParser:
    """What the parser makes of HTML. Raises MemoryError: it refuses nothing for another reason."""
    try:
        return LexborHTMLParser(html)
    except SelectolaxError:
        raise MemoryError("the parser has no memory left") from None


def _fill_templates(tree: LexborHTMLParser) -> None:
    """Put what templates hold, which the parser keeps out of the tree, among their children."""
    for template in tree.css("template"):
        written = template.html or ""
        content = _tree(written[written.index(">") + 1 : written.rindex("</")])
        _fill_templates(content)
        child = content.body.first_child if content.body is not None else None
        while child is not None:
            following = child.next
            template.insert_child(child)
            child = following


def select(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The elements that a CSS selector names, in page order. Raises SelectorError."""
    try:
        return tree.css(selector)
    except SelectolaxError as error:
        raise SelectorError(f"not a CSS selector: {selector!r}") from error


def is_shadow_root(template: LexborNode) -> bool:
    """Whether browsers show what a `template` holds, as the content of the element around it."""
    return "shadowrootmode" in template.attributes


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
    return map(TextPiece._make, piece_rows(tree, matches, with_hidden=with_hidden))


def piece_rows(
    tree: LexborHTMLParser, matches: Sequence[Sequence[LexborNode]] = (), *, with_hidden: bool = True
) -> Iterator[PieceRow]:
    """The same as plain tuples, which take a third of the time to make."""
    rule_of: dict[int, int] = {}
    for index, nodes in enumerate(matches):
        for named in nodes:
            rule_of[named.mem_id] = index
    # Few elements have attributes that matter; asking each for its own takes longer than all else.
    looked_at = {node.mem_id for node in tree.css(_LOOKED_AT if with_hidden else _LOOKED_AT_OR_HIDDEN)}
    number = 0  # of the last line that was begun

    def beside(text: str, source: str, node: LexborNode, name: str) -> Iterator[PieceRow]:
        """Text that no line of the page has, in lines of its own."""
        nonlocal number
        for row in text.split("\n"):
            if row.strip():
                number += 1
                yield row, number, None, source, False, None, node.mem_id, 0, name

    for text in _head_texts(tree):
        yield text, number, None, "metadata", False, None, 0, 0, ""
        number += 1
    for script in _head_scripts(tree):
        for name, text in _linked_data(script):
            yield from beside(text, "json-ld", script, name)
    line: int | None = None  # the current line; None before anything stands in it
    indent = ""  # of a preformatted line in which nothing else stands yet
    table_rows: dict[int, int] = {}  # numbers, by the element
    cells = count()
    rule = rule_of.get(tree.root.mem_id) if tree.root is not None else None
    source, preformatted, cell = "text", False, None
    # A stack of our own, since pages may be nested deeper than Python's: for each open element what comes behind it, what
    # holds there, and whether its end ends the line.
    stack: list[tuple[LexborNode | None, _Inherited, bool]] = []
    node: LexborNode | None = tree.body
    while node is not None or stack:
        if node is None:
            node, (rule, source, preformatted, cell), ends_line = stack.pop()
            if ends_line:
                line, indent = None, ""
            continue
        tag = node.tag or ""
        following = node.next if stack else None
        if tag == _TEXT:
            text = node.text_content or ""
            if not preformatted:
                if text and not (line is None and text.isspace()):
                    start = 0
                    if line is None:
                        line = number = number + 1
                        start = -len(indent)
                        text, indent = indent + text, ""
                    yield text, line, rule, source, False, cell, node.mem_id, start, ""
                node = following
                continue
            end = -1
            for index, row in enumerate(text.split("\n")):
                start, end = end + 1, end + 1 + len(row)
                if index:
                    line, indent = None, ""
                if not row or (line is None and row.isspace()):
                    indent += row
                    continue
                if line is None:
                    line = number = number + 1
                    start -= len(indent)
                    row, indent = indent + row, ""
                yield row, line, rule, source, preformatted, cell, node.mem_id, start, ""
            node = following
            continue
        element = node.mem_id
        is_looked_at = element in looked_at
        if not node.is_element_node or (not with_hidden and is_looked_at and is_hidden(node)):
            node = following
            continue
        inherited = rule, source, preformatted, cell
        is_inert = False
        if tag in UNSEEN:
            if tag == "script":
                for name, text in _linked_data(node):
                    yield from beside(text, "json-ld", node, name)
            if tag != "template":
                node = following
                continue
            is_inert = not is_shadow_root(node)
            source = "template" if is_inert else "shadow"
        elif tag == "noscript":
            source = "noscript"
        if is_inert:
            rule = None
        own = rule_of.get(element)
        if own is not None and (rule is None or own > rule):
            rule = own
        if is_looked_at:
            attributes = node.attributes
            alt = attributes.get("alt") if tag in WITH_ALT else None
            if alt and alt.strip():
                number += 1
                yield alt, number, None, "alt", False, None, element, 0, "alt"
            for name in _READ_ALOUD:
                if name in attributes:
                    yield from beside(attributes[name] or "", "attribute", node, name)
        ends_line = tag in BREAKS_LINE or is_inert
        if ends_line:
            line, indent = None, ""
        if tag in _CELLS:
            above = node.parent.mem_id if node.parent is not None else node.mem_id
            cell = (table_rows.setdefault(above, len(table_rows)), next(cells))
        preformatted = preformatted or tag in PREFORMATTED
        stack.append((following, inherited, ends_line))
        node = node.first_child


def _linked_data(script: LexborNode) -> Iterator[tuple[str, str]]:
    """The strings of a script that holds JSON-LD, each with the names of its properties; nothing if it is no JSON."""
    if (script.attributes.get("type") or "").partition(";")[0].strip().lower() != _LINKED_DATA:
        return
    try:
        found = json.loads(script.text(), strict=False)
    except (ValueError, RecursionError):
        return
    stack: list[tuple[str, Any]] = [("", found)]
    while stack:
        name, value = stack.pop()
        if isinstance(value, str):
            yield name, _without_markup(value)
        elif isinstance(value, list):
            stack += [(name, item) for item in reversed(value)]
        elif isinstance(value, dict):
            inside = ((f"{name}.{key}" if name else key, item) for key, item in value.items() if not key.startswith("@"))
            graph = [(name, value["@graph"])] if "@graph" in value else []
            stack += [*graph, *reversed([*inside])]


def _head_scripts(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    if tree.head is not None:
        yield from (node for node in tree.head.traverse() if node.tag == "script")


def _without_markup(text: str) -> str:
    """The text of a string that may be HTML, as articles in JSON-LD sometimes are."""
    if not _MARKUP.search(text):
        return text
    found = groupby((piece for piece in pieces(parse(text)) if piece.source in RENDERED), key=lambda piece: piece.line)
    return "\n".join("".join(piece.text for piece in line) for _, line in found)


def _head_texts(tree: LexborHTMLParser) -> Iterator[str]:
    """The title and the descriptions of a page."""
    found = [*_children(tree.head)]
    yield from (node.text() for node in found if node.tag == "title")
    for attributes in (node.attributes for node in found if node.tag == "meta"):
        for name, value in _DESCRIPTIONS:  # what is both counts twice
            if attributes.get(name) == value:
                yield attributes.get("content") or ""


def _children(parent: LexborNode | None) -> Iterator[LexborNode]:
    node = parent.first_child if parent is not None else None
    while node is not None:
        yield node
        node = node.next
