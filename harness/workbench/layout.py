"""The blocks of a page that can be labelled, and the elements around them, each with a number that does not change.

The numbers are those of page order, so that they name the same elements in any other tree of the same page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.pages import visible
from harness.pages.page import Page
from harness.worker.elements import BREAKS_LINE, UNSEEN


@dataclass(frozen=True)
class PageElement:
    """An element with text in it, or a line of a text dump."""

    number: int
    """Its place in page order, from 0."""
    parent: int
    """The number of the nearest element around it; -1 where there is none."""
    tag: str
    """Its name; empty for a line."""
    node: LexborNode | None
    """The element in the tree; None for a line."""


@dataclass(frozen=True)
class Block:
    """An element with text of its own, or a line of a text dump that is not blank."""

    number: int
    """Its place among the blocks of the page, from 0."""
    element: int
    """The number of its element."""
    text: str
    """The text of its own, without that of blocks in it, white space as single spaces."""
    is_hidden: bool
    """Whether attributes of the element, or of one around it, hide it."""


class Layout:
    """A page as elements and blocks."""

    def __init__(self, page: Page) -> None:
        """Raises Unreadable for a page that would take too long."""
        self.tree: LexborHTMLParser | None = None
        """The page as HTML; None for a text dump."""
        self.elements: list[PageElement] = []
        """Those that hold text, in page order."""
        self.blocks: list[Block] = []
        """The blocks, in page order."""
        self.block_of: dict[int, int] = {}
        """The block that text belongs to: by `mem_id` of the text node, in a text dump by the number of the line."""
        if page.media == "text/html":
            self.tree = page.tree()
            self._read_tree(self.tree)
        else:
            self._read_lines(page.content)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """The first and the last block in each element, by its number."""
        spans = [(len(self.blocks), -1)] * len(self.elements)
        for block in self.blocks:
            number = block.element
            while number >= 0:
                first, last = spans[number]
                spans[number] = min(first, block.number), max(last, block.number)
                number = self.elements[number].parent
        return spans

    def _read_lines(self, content: str) -> None:
        for number, line in enumerate(content.removesuffix("\n").split("\n"), 1):
            if line.strip():
                self.block_of[number] = len(self.blocks)
                self.blocks.append(Block(len(self.blocks), len(self.elements), " ".join(line.split()), False))
                self.elements.append(PageElement(len(self.elements), -1, "", None))

    def _read_tree(self, tree: LexborHTMLParser) -> None:
        texts: dict[int, list[str]] = {}  # of each block, by its element
        nodes: dict[int, list[int]] = {}  # its text nodes
        around: dict[int, tuple[LexborNode, int | None]] = {}  # each element, and the one around it
        hidden: set[int] = set()
        looked_at = {node.mem_id for node in tree.css("[hidden], [style]")}
        body = tree.body
        stack: list[tuple[LexborNode, LexborNode, int | None, bool]] = []
        if body is not None:
            stack.append((body, body, None, False))
        while stack:
            node, block, parent, is_hidden = stack.pop()
            if node.is_text_node:
                texts.setdefault(block.mem_id, []).append(node.text_content or "")
                nodes.setdefault(block.mem_id, []).append(node.mem_id)
                continue
            tag = node.tag or ""
            is_shadow = tag == "template" and visible.is_shadow_root(node)
            if not node.is_element_node or (tag in UNSEEN and not is_shadow):
                continue
            around[node.mem_id] = node, parent
            is_hidden = is_hidden or (node.mem_id in looked_at and visible.is_hidden(node))
            if tag in BREAKS_LINE or is_shadow:
                block = node
                if is_hidden:
                    hidden.add(node.mem_id)
            child = node.last_child
            while child is not None:
                stack.append((child, block, node.mem_id, is_hidden))
                child = child.prev
        shown = {key: " ".join("".join(parts).split()) for key, parts in texts.items()}
        wanted: set[int] = set()
        for key in (key for key, text in shown.items() if text):
            current: int | None = key
            while current is not None and current not in wanted:
                wanted.add(current)
                current = around[current][1]
        number_of: dict[int, int] = {}
        for key, (node, parent) in around.items():
            if key not in wanted:
                continue
            number_of[key] = len(self.elements)
            self.elements.append(
                PageElement(len(self.elements), -1 if parent is None else number_of[parent], node.tag or "", node)
            )
            if shown.get(key):
                self.block_of.update(dict.fromkeys(nodes[key], len(self.blocks)))
                self.blocks.append(Block(len(self.blocks), number_of[key], shown[key], key in hidden))
