"""The structure of a labelled HTML page: the elements around the text that has a verdict, without everything else."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from harness.goldens.golden import Label
from harness.goldens.vocabulary import Verdict
from harness.pages import visible
from harness.pages.page import Page
from harness.worker.elements import BLOCK, UNSEEN

_ATTRIBUTES = ("href", "colspan", "rowspan")  # those that structure is made of
_CELLS = frozenset({"td", "th"})


def markup_of(page: Page, labels: Sequence[Label], verdict: Verdict) -> str:
    """The HTML of the text of a page to which labels give a verdict, in the elements that it stands in.

    Elements without such text are left out, but for the empty cells of a table that the labels name.
    """
    tree = visible.parse(page.content)
    rule_of: dict[int, int] = {}
    for index, label in enumerate(labels):
        for place in label.places:
            for node in visible.select(tree, place):
                rule_of[node.mem_id] = index
    if tree.body is None or tree.root is None:
        return ""
    wanted = {index for index, label in enumerate(labels) if label.verdict == verdict}
    return "".join(_written(tree.body, rule_of.get(tree.root.mem_id), rule_of, wanted))


def _written(body: LexborNode, rule: int | None, rule_of: dict[int, int], wanted: set[int]) -> Iterator[str]:
    pending: list[str] = []  # start tags of open elements that nothing was written in yet
    gap = _Gap()
    open_tags: list[str] = []
    stack: list[tuple[LexborNode, int | None] | None] = [(body, rule)]
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
            continue
        node, rule = top
        if node.is_text_node:
            text = node.text_content or ""
            if rule in wanted and not (pending and text.isspace()):
                inner = open_tags[len(open_tags) - len(pending) :]
                yield gap.close(text, inner)
                yield from pending
                pending.clear()
                yield html.escape(text)
            else:
                gap.leave_out_text(text)
            continue
        tag = node.tag or ""
        if not node.is_element_node or tag in UNSEEN:
            continue
        rule = max((r for r in (rule, rule_of.get(node.mem_id)) if r is not None), default=None)
        open_tags.append(tag)
        pending.append(_start_tag(node))
        if tag in _CELLS and rule in wanted:
            yield from pending
            pending.clear()
            gap.write_tag(tag)
        stack.append(None)
        child = node.last_child
        while child is not None:
            stack.append((child, rule))
            child = child.prev


class _Gap:
    """What parts two texts that are written where something between them is left out: a line break, a space, or nothing."""

    def __init__(self) -> None:
        self._end = ""  # the last character written, if no block began or ended behind it
        self._breaks = ""
        self._skipped = ""

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


def _start_tag(node: LexborNode) -> str:
    values = ((name, node.attributes.get(name)) for name in _ATTRIBUTES)
    attributes = [f' {name}="{html.escape(value)}"' for name, value in values if value is not None]
    return f"<{node.tag}{''.join(attributes)}>"
