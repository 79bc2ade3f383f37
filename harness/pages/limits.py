"""Which HTML can be read in reasonable time and memory, found by counting before a parser sees it.

Parsers take time in the square of depth, of the attributes of one element and of the options of one list, and make a copy
of every formatting element that is left open for each paragraph behind it: 30 kB become a gigabyte. The counts do not
depend on the machine. They are estimates that err on the side of more.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from harness.common.errors import CannotTell

TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)([^<>]*)>?")
"""A tag: the slash of an end tag, the name, and what follows it."""

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SEPARATORS = re.compile(r"[\s/]+")
_NEVER_DEEP = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_ENDS_ITS_LIKE = frozenset("p li dt dd tr td th thead tbody tfoot option".split())  # where no end tag stands
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_CLOSES_ALL_INSIDE = frozenset(
    "address article aside blockquote body center details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4"
    " h5 h6 header hgroup li main menu nav ol p pre search section summary ul".split()
)
_CLOSES_NOTHING_OUTSIDE = frozenset("applet button caption marquee object select table td template th".split())
_LOOKED_BACK = 50  # open elements in which the one that an end tag names is looked for
_COPIES = 3  # of equal formatting elements, more of which are not copied


class Unreadable(CannotTell):
    """HTML that would take too long or too much memory to read; the message says why."""


@dataclass(frozen=True)
class ParserLimits:
    """The most of everything that may be read."""

    depth: int
    """Elements that are open at once."""
    attributes: int
    """Attributes of one element."""
    options: int
    """Options of all lists together."""
    copies: int
    """Formatting elements that are made again for paragraphs behind them."""


PAGES = ParserLimits(20_000, 20_000, 20_000, 500_000)
"""Pages: what takes about a second."""
OUTPUTS = ParserLimits(2_000, 2_000, 20_000, 50_000)
"""Outputs in HTML: beyond what any page for readers needs, they still have their text."""

LONGEST = 30_000_000
"""Characters of a page or an output: what takes about 1.5 GB to score."""

LARGEST_PAGE = 100_000_000
"""Bytes of a page, unpacked."""

_FEW_TAGS, _FEW_CHARACTERS = 300, 2_000  # that reach no limit


def find_excess(html: str, limits: ParserLimits = PAGES) -> str:
    """Why HTML is beyond the limits, empty if it is not. Linear in its length."""
    from harness.pages.plain import is_plain  # here, since lists read no page, and need no numpy

    if (len(html) <= _FEW_CHARACTERS and html.count("<") <= _FEW_TAGS) or is_plain(
        html.encode("utf-8", "surrogatepass"), limits
    ):
        return ""
    open_elements: list[str] = []
    formatting: dict[str, list[str]] = {}
    left_open: Counter[str] = Counter()
    to_copy = copies = options = 0
    for tag in TAG.finditer(html):
        name = tag[2].lower()
        innermost = open_elements[-1] if open_elements else ""
        if tag[1]:
            _close(name, open_elements)
            if formatting.get(name):
                last = formatting[name].pop()
                to_copy -= left_open[last] <= _COPIES
                left_open[last] -= 1
            continue
        if name not in _NEVER_DEEP and not (name == innermost and name in _ENDS_ITS_LIKE):
            open_elements.append(name)
        if name in FORMATTING:
            formatting.setdefault(name, []).append(tag[0])
            left_open[tag[0]] += 1
            to_copy += left_open[tag[0]] <= _COPIES
        elif name in _CLOSES_ALL_INSIDE:
            copies += to_copy
        options += name == "option"
        if len(open_elements) > limits.depth:
            return f"more than {limits.depth:,} elements are open at once"
        if copies > limits.copies:
            return f"formatting elements that are left open would be copied more than {limits.copies:,} times"
        if options > limits.options:
            return f"there are more than {limits.options:,} options"
        if len(tag[3]) > limits.attributes and len(_SEPARATORS.split(_QUOTED.sub("", tag[3]))) > limits.attributes:
            return f"an element has more than {limits.attributes:,} attributes"
    return ""


why_unreadable = lru_cache(maxsize=4)(find_excess)
"""`find_excess` that knows the last ones, for outputs, which are read several times."""


def _close(name: str, open_elements: list[str]) -> None:
    """Take away what an end tag closes."""
    if open_elements and open_elements[-1] == name:
        open_elements.pop()
    elif name in _CLOSES_ALL_INSIDE:
        for back in range(1, min(_LOOKED_BACK, len(open_elements)) + 1):
            if open_elements[-back] == name:
                del open_elements[-back:]
                return
            if open_elements[-back] in _CLOSES_NOTHING_OUTSIDE:
                return
