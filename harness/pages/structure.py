"""Reads the structure of HTML or Markdown: headings, list items, tables, code blocks and links.

Markdown becomes HTML first (see formats.py), so that one reader serves both and HTML that stands in Markdown counts. The
reader takes linear time and keeps a stack of its own; how deep HTML may be is for formats.py to limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborNode

from harness.pages import visible
from harness.pages.formats import as_html
from harness.pages.words import normalise
from harness.worker.elements import BREAKS_LINE, PREFORMATTED, UNSEEN

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LARGEST_SPAN = 1000  # as in the HTML standard; a larger colspan or rowspan counts as this


@dataclass(frozen=True)
class Heading:
    """A heading."""

    level: int
    """1 to 6."""
    text: str
    """Its text."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table. Header cells and others are not told apart, since Markdown makes every first row a header."""

    text: str
    """The text of the cell."""
    colspan: int = 1
    """How many columns it spans, at least 1."""
    rowspan: int = 1
    """How many rows it spans, at least 1."""


@dataclass(frozen=True)
class Table:
    """A table as a tree of three levels: the table, its rows, their cells.

    Rows without any text are left out: Markdown needs a header row even where a table has none. The sections of a table
    (head, body, foot) are no level, since Markdown cannot say where they end.
    """

    rows: tuple[tuple[Cell, ...], ...]
    """The cells of each row, in order."""


@dataclass(frozen=True)
class Link:
    """A link."""

    text: str
    """Its text."""
    href: str
    """Its target made absolute, without a fragment."""


@dataclass(frozen=True)
class Markup:
    """The structure of a text, each kind in document order; all text normalised but that of code.

    What has no text is left out: a link around a picture says nothing that can be compared. So are links in preformatted
    text, since Markdown cannot say them.
    """

    headings: tuple[Heading, ...] = ()
    """Headings."""
    items: tuple[str, ...] = ()
    """List items, each without the items of lists inside it."""
    tables: tuple[Table, ...] = ()
    """Tables, each without the tables inside its cells, which follow it."""
    code: tuple[str, ...] = ()
    """Preformatted blocks, trailing spaces of lines cut off."""
    links: tuple[Link, ...] = ()
    """Links."""
    images: tuple[str, ...] = ()
    """The addresses of images, made absolute; those that are data themselves are left out."""


def read_markdown(text: str, base: str | None = None) -> Markup:
    """The structure of Markdown. `base`: the URL that relative links are resolved against."""
    return read_html(as_html(text, "markdown") or "", base)


def read_html(html: str, base: str | None = None) -> Markup:
    """The structure of the body of an HTML page or fragment, without what its own attributes hide.

    base: the URL that relative links are resolved against.
    """
    reader = _StructureReader(base)
    body = visible.parse(as_html(html, "html") or "").body
    stack: list[LexborNode | Callable[[], None]] = [body] if body is not None else []
    while stack:
        top = stack.pop()
        if not isinstance(top, LexborNode):
            top()
            continue
        if top.is_text_node:
            reader.text(top.text_content or "")
            continue
        if not top.is_element_node or top.tag in UNSEEN or visible.is_hidden(top):
            continue
        stack.append(reader.enter(top))
        child = top.last_child
        while child is not None:
            stack.append(child)
            child = child.prev
    return reader.markup()


@dataclass
class _Open:
    """An element whose text is being collected, and what is known of it."""

    parts: list[str] = field(default_factory=list)
    level: int = 0
    href: str = ""
    spans: tuple[int, int] = (1, 1)


