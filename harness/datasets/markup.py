"""Pages whose labels are written into their HTML: taking the labels out of the source, and reading them.

The source is rewritten tag by tag and not parsed and written anew: what an extractor is given must be the page as its
site sent it, and a serialiser would repair nesting, quotes and entities, which is part of what extractors are tested on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.golden import Segment
from harness.goldens.vocabulary import Verdict
from harness.pages import visible

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


Edit = tuple[int, int, str]  # the characters from one place to another become a text


def rewritten(html: str, edits_of: Callable[[str, Tag], Iterator[Edit]]) -> str:
    """The page with the edits of each tag made, which `edits_of` yields in page order. All else stays as it is."""
    parts = []
    position = 0
    for tag in tags(html):
        for start, end, text in edits_of(html, tag):
            parts += [html[position:start], text]
            position = end
    return "".join([*parts, html[position:]])


def without_attribute(html: str, attribute: Attribute) -> Edit:
    """The edit that takes an attribute out without joining its neighbours."""
    # Before a slash the space stays, or it would become a part of an unquoted value before it.
    follows = html[attribute.end : attribute.end + 1]
    space = "" if follows.isspace() or follows == ">" else " "
    return attribute.start, attribute.end, space


Rule = tuple[Sequence[LexborNode], Verdict, str]


def segments(tree: LexborHTMLParser, rules: Sequence[Rule]) -> tuple[Segment, ...]:
    """The text of a page under rules of elements, verdict and kind; as in goldens, a later rule wins, and elements
    without a rule are `drop`.
    """
    found = []
    for piece in visible.pieces(tree, [nodes for nodes, _, _ in rules]):
        verdict: Verdict = "drop"
        kind = "other" if piece.source == "text" else piece.source
        if piece.rule is not None:
            _, verdict, kind = rules[piece.rule]
        found.append(Segment(piece.text, verdict, kind, piece.line, piece.preformatted, piece.cell))
    return tuple(found)


def innermost(rules: Sequence[Rule]) -> list[Rule]:
    """The same rules in such an order that of two elements, one inside the other, the inner one wins.

    No element may stand in two rules.
    """
    marked = {node.mem_id for nodes, _, _ in rules for node in nodes}
    levels: dict[int, int] = {}
    ordered: dict[tuple[int, int], list[LexborNode]] = {}
    for number, (nodes, _, _) in enumerate(rules):
        for node in nodes:
            ordered.setdefault((_level(node, marked, levels), number), []).append(node)
    return [(nodes, *rules[number][1:]) for (_, number), nodes in sorted(ordered.items(), key=lambda item: item[0])]


def _level(node: LexborNode, marked: set[int], levels: dict[int, int]) -> int:
    """How many marked elements there are from the root down to a node. `levels` remembers, so that all nodes of a page
    take linear time.
    """
    path: list[LexborNode] = []
    above: LexborNode | None = node
    while above is not None and above.mem_id not in levels:
        path.append(above)
        above = above.parent
    level = levels[above.mem_id] if above is not None else 0
    for step in reversed(path):
        level += step.mem_id in marked
        levels[step.mem_id] = level
    return level
