"""The blocks of an HTML page, each with the text of its own, and the elements that tell what kind of text they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.guess import ABOUT_CONTENT, block_kind, region_kind
from harness.goldens.vocabulary import LabelVerdict
from harness.pages import visible
from harness.pages.words import words
from harness.worker.elements import BREAKS_LINE, UNSEEN

_MAY_BE_MAIN = 2  # a region with more than one word in this many of the page is none: it may hold the main content
_PROSE = 25  # words of a paragraph with which a story has begun
KEPT = 0.5
"""Share of the words of a block from which on it belongs to the main content."""


@dataclass(frozen=True)
class Named:
    """An element that a draft names, and what is guessed of the text that it stands for."""

    node: LexborNode
    """A block, or an element around blocks of one kind."""
    verdict: LabelVerdict
    """The verdict."""
    kind: str
    """The kind of text."""
    texts: tuple[str, ...]
    """The texts of the blocks that it stands for, in page order, white space as single spaces."""
    is_region: bool
    """Whether the rule is for all text in it, but for what other rules name."""


@dataclass
class _Block:
    node: LexborNode
    text: str
    linked_words: int
    kept: float  # share of its words in the known main content


def named_elements(tree: LexborHTMLParser, kept_lines: Mapping[int, float] | None = None) -> list[Named]:
    """Elements that together hold all text of a page that is rendered, each with a verdict and a kind, outer ones first.

    kept_lines: how much of each line of the page belongs to its main content, by `TextPiece.line`, as a share from 0 to 1;
    None if that is not known: all is `drop` then.
    """
    blocks = _blocks(tree, kept_lines or {})
    if tree.body is None:
        return []
    sizes = _sizes(blocks)
    title = _title(tree)
    holds_main = {node.mem_id for main in [*tree.css("main"), *([title] if title else [])] for node in _up(main)}
    by_id = {block.node.mem_id: block for block in blocks}
    named: list[Named] = []
    place_of: dict[int, int] = {}  # in `named`, of regions
    in_story = False
    stack: list[tuple[LexborNode, tuple[int, str] | None]] = [(tree.body, None)]
    while stack:
        node, region = stack.pop()
        if not node.is_element_node or _is_unseen(node):
            continue
        size, kept = sizes.get(node.mem_id, (0, 0.0))
        if size and node.tag in BREAKS_LINE and _may_be_region(node, holds_main, size, kept, sizes[tree.body.mem_id][0]):
            kind = region_kind(node, size, region[1] if region else None, in_story)
            if kind is not None:
                region = node.mem_id, kind
                place_of[node.mem_id] = len(named)
                named.append(Named(node, _verdict(kind, False, kept_lines is not None), kind, (), True))
        block = by_id.get(node.mem_id)
        if block is not None:
            is_kept = kept_lines is not None and block.kept >= KEPT
            if region is not None and not (is_kept and region[1] not in ABOUT_CONTENT):
                place = place_of[region[0]]
                named[place] = replace(named[place], texts=(*named[place].texts, block.text))
            else:
                kind = "title" if title is not None and _is_inside(node, title) else _kind_of(block)
                if is_kept and kind in ("related", "navigation", "other", "interface", "form"):
                    kind = "body"
                in_story = in_story or (kind == "body" and len(words(block.text)) >= _PROSE)
                named.append(Named(node, _verdict(kind, is_kept, kept_lines is not None), kind, (block.text,), False))
        child = node.last_child
        while child is not None:
            stack.append((child, region))
            child = child.prev
    return [element for element in named if element.texts]


def _kind_of(block: _Block) -> str:
    links = block.node.css("a[href]")
    links_here = any((link.attributes.get("href") or "").startswith("#") for link in links)
    return block_kind(block.node, block.text, block.linked_words, links_here)


def _verdict(kind: str, is_kept: bool, is_known: bool) -> LabelVerdict:
    if not is_known:
        return "drop"
    if kind in ABOUT_CONTENT:
        return "maybe"
    return "keep" if is_kept else "drop"


def _may_be_region(node: LexborNode, holds_main: set[int], size: int, kept: float, page_size: int) -> bool:
    """Whether an element is small enough, and holds no mark of the main content, to be of one kind."""
    return kept <= size * KEPT and node.mem_id not in holds_main and _MAY_BE_MAIN * size <= page_size


def _blocks(tree: LexborHTMLParser, kept_lines: Mapping[int, float]) -> list[_Block]:
    """Every block with text of its own, outside the blocks in it, in page order."""
    texts: dict[int, list[str]] = {}
    linked: dict[int, list[str]] = {}
    nodes: dict[int, LexborNode] = {}
    block_of: dict[int, int] = {}  # of text nodes
    stack = [(tree.body, tree.body, False)] if tree.body is not None else []
    while stack:
        node, block, in_link = stack.pop()
        if node.is_text_node:
            text = node.text_content or ""
            texts[block.mem_id].append(text)
            block_of[node.mem_id] = block.mem_id
            if in_link:
                linked[block.mem_id].append(text)
        if not node.is_element_node or _is_unseen(node):
            continue
        if node.tag in BREAKS_LINE or node.tag == "template":
            block = node
            texts[block.mem_id], linked[block.mem_id], nodes[block.mem_id] = [], [], block
        child = node.last_child
        while child is not None:
            stack.append((child, block, in_link or node.tag == "a"))
            child = child.prev
    kept = _kept_shares(tree, kept_lines, block_of) if kept_lines else {}
    found = ((node, " ".join("".join(texts[key]).split())) for key, node in nodes.items())
    return [
        _Block(node, text, len(words(" ".join(linked[node.mem_id]))), kept.get(node.mem_id, 0.0))
        for node, text in found
        if text
    ]


def _kept_shares(
    tree: LexborHTMLParser, kept_lines: Mapping[int, float], block_of: Mapping[int, int]
) -> Mapping[int, float]:
    """The share of each block's words in the main content; the words of a line belong to it in equal parts."""
    totals: dict[int, tuple[float, int]] = {}
    for piece in visible.pieces(tree):
        if (block := block_of.get(piece.node)) is not None and not piece.is_beside:
            size = len(words(piece.text))
            kept, total = totals.get(block, (0.0, 0))
            totals[block] = kept + size * kept_lines.get(piece.line, 0.0), total + size
    return {block: kept / total for block, (kept, total) in totals.items() if total}


