"""The structure of a labelled HTML page: the elements around the text that has a verdict, without everything else."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from harness.goldens.golden import Label
from harness.goldens.vocabulary import Verdict
from harness.pages import visible
from harness.pages.page import Page
from harness.worker.elements import UNSEEN

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
    open_tags: list[str] = []
    stack: list[tuple[LexborNode, int | None] | None] = [(body, rule)]
    while stack:
        top = stack.pop()
        if top is None:
            tag = open_tags.pop()
            if pending:
                pending.pop()
            else:
                yield f"</{tag}>"
            continue
        node, rule = top
        if node.is_text_node:
            text = node.text_content or ""
            if rule in wanted and not (pending and text.isspace()):
                yield from pending
                pending.clear()
                yield html.escape(text)
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
        stack.append(None)
        child = node.last_child
        while child is not None:
            stack.append((child, rule))
            child = child.prev


def _start_tag(node: LexborNode) -> str:
    values = ((name, node.attributes.get(name)) for name in _ATTRIBUTES)
    attributes = [f' {name}="{html.escape(value)}"' for name, value in values if value is not None]
    return f"<{node.tag}{''.join(attributes)}>"
