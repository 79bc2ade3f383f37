"""The tags in the source of an HTML page, for what must be known before a page is parsed, or read beside the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Elements in which no tag is read but their own end.
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})

_OPEN = re.compile(r"<(?:!--(?:-?>|.*?(?:--!?>|\Z))|[!?][^>]*>?|(/?)([a-z][^\s/>]*))", re.I | re.S)
_ATTRIBUTE = re.compile(r"([\s/]*)([^\s/>][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*)|(?=>)))?")
_END = re.compile(r"[\s/]*>")


@dataclass(frozen=True)
class Attribute:
    """An attribute as written in the source, where `start` and `end` are its characters with the space before it."""

    name: str
    """In lower case."""
    value: str
    """As in the source, without quotes; empty if there is none."""
    start: int
    """The first character, with the space before it."""
    end: int
    """The character after the last one."""


@dataclass(frozen=True)
class Tag:
    """A start tag (`closing` false) or end tag between two characters of the source. Names are in lower case."""

    name: str
    """In lower case."""
    closing: bool
    """Whether it is an end tag."""
    attributes: tuple[Attribute, ...]
    """In the order of the source."""
    start: int
    """Its first character."""
    end: int
    """The character after its last one."""


def tags(html: str) -> Iterator[Tag]:
    """All tags of a page in page order, in linear time; none inside comments or inside scripts and the like."""
    position = 0
    while opening := _OPEN.search(html, position):
        position = opening.end()
        if opening[2] is None:
            continue
        attributes = []
        while attribute := _ATTRIBUTE.match(html, position):
            value = next((group for group in attribute.groups()[2:] if group is not None), "")
            attributes.append(Attribute(attribute[2].lower(), value, attribute.start(), attribute.end()))
            position = attribute.end()
        end = _END.match(html, position)
        if end is None:
            return  # the page ends inside a tag, which is then no tag
        position = end.end()
        name, closing = opening[2].lower(), bool(opening[1])
        yield Tag(name, closing, tuple(attributes), opening.start(), position)
        if name in _RAW and not closing:
            close = re.compile(rf"</{name}(?=[\s/>])", re.I).search(html, position)
            position = close.start() if close else len(html)