class _StructureReader:
    """Collects text for the innermost open element of each kind."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._open: dict[str, list[_Open]] = {kind: [] for kind in ("heading", "item", "cell", "code", "link")}
        self._found: dict[str, list[_Open]] = {kind: [] for kind in self._open}
        self._images: list[str] = []
        self._tables: list[list[list[_Open]]] = []
        self._open_tables: list[list[list[_Open]]] = []

    def text(self, text: str) -> None:
        for stack in self._open.values():
            if stack:
                stack[-1].parts.append(text)

    def enter(self, node: LexborNode) -> Callable[[], None]:
        """Begin an element; what is returned ends it."""
        tag = node.tag or ""
        inline = tag not in BREAKS_LINE
        if tag == "br":
            return lambda: self._break("\n")
        if not inline:
            self._break()
        if tag in _HEADINGS:
            return self._collect("heading", _Open(level=_HEADINGS[tag]))
        if tag == "li":
            return self._collect("item", _Open())
        if tag in PREFORMATTED:
            return self._collect("code", _Open())
        if tag == "img" and (source := self._absolute(node.attributes.get("src"))):
            if not source.lower().startswith("data:"):
                self._images.append(source)
            return _nothing
        if tag == "a" and not self._open["code"] and (href := self._absolute(node.attributes.get("href"))):
            return self._collect("link", _Open(href=href))
        if tag == "table":
            table: list[list[_Open]] = []
            self._tables.append(table)
            self._open_tables.append(table)
            return self._leave_table
        if tag == "tr" and self._open_tables:
            self._open_tables[-1].append([])
        elif tag in ("td", "th") and self._open_tables and self._open_tables[-1]:
            cell = _Open(spans=(span_of(node, "colspan"), span_of(node, "rowspan")))
            self._open_tables[-1][-1].append(cell)
            return self._collect("cell", cell)
        return _nothing if inline else self._break

    def markup(self) -> Markup:
        tables = (tuple(tuple(_cell(open_) for open_ in row) for row in table) for table in self._tables)
        with_text = (tuple(row for row in rows if any(cell.text for cell in row)) for rows in tables)
        headings = (Heading(open_.level, _text(open_)) for open_ in self._found["heading"])
        items = (_text(open_) for open_ in self._found["item"])
        code = (_code(open_) for open_ in self._found["code"])
        links = (Link(_text(open_), open_.href) for open_ in self._found["link"])
        return Markup(
            headings=tuple(heading for heading in headings if heading.text),
            items=tuple(item for item in items if item),
            tables=tuple(Table(rows) for rows in with_text if rows),
            code=tuple(block for block in code if block),
            links=tuple(link for link in links if link.text),
            images=tuple(self._images),
        )

    def _collect(self, kind: str, open_: _Open) -> Callable[[], None]:
        stack = self._open[kind]
        stack.append(open_)
        self._found[kind].append(open_)

        def leave() -> None:
            stack.pop()
            if kind != "link":
                self._break()

        return leave

    def _leave_table(self) -> None:
        self._open_tables.pop()
        self._break()

    def _break(self, in_code: str = "") -> None:
        """Part the words of two blocks. in_code: the line break of a `br`, which counts in code even after another one."""
        for kind, stack in self._open.items():
            if not stack:
                continue
            parts = stack[-1].parts
            if kind != "code":
                parts.append(" ")
            elif in_code or (parts and not parts[-1].endswith("\n")):
                parts.append("\n")

    def _absolute(self, href: str | None) -> str:
        if href is None or (href := href.strip()).startswith("#"):
            return ""
        try:
            return urldefrag(urljoin(self._base or "", href)).url
        except ValueError:  # such as an IPv6 address without its end
            return href


def _nothing() -> None:
    pass


def _text(open_: _Open) -> str:
    return normalise("".join(open_.parts))


def _cell(open_: _Open) -> Cell:
    return Cell(_text(open_), *open_.spans)


def _code(open_: _Open) -> str:
    return "\n".join(line.rstrip() for line in "".join(open_.parts).splitlines()).strip("\n")


def span_of(node: LexborNode, name: str) -> int:
    """How many columns or rows a cell reaches over, by its `colspan` or `rowspan`: 1 to 1000, as in the HTML standard."""
    value = (node.attributes.get(name) or "").strip()
    if not value.isascii() or not value.isdigit():
        return 1
    return min(int(value[:6]), _LARGEST_SPAN) or 1
