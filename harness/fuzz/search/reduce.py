"""Takes everything out of a page that a failure does not need (delta debugging, Zeller and Hildebrandt 2002; of trees level
by level, Misherghi and Su 2006).

What is tried depends on the page and on what failed before, never on the time, so that the same page is reduced to the same.
What hides text of a page stays around that text, since its labels would be false without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from harness.fuzz.base import LayoutPage
from harness.fuzz.html.hiding import StyleSheets, css_of, decides, hides, hiding_blocks, shown_by_rules
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.tree import Element, Node, Raw, Text, put_instead, walk
from harness.fuzz.text.page import TextPage

TRIALS = 600
"""How often a page is tried."""

_NEEDED = frozenset({"html", "head", "body", "#document"})
_LONG = 240  # characters of one text that a person reads in a bug report

T = TypeVar("T")
Fails = Callable[[LayoutPage], bool]


@dataclass
class _Trials:
    """Counts down; what is tried after the last one does not fail."""

    fails: Fails
    """Whether a page fails."""

    left: int
    """How many trials are left."""

    def __call__(self, page: LayoutPage) -> bool:
        if self.left <= 0:
            return False
        self.left -= 1
        return self.fails(page)


def reduce_page(page: LayoutPage, fails: Fails, trials: int = TRIALS) -> tuple[LayoutPage, bool]:
    """The smallest page found that still fails, and whether all was tried that there is to try.

    fails: whether a page fails as the given one does, which must fail itself.
    """
    test = _Trials(fails, trials)
    if isinstance(page, TextPage):
        page = _reduced_dump(page, test)
    elif isinstance(page, DomPage):
        page = _reduced_tree(page, test)
    return page, test.left > 0


def smallest_failing(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """The items without those that can be left out, taken in ever smaller portions, the last ones first."""
    kept = list(items)
    size = max(1, len(kept))
    while kept:
        start = len(kept)
        shrunk = False
        while start > 0:
            start = max(0, start - size)
            candidate = kept[:start] + kept[start + size :]
            if fails(candidate):
                kept, shrunk = candidate, True
        if size == 1 and not shrunk:
            break
        size = size if size == 1 else max(1, size // 2)
    return kept


def _reduced_dump(page: TextPage, test: _Trials) -> TextPage:
    lines = smallest_failing(page.lines, lambda lines: test(page.with_lines(lines)))
    return page.with_lines(lines)


def _reduced_tree(page: DomPage, test: _Trials) -> DomPage:
    page = _with_short_styles(page, test)
    size = -1
    while size != (size := _size(page)) and test.left > 0:
        page = _without_subtrees(page, test)
        page = _without_wrappers(page, test)
    page = _without_attributes(page, test)
    page = _with_short_texts(page, test)
    page = _without_idle_styles(page, test)
    broken = page.with_tree(_with_lines(page.tree_to_change()))
    return broken if test(broken) else page


def _size(page: DomPage) -> int:
    return sum(1 for _ in walk(page.tree))


def _without_subtrees(page: DomPage, test: _Trials) -> DomPage:
    """Without the nodes that can go, those near the root first."""
    depth = 1
    while level := [number for number, at in enumerate(_depths(page.tree)) if at == depth]:
        nodes = list(walk(page.tree))
        removable = [n for n in level if not _is_needed(nodes[n])]
        page = _without_some(page, removable, test)
        depth += 1
    return page


def _is_needed(node: Node) -> bool:
    if isinstance(node, Element):
        return node.tag in _NEEDED or _is_hiding_style(node)
    return isinstance(node, Text) and node.parent is not None and _is_hiding_style(node.parent)


def _is_hiding_style(element: Element) -> bool:
    return element.tag == "style" and bool(hiding_blocks(css_of(element)))


def _without_some(page: DomPage, numbers: Sequence[int], test: _Trials) -> DomPage:
    def page_with(kept: Sequence[int]) -> DomPage:
        return _removed(page, set(numbers) - set(kept))

    return page_with(smallest_failing(numbers, lambda kept: test(page_with(kept))))


def _depths(tree: Element) -> Iterator[int]:
    """The depth of each node, in the order of `walk`."""
    known = {id(tree): 0}
    for node in walk(tree):
        if node.parent is not None and node is not tree:
            known[id(node)] = known[id(node.parent)] + 1
        yield known[id(node)]


def _removed(page: DomPage, numbers: Collection[int]) -> DomPage:
    """Without the nodes with these numbers, counted in page order."""
    tree = page.tree_to_change()
    gone = {id(node) for number, node in enumerate(walk(tree)) if number in numbers}
    for element in list(tree.elements()):
        element.children = [child for child in element.children if id(child) not in gone]
    return page.with_tree(tree)


def _without_wrappers(page: DomPage, test: _Trials) -> DomPage:
    """Without elements whose children can stand in their place, the innermost first."""
    sheets = StyleSheets(page.tree)
    numbers = [
        number
        for number, node in enumerate(walk(page.tree))
        if isinstance(node, Element)
        and node.tag not in _NEEDED
        and any(isinstance(child, Element) for child in node.children)
        and not (hides(node) or sheets.name(node) or any(decides(node, name) for name in node.attributes))
    ]
    for number in reversed(numbers):
        tree = page.tree_to_change()
        node = next(node for at, node in enumerate(walk(tree)) if at == number)
        children = node.children if isinstance(node, Element) else []
        put_instead(node, *children)
        candidate = page.with_tree(tree)
        if test(candidate):
            page = candidate
    return page


def _without_attributes(page: DomPage, test: _Trials) -> DomPage:
    """Without attributes, but for those that hide, or by which a style sheet may know what it hides."""
    sheets = StyleSheets(page.tree)
    places = [
        (number, name)
        for number, node in enumerate(walk(page.tree))
        if isinstance(node, Element) and not sheets.name(node)
        for name in node.attributes
        if not decides(node, name)
    ]

    def page_with(kept: Sequence[tuple[int, str]]) -> DomPage:
        gone = set(places) - set(kept)
        tree = page.tree_to_change()
        for number, node in enumerate(walk(tree)):
            if isinstance(node, Element):
                node.attributes = {key: value for key, value in node.attributes.items() if (number, key) not in gone}
        return page.with_tree(tree)

    return page_with(smallest_failing(places, lambda kept: test(page_with(kept))))


def _with_short_styles(page: DomPage, test: _Trials) -> DomPage:
    """With nothing in style sheets but what hides."""
    tree = page.tree_to_change()
    for style in [element for element in tree.elements() if element.tag == "style"]:
        if css := hiding_blocks(css_of(style)):
            style.children = []
            style.append(Text(css))
    shorter = page.with_tree(tree)
    return shorter if test(shorter) else page


def _without_idle_styles(page: DomPage, test: _Trials) -> DomPage:
    """Without style sheets if none of them may hide anything that is left."""
    if None in shown_by_rules(page.tree):
        return page
    tree = page.tree_to_change()
    for style in [element for element in tree.elements() if element.tag == "style"]:
        put_instead(style)
    without = page.with_tree(tree)
    return without if test(without) else page


def _with_short_texts(page: DomPage, test: _Trials) -> DomPage:
    """With long texts cut to their first half, again and again."""
    for number, node in enumerate(list(walk(page.tree))):
        while isinstance(node, Text) and len(node.data) > _LONG:
            tree = page.tree_to_change()
            node = next(node for at, node in enumerate(walk(tree)) if at == number)
            assert isinstance(node, Text)
            words = node.data.split()
            node.data = " ".join(words[: len(words) // 2]) if len(words) > 1 else node.data[: len(node.data) // 2]
            candidate = page.with_tree(tree)
            if not test(candidate):
                break
            page = candidate
    return page


def _with_lines(tree: Element) -> Element:
    """With a line break behind every block that holds text, and no other white space between blocks."""
    for element in list(tree.elements()):
        if any(isinstance(child, Text) and not child.data.isspace() for child in element.children):
            continue
        children = [c for c in element.children if not (isinstance(c, Text) and c.data.isspace())]
        element.children = []
        for child in children:
            element.append(child)
            if element.tag in ("body", "head", "#document") or len(children) > 1 or isinstance(child, Raw):
                element.append(Text("\n"))
    return tree
