"""A draft golden for a page: every block listed with its place and set to `drop`, so that labelling is turning words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.golden import GOLDEN_FILE_FORMAT
from harness.pages import visible
from harness.pages.page import Media, Page
from harness.worker.elements import BREAKS_LINE, UNSEEN

_EXCERPT = 90
_MAX_STEPS = 8  # of a selector, before it becomes the whole path from the body


def draft(path: Path, page: Page) -> str:
    """The YAML text of a draft golden for a page that lies beside it under the name of `path`."""
    tree = visible.parse(page.content) if page.media == "text/html" else None
    url = _url(tree)
    blocks = _html_blocks(tree) if tree else _text_blocks(page.content)
    rows = [
        f"golden: {GOLDEN_FILE_FORMAT}",
        f"page: {_quoted(path.name)}",
        f"sha256: {page.sha256}",
        f"media: {page.media}",
        f"lang: {_quoted(_lang(tree))}  # BCP 47",
        "kind: article  # see docs/labelling.md",
        f"site: {_quoted(_site(url) or path.stem)}  # pages of one site are resampled together",
        *([f"url: {_quoted(url)}"] if url else []),
        "labels:  # keep, maybe or drop; later rules win; kinds: harness list kinds",
        *(f"  - {{drop: {_quoted(place)}, as: other}}  # {_excerpt(text)}" for place, text in blocks),
    ]
    return "\n".join(rows) + "\n"


def media_of(path: Path, raw: bytes) -> Media:
    """`text/html` for a file that is called or looks like HTML, else `text/plain`."""
    if path.suffix.lower() in {".html", ".htm", ".xhtml"}:
        return "text/html"
    if path.suffix.lower() in {".txt", ".text", ".md"}:
        return "text/plain"
    return "text/html" if raw.lstrip()[:1] == b"<" else "text/plain"


def _text_blocks(content: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            yield str(number), line


def _html_blocks(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Every block with text of its own, outside the blocks in it, with a selector that names it alone.

    Outer blocks come first: later rules win, so the rule for an inner block stands.
    """
    texts: dict[int, list[str]] = {}
    blocks: dict[int, LexborNode] = {}
    stack = [(tree.body, tree.body)] if tree.body is not None else []
    while stack:
        node, block = stack.pop()
        if node.is_text_node:
            texts[block.mem_id].append(node.text_content or "")
        if not node.is_element_node or node.tag in UNSEEN:
            continue
        if node.tag in BREAKS_LINE:
            block = node
            texts[block.mem_id], blocks[block.mem_id] = [], block
        child = node.last_child
        while child is not None:
            stack.append((child, block))
            child = child.prev
    for identity, node in blocks.items():
        if text := " ".join("".join(texts[identity]).split()):
            yield selector(tree, node), text


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
        steps.insert(0, "body" if current.tag == "body" else f"{_tag(current)}:nth-child({_position(current)})")
        current = current.parent
    return " > ".join(steps)


def _own_selectors(node: LexborNode) -> Iterator[str]:
    if (identity := node.attributes.get("id")) and _is_plain(identity):
        yield f"#{identity}"
    yield _tag(node)
    for name in (node.attributes.get("class") or "").split():
        if _is_plain(name):
            yield f"{_tag(node)}.{name}"


def _names_only(tree: LexborHTMLParser, selector: str, node: LexborNode) -> bool:
    found = visible.select(tree, selector)
    return len(found) == 1 and found[0].mem_id == node.mem_id


def _tag(node: LexborNode) -> str:
    """The element's name; the universal selector for names that CSS would have to escape."""
    return node.tag if node.tag and _is_plain(node.tag) else "*"


def _is_plain(name: str) -> bool:
    return name.isascii() and name[0].isalpha() and name.replace("-", "").replace("_", "").isalnum()


def _position(node: LexborNode) -> int:
    position, sibling = 1, node.prev
    while sibling is not None:
        position += bool(sibling.is_element_node)
        sibling = sibling.prev
    return position


def _lang(tree: LexborHTMLParser | None) -> str:
    root = tree.css_first("html[lang]") if tree else None
    return (root.attributes.get("lang") if root else None) or "en"


def _url(tree: LexborHTMLParser | None) -> str:
    """The address that the page gives as its own; empty if it gives none."""
    for selector, attribute in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = tree.css_first(selector) if tree else None
        url = ((node.attributes.get(attribute) if node else None) or "").strip()
        if url.startswith(("http://", "https://")) and _site(url):
            return url
    return ""


def _site(url: str) -> str:
    """The host in an address, without `www.`, as datasets name sites."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _quoted(text: str) -> str:
    plain = text.replace("-", "").replace(".", "").replace("_", "").isalnum() and text[0].isalpha()
    return text if plain or text.isdigit() else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _excerpt(text: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return line if len(line) <= _EXCERPT else line[: _EXCERPT - 1].rstrip() + "…"
