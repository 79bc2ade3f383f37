"""Selectors for elements of a page, as short as they can be."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.pages import visible

_MAX_STEPS = 8  # of a selector, before it becomes the whole path from the body


def selector(tree: LexborHTMLParser, node: LexborNode) -> str:
    """A selector that matches this element only: by its id, its class, or its place below an element that has one."""
    steps: list[str] = []
    current: LexborNode | None = node
    while current is not None and current.tag != "html":
        if len(steps) < _MAX_STEPS:
            for own in _own_selectors(current):
                candidate = " > ".join([own, *steps])
                if _names_only(tree, candidate, node):
                    return candidate
        steps.insert(0, "body" if current.tag == "body" else f"{tag_of(current)}:nth-child({_position(current)})")
        current = current.parent
    return " > ".join(steps)


def tag_of(node: LexborNode) -> str:
    """The element's name; the universal selector for names that CSS would have to escape."""
    return node.tag if node.tag and _is_plain(node.tag) else "*"


def classes_of(node: LexborNode) -> frozenset[str]:
    """The classes of an element that a selector can name as they stand."""
    return frozenset(filter(_is_plain, (node.attributes.get("class") or "").split()))


def _own_selectors(node: LexborNode) -> Iterator[str]:
    if (identity := node.attributes.get("id")) and _is_plain(identity):
        yield f"#{identity}"
    yield tag_of(node)
    for name in (node.attributes.get("class") or "").split():
        if _is_plain(name):
            yield f"{tag_of(node)}.{name}"


def _names_only(tree: LexborHTMLParser, selector: str, node: LexborNode) -> bool:
    found = visible.select(tree, selector)
    return len(found) == 1 and found[0].mem_id == node.mem_id


def _is_plain(name: str) -> bool:
    return name.isascii() and name[0].isalpha() and name.replace("-", "").replace("_", "").isalnum()


def _position(node: LexborNode) -> int:
    position, sibling = 1, node.prev
    while sibling is not None:
        position += bool(sibling.is_element_node)
        sibling = sibling.prev
    return position
