"""Pages whose labels are written into their HTML: taking the labels out of the source, and reading them.

The source is rewritten tag by tag and not parsed and written anew: what an extractor is given must be the page as its
site sent it, and a serialiser would repair nesting, quotes and entities, which is part of what extractors are tested on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.golden import Segment
from harness.goldens.vocabulary import LabelVerdict
from harness.pages import visible
from harness.pages.tags import Attribute, Tag, tags

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


ElementRule = tuple[Sequence[LexborNode], LabelVerdict, str]


def segments(tree: LexborHTMLParser, rules: Sequence[ElementRule]) -> tuple[Segment, ...]:
    """The text of a page under rules of elements, verdict and kind; as in goldens, a later rule wins, and elements
    without a rule are `drop`.
    """
    found = []
    for piece in visible.pieces(tree, [nodes for nodes, _, _ in rules]):
        verdict: LabelVerdict = "drop"
        kind = "other" if piece.source == "text" else piece.source
        if piece.rule is not None:
            _, verdict, kind = rules[piece.rule]
        found.append(Segment(piece.text, verdict, kind, piece.line, piece.preformatted, piece.cell))
    return tuple(found)


def innermost_first(rules: Sequence[ElementRule]) -> list[ElementRule]:
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
