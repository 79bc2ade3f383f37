"""Common Crawl's WET files: every text node of a page, in the order of the source.

Source: commoncrawl/ia-web-commons, src/main/java/org/archive/resource/html/ExtractingParseObserver.java at e379dcc: text
nodes one after another, the title's among them, without comments, scripts and styles. But for `pre`, character references
are resolved and white space collapses. The lexer here is Python's, not htmlparser's: it may read broken markup otherwise.
"""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import Any

from harness import extractor


class TextNodes(HTMLParser):
    """Collects the text nodes of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)  # they stay as they are in `pre`
        self.parts: list[str] = []
        self.last = " "
        self.inside_pre = False
        self.inside_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what text stands in."""
        self.inside_pre = self.inside_pre or tag == "pre"
        self.inside_code = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        """Note what text no longer stands in."""
        self.inside_pre = self.inside_pre and tag != "pre"
        self.inside_code = False

    def handle_data(self, data: str) -> None:
        """Add text. Of a run of white space the first character is kept."""
        if self.inside_code:
            return
        if self.inside_pre:
            self.parts.append(data)
            self.last = data[-1]
            return
        for character in unescape(data).replace("\xa0", " ").replace("\r", "\n"):
            if not (self.last.isspace() and character.isspace()):
                self.parts.append(character)
            self.last = character

    def handle_entityref(self, name: str) -> None:
        """Add a character that is referred to by name."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Add a character that is referred to by number."""
        self.handle_data(f"&#{name};")


@extractor(media="text/html", homepage="https://github.com/commoncrawl/ia-web-commons", licence="Apache-2.0", reference=True)
def wet(page: Any) -> str:
    """Reference: Common Crawl's WET, all text of the source without its scripts and styles; no line breaks of its own."""
    nodes = TextNodes()
    nodes.feed(page.html)
    nodes.close()
    return "".join(nodes.parts)
