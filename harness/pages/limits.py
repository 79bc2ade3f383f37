"""Which HTML can be read in reasonable time and memory, found by counting before a parser sees it.

Parsers take time in the square of depth, of the attributes of one element and of the options of one list, and make a copy
of every formatting element that is left open for each paragraph behind it: 30 kB become a gigabyte. The counts do not
depend on the machine. They are estimates that err on the side of more.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from harness.common.errors import CannotTell

TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)([^<>]*)>?")
"""A tag: the slash of an end tag, the name, and what follows it."""

_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SEPARATORS = re.compile(r"[\s/]+")
_NEVER_DEEP = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_ENDS_ITS_LIKE = frozenset("p li dt dd tr td th thead tbody tfoot option".split())  # where no end tag stands
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_CLOSES_ALL_INSIDE = frozenset(
    "address article aside blockquote body center details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4"
    " h5 h6 header hgroup li main menu nav ol p pre search section summary ul".split()
)
_CLOSES_NOTHING_OUTSIDE = frozenset("applet button caption marquee object select table td template th".split())
_MAY_SEPARATE = re.compile(rb"[\s\x1c-\x1f/\x80-\xff]+")  # attributes, whatever the encoding
_NAME_BYTES = 8  # of a tag's name that are looked at: no formatting element has as many
_FORMATTING_NAMES = np.array(
    [int.from_bytes(name.encode("ascii").ljust(_NAME_BYTES, b"\0"), sys.byteorder) for name in _FORMATTING], np.uint64
)
_ENDS_NAME = np.zeros(256, bool)
_ENDS_NAME[[*b" \t\n\x0b\f\r\x1c\x1d\x1e\x1f/<>\0"]] = True
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
        if name in _FORMATTING:
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


def is_plain(raw: bytes, limits: ParserLimits = PAGES) -> bool:
    """Whether bytes cannot be HTML beyond the limits, by much simpler counts, none of which is too low: usual pages need no
    more.

    Bytes in which `<` and `>` may be parts of other characters, as in UTF-16 and ISO-2022-JP, are not told to be plain.
    """
    if b"\0" in raw or b"\x1b" in raw:
        return False
    padded = np.frombuffer(raw + bytes(_NAME_BYTES + 2), np.uint8)
    tags = np.flatnonzero(padded == ord("<"))
    if len(tags) > min(limits.depth, limits.options):
        return False
    long = np.flatnonzero(np.diff(tags, append=len(raw)) > limits.attributes).tolist()
    if any(_has_many_attributes(raw[tags[k] : tags[k + 1] if k + 1 < len(tags) else None], limits) for k in long):
        return False
    is_end = padded[tags + 1] == ord("/")
    letters = padded[(tags + 1 + is_end)[:, None] + np.arange(_NAME_BYTES)]
    in_name = np.logical_and.accumulate(~_ENDS_NAME[letters], axis=1)
    names = np.where(in_name, letters | 0x20, 0).astype(np.uint8).view(np.uint64)[:, 0]
    is_formatting = np.isin(names, _FORMATTING_NAMES)
    opened = np.zeros(len(tags), np.int64)  # by how much each tag changes the number of formatting elements that are open
    for name in np.unique(names[is_formatting]):
        places = np.flatnonzero(names == name)
        balance = np.cumsum(np.where(is_end[places], -1, 1))
        left_open = balance - np.minimum.accumulate(np.minimum(balance, 0))
        opened[places] = np.diff(left_open, prepend=0)
    return int(np.cumsum(opened)[~is_formatting & ~is_end].sum()) <= limits.copies


def _has_many_attributes(tag: bytes, limits: ParserLimits) -> bool:
    """Whether a tag, with the text behind it, may have too many attributes."""
    if not tag[1:3].lstrip(b"/")[:1].isalpha() or b">" in tag[: limits.attributes]:
        return False
    return len(_MAY_SEPARATE.findall(tag.partition(b">")[0])) >= limits.attributes


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
