"""A stored page, and what an extractor of the other track is given of it."""

from __future__ import annotations

import hashlib
import html as html_escape
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from harness.pages import visible
from harness.pages.decoding import Encoding, encoding_of, text_of, utf8_of
from harness.pages.flags import PAGE_FLAGS
from harness.pages.limits import LONGEST, find_excess
from harness.pages.line_words import LineWords, words_of_lines
from harness.pages.plain import is_plain
from harness.pages.words import visible_lines

Media = Literal["text/html", "text/plain"]

MEDIA: tuple[Media, ...] = ("text/html", "text/plain")


class PageRows(NamedTuple):
    """The lines of a page's text, and then of its text that is not rendered. The lists run parallel."""

    texts: list[str]
    """The text of each."""
    sources: list[str]
    """`text` where it is rendered; else as in `Page.text_beside`."""
    numbers: list[int]
    """The number of the line, from 0, blank ones included."""


class KnownPage(NamedTuple):
    """What an earlier look at a page's bytes has shown."""

    size: int
    """How many bytes it has."""
    unreadable: str
    """As `Page.unreadable`."""


@dataclass(frozen=True)
class Page:
    """A page as it was stored, in whatever encoding."""

    given_raw: bytes = field(repr=False)
    """The page's own bytes; empty where `reads_raw` is there."""
    media: Media
    """`text/html`, or `text/plain` for a text dump."""
    url: str | None = None
    """The page's address; None where unknown."""
    lang: str | None = None
    """A BCP 47 tag; None where unknown."""
    charset: str | None = None
    """The label of the encoding that came with the bytes, such as HTTP's charset; None where none did."""
    reads_raw: Callable[[], bytes] | None = None
    """Reads the page's own bytes when something first needs them."""
    known: KnownPage | None = field(default=None, compare=False)
    """What is known of the bytes without reading them; None where they have to be read."""

    @cached_property
    def raw(self) -> bytes:
        """The page's own bytes."""
        return self.reads_raw() if self.reads_raw else self.given_raw

    def read(self) -> None:
        """Read the bytes, unless they are there. Raises what reading them raises."""
        _ = self.raw

    @property
    def size(self) -> int:
        """How many bytes the page has."""
        return self.known.size if self.known else len(self.raw)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the stored bytes, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    @cached_property
    def encoding(self) -> Encoding:
        """The encoding of the bytes (see harness.pages.decoding)."""
        return encoding_of(self.raw, self.charset, html=self.media == "text/html")

    @cached_property
    def utf8(self) -> bytes:
        """The same as `content` in UTF-8: of most pages the stored bytes themselves."""
        return utf8_of(self.raw, self.charset, html=self.media == "text/html")

    @property
    def content(self) -> str:
        """The bytes as text, without a byte order mark; made anew each time, since it takes more memory than time."""
        return text_of(self.raw, self.charset, html=self.media == "text/html")

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """Those of PAGE_FLAGS that hold."""
        holds = (self.encoding.guessed, self.encoding.misdeclared, "\ufffd" in self.content)
        return tuple(flag for flag, held in zip(PAGE_FLAGS, holds) if held)

    @property
    def html(self) -> str:
        """The page as HTML; a text dump is wrapped, each line escaped in a `<p>`."""
        return self.content if self.media == "text/html" else wrap_text(self.content)

    @cached_property
    def unreadable(self) -> str:
        """Why the page would take too long or too much memory to read; empty if it would not."""
        if self.known:
            return self.known.unreadable
        # No character takes less than a byte.
        if len(self.raw) <= LONGEST and (self.media == "text/plain" or is_plain(self.raw)):
            return ""
        content = self.content
        if len(content) > LONGEST:
            return f"it has more than {LONGEST:,} characters"
        return find_excess(content) if self.media == "text/html" else ""

    def tree(self) -> LexborHTMLParser:
        """An HTML page as a tree (see harness.pages.visible.parse). Raises Unreadable."""
        if self.unreadable:
            return visible.parse(self.content)
        return visible.parse_readable(self.utf8)

    @cached_property
    def text(self) -> str:
        """The page as text; of an HTML page the text of its body, line by line (see harness.pages.visible)."""
        return self._read[0]

    @cached_property
    def text_beside(self) -> tuple[tuple[str, str], ...]:
        """Lines of an HTML page that are not rendered, each with its source (see harness.pages.visible.TextPiece): text of
        templates, attributes, JSON-LD and the head.
        """
        return self._read[1]

    @cached_property
    def rows(self) -> PageRows:
        """The lines of `text` and of `text_beside` that are not blank."""
        rendered = self.text.splitlines()
        texts = rendered + [line for line, _ in self.text_beside]
        sources = ["text"] * len(rendered) + [source for _, source in self.text_beside]
        numbers = [k for k, line in enumerate(texts) if line.strip()]
        return PageRows([texts[k] for k in numbers], [sources[k] for k in numbers], numbers)

    @cached_property
    def row_words(self) -> LineWords:
        """The words of `rows`."""
        return words_of_lines(visible_lines(self.rows.texts))

    @cached_property
    def _read(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        if self.media == "text/plain":
            return self.content, ()
        rendered: list[tuple[str, int]] = []
        others: list[tuple[str, tuple[int, str]]] = []
        for text, line, _, source, *_ in visible.piece_rows(self.tree()):
            if source in visible.RENDERED:
                rendered.append((text, line))
            else:
                others.append((text, (line, source)))
        lines = groupby(others, key=itemgetter(1))
        beside = tuple(("".join(text for text, _ in row), source) for (_, source), row in lines)
        return _text_of(rendered), beside


def wrap_text(text: str) -> str:
    """A text dump as an HTML page: every line that is not blank, escaped, in a `<p>`."""
    paragraphs = (f"<p>{html_escape.escape(line)}</p>" for line in text.splitlines() if line.strip())
    return '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{}\n</body></html>\n'.format(
        "\n".join(paragraphs)
    )


def visible_text(html: str, *, with_hidden: bool = True) -> str:
    """The text in the body of an HTML page, read by selectolax's HTML5 parser, lines broken at block elements.

    with_hidden: also the text of elements that their own attributes hide.
    """
    rows = visible.piece_rows(visible.parse(html), with_hidden=with_hidden)
    return _text_of((text, line) for text, line, _, source, *_ in rows if source in visible.RENDERED)


def _text_of(pieces: Iterable[tuple[str, int]]) -> str:
    """The text of pieces, each with the number of its line."""
    parts: list[str] = []
    before = None
    for text, line in pieces:
        if line != before:
            parts.append("\n")
            before = line
        # A line break in the text of a page is a space.
        parts.append(text.replace("\n", " ") if "\n" in text else text)
    return "\n".join([" ".join(line.split()) for line in "".join(parts[1:]).split("\n")])


def laid_out_text(html: str) -> str:
    """The lines of an HTML output with the spaces of preformatted text as they are, such as the indentation of code."""
    lines = _lines(visible.pieces(visible.parse(html), with_hidden=False))
    return "\n".join(line.rstrip() if preformatted else " ".join(line.split()) for line, preformatted in lines)


def _lines(pieces: Iterable[visible.TextPiece]) -> Iterator[tuple[str, bool]]:
    """The lines of a page's body, each with whether it begins in preformatted text."""
    rendered = (piece for piece in pieces if piece.source in visible.RENDERED)
    for _, group in groupby(rendered, key=lambda piece: piece.line):
        line = list(group)
        yield "".join(piece.text for piece in line), line[0].preformatted
