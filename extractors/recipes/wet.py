"""Common Crawl's WET files: every text node of a page, in the order of the source, with a line for each block.

Source: commoncrawl/ia-web-commons, src/main/java/org/archive/resource/html/ExtractingParseObserver.java at 1d94164: text
nodes one after another, the title's among them, without comments, scripts and styles. Character references are resolved.
But for `pre`, white space collapses and control characters are spaces. A block begins and ends a line, and some other
elements keep their text apart from its neighbours. Until e379dcc there were no lines and spaces for elements, so that WET
files of the first years glue the texts of neighbouring blocks together. The lexer here is Python's, not htmlparser's: it may
read broken markup otherwise.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from harness import extractor

# A line of their own. As in the source, `main`, `nav`, `option` and `td` are not among them.
BLOCKS = frozenset(
    """
    address article aside blockquote body br button canvas caption col colgroup dd div dl dt embed fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li map noscript object ol output p pre progress section table
    tbody textarea tfoot th thead title tr ul video
    """.split()
)
# A space before and behind.
SPACED = frozenset("cite datalist details iframe img input label legend optgroup q select summary td time".split())
CONTROLS = dict.fromkeys([*range(0x20), 0x7F, 0xA0], " ")
NO_SPACES = "\x85\u2007\u202f"  # for Java


class TextNodes(HTMLParser):
    """Collects the text nodes of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []  # characters
        self.inside_pre = False
        self.inside_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what text stands in."""
        self.inside_pre = self.inside_pre or tag == "pre"
        self.inside_code = tag in ("script", "style")
        if tag != "title":
            self.separate(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note what text no longer stands in."""
        self.separate(tag)
        self.inside_pre = self.inside_pre and tag != "pre"
        self.inside_code = False

    def separate(self, tag: str) -> None:
        """End a line or a word where an element does."""
        if tag in BLOCKS:
            while self.text and self.text[-1] == " ":
                self.text.pop()
            if self.text and self.text[-1] != "\n":
                self.text.append("\n")
        elif tag in SPACED and self.text and self.text[-1] not in " \n":
            self.text.append(" ")

    def handle_data(self, data: str) -> None:
        """Add text. Of a run of white space the first character is kept."""
        if self.inside_code:
            return
        if self.inside_pre:
            self.text.extend(data)
            return
        after_space = not self.text or is_space(self.text[-1])
        for character in data.translate(CONTROLS):
            space = is_space(character)
            if not (after_space and space):
                self.text.append(character)
            after_space = space


def is_space(character: str) -> bool:
    """Whether Java takes a character for white space."""
    return character.isspace() and character not in NO_SPACES


@extractor(media="text/html", homepage="https://github.com/commoncrawl/ia-web-commons", licence="Apache-2.0", reference=True)
def wet(page: Any) -> str:
    """Reference: Common Crawl's WET, all text of the source without its scripts and styles, a line for each block."""
    nodes = TextNodes()
    nodes.feed(page.html)
    nodes.close()
    return "".join(nodes.text)
