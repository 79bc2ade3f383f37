"""A page as the workbench shows it: a copy with a mark in each block, cut off from everything outside.

The page stands in a frame without scripts and without an origin, so nothing can ask where its blocks are. The copy
therefore brings along what is needed: in each block a transparent sheet with the colour of its verdict, which is a link to
an address of this server. A click on it asks for that address, which answers 204: the browser stays where it is, and the
server knows which block was meant. The sheets are SVG since a link of HTML must not stand in another one. The stored page is
never touched, and labels are resolved on a tree of its own.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable, Mapping

from selectolax.lexbor import LexborNode

from harness.goldens.vocabulary import LabelVerdict
from harness.pages import visible
from harness.pages.page import Page
from harness.workbench.layout import Layout

_REMOVED = "script, base, meta, link, iframe, frame, object, embed, applet, portal, template, audio, video, source, track"
_ACTIVE = frozenset(
    "href xlink:href src srcset action formaction ping background poster data cite longdesc usemap autofocus "
    "contenteditable target download accesskey tabindex draggable popovertarget commandfor http-equiv manifest classid "
    "codebase".split()
)
_UNMARKED = frozenset("xmp plaintext option optgroup select textarea".split())  # text that holds no elements
_NOTE = {"keep": "+", "maybe": "~", "drop": "−"}
_STYLE = """
:where([data-hb]){position:relative}
svg.hb-S{position:absolute!important;inset:0!important;width:100%!important;height:100%!important;margin:0!important;
padding:0!important;max-width:none!important;max-height:none!important;min-width:0!important;display:block!important;
overflow:visible!important;opacity:1!important;float:none!important;transform:none!important;border-radius:2px!important;
scroll-margin:38vh 0!important;pointer-events:auto!important;visibility:visible!important;fill:none!important}
svg.hb-S rect{width:100%;height:100%;fill:transparent!important;cursor:pointer!important}
svg.hb-S text{font:700 10px/1 system-ui,sans-serif!important;text-anchor:end!important;letter-spacing:0!important;
paint-order:stroke!important;stroke:#fff!important;stroke-width:3px!important;stroke-linejoin:round!important}
svg.hb-S.keep{background:rgba(20,110,190,.16)!important;box-shadow:-3px 0 0 #146ebe!important}
svg.hb-S.maybe{background:rgba(190,130,0,.16)!important;box-shadow:-3px 0 0 #b07800!important}
svg.hb-S.drop{background:repeating-linear-gradient(135deg,rgba(90,90,90,.10) 0 2px,transparent 2px 7px)!important;
box-shadow:-2px 0 0 #9a9a9a!important}
svg.hb-S.keep text{fill:#0d4f8b!important} svg.hb-S.maybe text{fill:#7a5300!important}
svg.hb-S.drop text{fill:#555!important;font-weight:500!important}
svg.hb-S.open{outline:2px dashed #c2185b!important;outline-offset:-2px!important}
svg.hb-S.outer{background:none!important;box-shadow:none!important}
svg.hb-S.outer text{display:none!important}
svg.hb-S.still{pointer-events:none!important}
svg.hb-S:hover{outline:2px solid #146ebe!important}
svg.hb-S:target,svg.hb-S.chosen{outline:3px solid #d6006c!important;outline-offset:1px!important}
"""
_LINES_STYLE = "body{font:14px/1.6 ui-monospace,monospace;margin:1rem 1.5rem;white-space:pre-wrap;overflow-wrap:anywhere}"


class MarkedPage:
    """A copy of a page in which blocks are marked; how they look is said when it is asked for."""

    def __init__(self, page: Page) -> None:
        """Raises Unreadable for a page that would take too long."""
        self._secret = secrets.token_hex(6)
        self._mark = re.compile(f"\ue000{self._secret}:(\\d+)\ue001")
        make = _of_tree if page.media == "text/html" else _of_lines
        self._written = make(page, self._placed, f"/*{self._secret}*/")

    def _placed(self, number: int) -> str:
        return f"\ue000{self._secret}:{number}\ue001"

    def html(self, looks: Mapping[int, tuple[LabelVerdict, str, str]], link: str | None) -> str:
        """The copy. looks: verdict, kind and further classes of each block; those without are not marked. link: how the
        address for a click begins, behind which the number of the block is put; None: nothing can be clicked."""
        sheet = f"hb-{self._secret}"

        def drawn(match: re.Match[str]) -> str:
            number = int(match[1])
            if number not in looks:
                return ""
            verdict, kind, more = looks[number]
            tag = html.escape(f"{_NOTE[verdict]} {kind}")
            drawing = f'<rect/><text x="100%" y="-1" dx="-2">{tag}</text>'
            if link is not None:
                drawing = f'<a href="{html.escape(link)}{number}" tabindex="-1">{drawing}</a>'
            return f'<svg class="{sheet} {verdict} {more}" id="{sheet}-{number}">{drawing}</svg>'

        return self._mark.sub(drawn, self._written).replace(f"/*{self._secret}*/", _STYLE.replace("hb-S", sheet), 1)

    def anchor(self, number: int) -> str:
        """The fragment that a browser scrolls to for a block."""
        return f"hb-{self._secret}-{number}"


def _of_lines(page: Page, placed: Callable[[int], str], sheets: str) -> str:
    layout = Layout(page)
    rows = []
    for number, line in enumerate(page.content.removesuffix("\n").split("\n"), 1):
        block = layout.block_of.get(number)
        mark = "" if block is None else placed(block)
        text = html.escape("".join(char for char in line if char not in "\ue000\ue001"))
        rows.append(f"<div{' data-hb' if mark else ''}>{mark}{text or '<br>'}</div>")
    top = f'<!DOCTYPE html><html dir="auto"><head><meta charset="utf-8"><style>{sheets}{_LINES_STYLE}</style></head>'
    return f"{top}<body>{''.join(rows)}</body></html>"


def _of_tree(page: Page, placed: Callable[[int], str], sheets: str) -> str:
    layout = Layout(page)
    tree = layout.tree
    assert tree is not None
    blocks = [(block.number, layout.elements[block.element].node) for block in layout.blocks]
    for number, node in blocks:
        if node is not None and node.tag not in _UNMARKED and node.tag != "template":
            _mark(node, placed(number))
    for node in tree.css("template"):
        if visible.is_shadow_root(node):
            _unwrap(node)
    for node in tree.css(_REMOVED):
        node.decompose()
    for node in tree.css("*"):
        _disarm(node)
    for node in tree.css("details, dialog"):
        node.attrs["open"] = ""
    written = (tree.html or "").removeprefix("\ufeff")
    style = f'<meta charset="utf-8"><style>{sheets}</style>'
    doctype = re.match(r"\s*<!doctype[^>]*>", written, re.IGNORECASE)
    top = doctype[0] if doctype else ""
    rest = written[len(top) :]
    head = re.search(r"<head[^>]*>", rest, re.IGNORECASE)
    if head is None:
        return f"{top}{style}{rest}"
    return f"{top}{rest[: head.end()]}{style}{rest[head.end() :]}"


def _mark(node: LexborNode, mark: str) -> None:
    node.attrs["data-hb"] = ""
    first = node.first_child
    if first is not None:
        first.insert_before(mark)


def _unwrap(template: LexborNode) -> None:
    """Put what a shadow root holds where it is shown."""
    child = template.first_child
    while child is not None:
        following = child.next
        template.insert_before(child)
        child = following


def _disarm(node: LexborNode) -> None:
    """Take away what could fetch, lead elsewhere, or run; other things keep it from that, too."""
    for name, value in list(node.attributes.items()):
        low = name.lower()
        is_image = low == "src" and node.tag == "img" and (value or "").strip().lower().startswith("data:image/")
        if (low in _ACTIVE and not is_image) or low.startswith("on") or (low == "style" and "url(" in (value or "").lower()):
            if low == "style":
                node.attrs[name] = re.sub(r"url\((?!\s*['\"]?data:)[^)]*\)", "none", value or "", flags=re.IGNORECASE)
            else:
                del node.attrs[name]
