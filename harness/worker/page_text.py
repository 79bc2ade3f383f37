"""The text of an HTML page, for extractors made for HTML that ask for it.

Standard library only and Python 3.8, since workers load this file by itself.
"""

from __future__ import annotations

import html.parser
from typing import Any


def text_of(content: str, elements: Any) -> str:
    """The text between the tags, line by line. elements: the module of this name beside this one."""
    reader = _TextReader(elements)
    reader.feed(content)
    reader.close()
    return "".join(reader.parts)


class _TextReader(html.parser.HTMLParser):
    """Gathers the text of an HTML page, a line for each block and each line of preformatted text."""

    def __init__(self, elements: Any) -> None:
        super().__init__()
        self._elements = elements
        self.parts: list[str] = []
        self._unseen = 0
        self._preformatted = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "body":
            self._unseen = 0  # the end tag of `head` may be left out
        self._unseen += tag in self._elements.UNSEEN
        self._preformatted += tag in self._elements.PREFORMATTED
        if tag in self._elements.BREAKS_LINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in self._elements.UNSEEN))
        self._preformatted = max(0, self._preformatted - (tag in self._elements.PREFORMATTED))
        if tag in self._elements.BREAKS_LINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data if self._preformatted else data.replace("\n", " "))