def _is_unseen(node: LexborNode) -> bool:
    return node.tag in UNSEEN and not (node.tag == "template" and visible.is_shadow_root(node))


def _sizes(blocks: list[_Block]) -> dict[int, tuple[int, float]]:
    """The words of each element around text, and how many of them belong to the main content."""
    sizes: dict[int, tuple[int, float]] = {}
    for block in blocks:
        size = len(words(block.text)) or 1
        for node in _up(block.node):
            before, kept = sizes.get(node.mem_id, (0, 0.0))
            sizes[node.mem_id] = before + size, kept + size * block.kept
    return sizes


def _up(node: LexborNode) -> list[LexborNode]:
    """An element and those around it."""
    found = []
    current: LexborNode | None = node
    while current is not None:
        found.append(current)
        current = current.parent
    return found


def _is_inside(node: LexborNode, outer: LexborNode) -> bool:
    return any(above.mem_id == outer.mem_id for above in _up(node))


def _title(tree: LexborHTMLParser) -> LexborNode | None:
    """The heading that is the title of the page: of the highest rank that it has, the one with most of the document's
    title, else the first."""
    head = tree.css_first("head > title")
    of_document = set(words(head.text())) if head is not None else set()
    for tag in ("h1", "h2"):
        if found := [node for node in tree.css(tag) if node.text().strip()]:
            return max(found, key=lambda node: len(of_document.intersection(words(node.text()))))
    return None
