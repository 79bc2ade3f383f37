"""The structure of a labelled HTML page: the elements around the text that has a verdict, without everything else."""

from __future__ import annotations

import html
from collections.abc import Container, Iterator, Sequence
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.html_labels import LaidLabels, lay_labels
from harness.goldens.labels import Label
from harness.goldens.vocabulary import LabelVerdict
from harness.pages import visible
from harness.pages.page import Page
from harness.worker.elements import BLOCK, BREAKS_LINE, UNSEEN

_ATTRIBUTES = ("href", "src", "colspan", "rowspan")  # those that structure is made of
_CELLS = frozenset({"td", "th"})
_PARTS_OF_TABLES = frozenset({"caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", *_CELLS})


def markup_of(page: Page, labels: Sequence[Label], verdict: LabelVerdict, *, with_surroundings: bool = False) -> str:
    """The HTML of the text and images of a page to which labels give a verdict, in the elements that labels name and those
    inside of them. Tables and lists are named by their rows and items, too.

    An element around what labels name, such as the `li` of a card or the table that a page is laid out by, is a `div` or
    `span`. So is a table that labels do not name and that is used for layout: with the role `presentation` or `none`, with
    another table in it, or with one row or one column only. Elements without text are left out, but for the empty cells of
    a table.
    with_surroundings: leave all these elements as they are.
    """
    tree = page.tree()
    laid = lay_labels(tree, labels)
    rule_of = _rules(laid)
    if tree.body is None or tree.root is None:
        return ""
    wanted = {index for index, label in enumerate(labels) if label.verdict == verdict}
    named = None if with_surroundings else _Named(tree, {node for node, rule in rule_of.items() if rule in wanted})
    before = _paragraphs(laid, wanted, {script.mem_id for script in tree.css("head script")})
    return before + "".join(_written(tree.body, rule_of.get(tree.root.mem_id), laid, wanted, named))


def unlabelled_images(page: Page, labels: Sequence[Label]) -> str:
    """The HTML of the images that no label names and that stand between the first and the last `keep` text of a page."""
    tree = page.tree()
    laid = lay_labels(tree, labels)
    rule_of = _rules(laid)
    if tree.body is None or tree.root is None:
        return ""
    rules: dict[int, int] = {tree.root.mem_id: rule_of.get(tree.root.mem_id, -1)}  # of each element, with those around it
    images: list[str] = []
    between: list[str] = []  # those since the last `keep` text
    has_begun = False
    for node in tree.body.traverse(include_text=True):
        above = rules.get(node.parent.mem_id, -1) if node.parent is not None else -1
        if node.is_text_node:
            parts = laid.parts(node, above if above >= 0 else None)
            if any(rule is not None and labels[rule].verdict == "keep" and not text.isspace() for text, rule in parts):
                images += between if has_begun else []
                has_begun = True
                between.clear()
            continue
        rules[node.mem_id] = max(above, rule_of.get(node.mem_id, -1))
        if node.tag == "img" and rules[node.mem_id] < 0:
            between.append(_start_tag(node, "img"))
    return "".join(images)


def _rules(laid: LaidLabels) -> dict[int, int]:
    """The index of the last label that names an element, by the element."""
    return {node.mem_id: index for index, nodes in enumerate(laid.elements) for node in nodes}


def _paragraphs(laid: LaidLabels, wanted: set[int], nodes: Container[int]) -> str:
    """The HTML of text that stands in attributes or data of elements, a paragraph for each line."""
    parts = (piece for piece in laid.pieces if piece.is_beside and piece.node in nodes and piece.rule in wanted)
    lines = groupby(parts, key=lambda piece: piece.line)
    return "".join(f"<p>{html.escape(''.join(piece.text for piece in line))}</p>" for _, line in lines)


class _Named:
    """What labels with a verdict name: elements, and the tables and lists whose rows and items they name."""

    def __init__(self, tree: LexborHTMLParser, elements: set[int]) -> None:
        """elements: those that labels name."""
        self._named = set(elements)
        for part in tree.css("tr, thead, tbody, tfoot, li"):
            if part.mem_id in elements:
                self._named |= {node.mem_id for node in _up_to_whole(part)}

    def has(self, node: LexborNode) -> bool:
        """Whether labels name an element, or rows or items in it."""
        return node.mem_id in self._named

    def is_table(self, table: LexborNode, inside: bool) -> bool:
        """Whether a `table` element holds data. inside: whether it stands in an element that labels name."""
        return self.has(table) or (inside and not is_for_layout(table))


def _up_to_whole(part: LexborNode) -> Iterator[LexborNode]:
    """A row or an item and the elements around it, up to its table or list."""
    node: LexborNode | None = part
    while node is not None:
        yield node
        if node.tag in ("table", "ul", "ol", "menu"):
            return
        node = node.parent


def is_for_layout(table: LexborNode) -> bool:
    """Whether a `table` has the role `presentation` or `none`, another table in it, or one row or one column only."""
    if (table.attributes.get("role") or "").strip().lower() in ("presentation", "none"):
        return True
    if any(inner.mem_id != table.mem_id for inner in table.css("table")):
        return True
    rows = [sum(cell.tag in _CELLS for cell in row.iter()) for row in table.css("tr")]
    return len(rows) < 2 or max(rows) < 2


def _written(body: LexborNode, rule: int | None, laid: LaidLabels, wanted: set[int], named: _Named | None) -> Iterator[str]:
    rule_of = _rules(laid)
    with_text_beside = {piece.node for piece in laid.pieces if piece.is_beside and piece.rule in wanted}
    beside = ""  # what stands in attributes of the current line, whose text goes on
    pending: list[str] = []  # start tags of open elements that nothing was written in yet
    gap = _Gap()
    open_tags: list[str] = []
    stack: list[tuple[LexborNode, int | None, bool] | None] = [(body, rule, False)]
    while stack:
        top = stack.pop()
        if top is None:
            tag = open_tags.pop()
            if pending:
                pending.pop()
                gap.leave_out_element(tag)
            else:
                yield f"</{tag}>"
                gap.write_tag(tag)
            if beside and tag in BLOCK:
                yield beside
                beside = ""
            continue
        node, rule, is_loose = top  # loose: inside of a table that is written as none
        if node.is_text_node:
            for text, own in laid.parts(node, rule):
                if own not in wanted or (pending and text.isspace()):
                    gap.leave_out_text(text)
                    continue
                inner = open_tags[len(open_tags) - len(pending) :]
                yield gap.close(text, inner)
                yield from pending
                pending.clear()
                yield html.escape(text)
            continue
        tag = node.tag or ""
        if node.mem_id in with_text_beside:
            beside += _paragraphs(laid, wanted, {node.mem_id})
        if beside and (tag in BREAKS_LINE or not gap.in_line):
            yield from pending
            pending.clear()
            yield beside
            beside = ""
            gap.write_tag("p")
        if not node.is_element_node or (tag in UNSEEN and tag != "template"):
            continue
        if tag == "template":
            rule = rule if visible.is_shadow_root(node) else None
            tag = "div"  # what is written is read, too
        rule = max((r for r in (rule, rule_of.get(node.mem_id)) if r is not None), default=None)
        if tag == "img" and rule in wanted:
            for inner_tag in open_tags[len(open_tags) - len(pending) :]:
                gap.write_tag(inner_tag)
            yield from pending
            pending.clear()
            yield _start_tag(node, tag)
            continue
        if named is not None:
            inside = rule in wanted or named.has(node)
            if tag == "table":
                is_loose = not named.is_table(node, inside)
            if not inside or (is_loose and tag in ("table", *_PARTS_OF_TABLES)):
                tag = "div" if tag in BLOCK else "span"
        open_tags.append(tag)
        pending.append(_start_tag(node, tag))
        if tag in _CELLS and rule in wanted:
            yield from pending
            pending.clear()
            gap.write_tag(tag)
        stack.append(None)
        child = node.last_child
        while child is not None:
            stack.append((child, rule, is_loose))
            child = child.prev


class _Gap:
    """What parts two texts that are written where something between them is left out: a line break, a space, or nothing."""

    def __init__(self) -> None:
        self._end = ""  # the last character written, if no block began or ended behind it
        self._breaks = ""
        self._skipped = ""

    @property
    def in_line(self) -> bool:
        """Whether text stands in the current line."""
        return bool(self._end) and not self._breaks

    def leave_out_element(self, tag: str) -> None:
        if tag == "br":
            self._breaks += "<br>"
        elif tag in BLOCK:
            self._breaks = self._breaks or "<br>"

    def leave_out_text(self, text: str) -> None:
        self._skipped += text

    def write_tag(self, tag: str) -> None:
        if tag in BLOCK:
            self._end = ""

    def close(self, text: str, inner: list[str]) -> str:
        """What stands before the text that is written next, in the elements that begin before it."""
        between = self._breaks
        if not between and self._skipped:
            is_parted = self._skipped[0].isspace() or self._skipped[-1].isspace()
            between = " " if is_parted or (self._end.isalnum() and text[:1].isalnum()) else ""
        between = between if self._end and BLOCK.isdisjoint(inner) else ""
        self._end, self._breaks, self._skipped = text[-1:], "", ""
        return between


def _start_tag(node: LexborNode, tag: str) -> str:
    values = ((name, node.attributes.get(name)) for name in _ATTRIBUTES)
    attributes = [f' {name}="{html.escape(value)}"' for name, value in values if value is not None]
    return f"<{tag}{''.join(attributes)}>"
