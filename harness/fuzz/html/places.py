"""Where operators act: the element that holds the main content, its paragraphs, and the places between and around them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from harness.fuzz.base import DoesNotApply
from harness.fuzz.columns import columns
from harness.fuzz.html.tree import Element, Mark, Node, Raw, Text, put_after, put_before
from harness.pages.words import words
from harness.worker.elements import BLOCK, PREFORMATTED, UNSEEN

Slot = Literal["after", "before", "inside", "end"]
"""Behind or before the container of the main content, inside it at its end, or at the end of the body. In a body or a table
cell that is the container itself: behind or before its children with main content."""

_MOST = 0.97  # of the main content, which the container holds
# What may stand in them is a matter of HTML's content models, not of its style sheet.
_PHRASING = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rp rt ruby s samp small "
    "span strike strong sub sup time tt u var wbr".split()
)
# Elements that may not hold a `div`; nor may those whose children are fixed.
_NO_FLOW = _PHRASING | frozenset(
    "p h1 h2 h3 h4 h5 h6 pre ul ol dl table thead tbody tfoot tr colgroup caption hgroup summary legend select optgroup "
    "option picture video audio object svg math button textarea title address dt #document html head".split()
)
_PROSE = 20  # words of one text that readers take for part of a story
_STORIES = frozenset({"related", "promo", "sidebar", "footer", "author", "legal", "other"})  # kinds that prose stands in
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FIXED = frozenset({"body", "td", "th", "li", "dd", "figcaption"})  # their parents hold nothing but their like


def body_of(tree: Element) -> Element:
    """The body of a page. Raises DoesNotApply for a page of frames."""
    body = next((element for element in tree.elements() if element.tag == "body"), None)
    if body is None:
        raise DoesNotApply("the page has no body")
    return body


def head_of(tree: Element) -> Element:
    """The head of a page; the parser makes one if there is none."""
    return next(element for element in tree.elements() if element.tag == "head")


def add_class(element: Element, name: str) -> None:
    """Give an element one more class."""
    element.attributes["class"] = f"{element.attributes.get('class') or ''} {name}".strip()


def is_kept(mark: Mark | None) -> bool:
    """Whether a text is main content."""
    return mark is not None and mark.verdict == "keep"


def kept_texts(root: Node) -> Iterator[Text]:
    """The texts of the main content that are not blank, in page order."""
    if isinstance(root, Element):
        return (text for text in root.texts() if is_kept(text.mark) and not text.blank)
    return iter((root,) if isinstance(root, Text) and is_kept(root.mark) and not root.blank else ())


def holds_content(node: Node) -> bool:
    """Whether main content stands in a node."""
    return next(kept_texts(node), None) is not None


def container(tree: Element) -> Element:
    """The deepest element with room for blocks that holds 97 % of the main content; the body if no other does.

    Measured in characters, so that scripts without spaces need no rule of their own. Raises DoesNotApply if the page has
    no main content.
    """
    body = body_of(tree)
    held: dict[int, int] = {}
    total = 0
    for text in kept_texts(body):
        size = len("".join(text.data.split()))
        total += size
        above = text.parent
        while above is not None:
            held[id(above)] = held.get(id(above), 0) + size
            above = above.parent
    if not total:
        raise DoesNotApply("no text of the page is main content")
    best = element = body
    while True:
        inner = (c for c in element.children if isinstance(c, Element) and held.get(id(c), 0) >= _MOST * total)
        following = next(inner, None)
        if following is None:
            return best
        element = following
        if element.tag not in _NO_FLOW and not _inside_inline(element):
            best = element


def container_below_body(tree: Element) -> Element:
    """The container, where it is not the body itself. Raises DoesNotApply."""
    found = container(tree)
    if found.tag == "body":
        raise DoesNotApply("no element below the body holds the main content")
    return found


def can_be_wrapped(element: Element) -> bool:
    """Whether a block may stand around an element; around a table cell it may not."""
    return element.tag not in _FIXED


def block_around(text: Text) -> Element:
    """The innermost element around a text that is no inline one: its paragraph, heading, cell …"""
    element = text.parent
    while element is not None and element.tag not in BLOCK and element.parent is not None:
        element = element.parent
    assert element is not None  # texts stand in a document
    return element


def columns_of_content(root: Element) -> int:
    """The length of the main content below an element, in columns: scripts without spaces need no rule of their own."""
    return sum(columns(" ".join(text.data.split())) for text in kept_texts(root))


def heading_of(tree: Element) -> Element | None:
    """The heading, no boilerplate, that stands closest above the main content or begins it; None without one."""
    found = None
    for text in tree.texts():
        if text.blank or (text.mark is not None and text.mark.verdict == "drop"):
            continue
        found = _heading_around(text) or found
        if is_kept(text.mark):
            return found
    return None


def has_heading(tree: Element) -> bool:
    """Whether a heading that is no boilerplate stands above the main content, or begins it."""
    return heading_of(tree) is not None


def stories_without_heading(tree: Element) -> int:
    """How many passages of related articles have prose and no heading: readers take them for the story."""
    passages = (list(texts) for kind, texts in groupby(_shown_texts(tree), key=_kind_of) if kind == "related")
    return sum(
        any(len(words(text.data)) >= _PROSE for text in passage) and not any(map(_is_heading, passage))
        for passage in passages
    )


def longest_other_story(tree: Element, without: Element | None = None) -> int:
    """The columns of the longest story on a page that is not its main content; 0 if there is none with prose.

    A story is what stands of related articles, promotion, notices or text that no label names, between two headings. A block
    that is a link begins another story, as a teaser does. without: an element that is left out.
    """
    left_out = set() if without is None else {id(text) for text in without.texts()}
    longest = size = 0
    has_prose = False
    for _, group in groupby(_shown_texts(tree), key=lambda text: id(block_around(text))):
        block = list(group)
        told = [text for text in block if _is_of_other_story(text) and id(text) not in left_out]
        if not told or any(map(_is_heading, block)) or all(map(_is_linked, block)):
            size, has_prose = 0, False
            continue
        said = " ".join("".join(text.data for text in told).split())
        size += columns(said)
        has_prose = has_prose or len(words(said)) >= _PROSE
        longest = max(longest, size) if has_prose else longest
    return longest


def _is_of_other_story(text: Text) -> bool:
    return text.mark is None or (text.mark.verdict == "drop" and text.mark.kind in _STORIES)


def _is_heading(text: Text) -> bool:
    return _heading_around(text) is not None


def _heading_around(text: Text) -> Element | None:
    """The heading that a text stands in: `h1` to `h6`, or an element with that role."""
    return next((e for e in _above(text) if e.tag in _HEADINGS or _role_of(e) == "heading"), None)


def _role_of(element: Element) -> str:
    """The first role that an element is given, in lower case."""
    return next(iter((element.attributes.get("role") or "").lower().split()), "")


def _is_linked(text: Text) -> bool:
    return any(element.tag == "a" for element in _above(text))


def _above(node: Node) -> Iterator[Element]:
    """The elements around a node, the innermost first."""
    element = node.parent
    while element is not None:
        yield element
        element = element.parent


def _shown_texts(tree: Element) -> Iterator[Text]:
    return (text for text in tree.texts() if not text.blank and not any(above.tag in UNSEEN for above in _above(text)))


def _kind_of(text: Text) -> str | None:
    return None if text.mark is None else text.mark.kind


def content_blocks(tree: Element) -> list[Element]:
    """The innermost blocks of the main content, in page order."""
    blocks: dict[int, Element] = {}
    for text in kept_texts(body_of(tree)):
        block = block_around(text)
        blocks.setdefault(id(block), block)
    return list(blocks.values())


def paragraphs(root: Element) -> list[Element]:
    """The `p` elements below an element, in page order. Raises DoesNotApply if there is none."""
    found = [element for element in root.elements() if element.tag == "p"]
    if not found:
        raise DoesNotApply(f"no p element stands in the {root.tag} that holds the main content")
    return found


def gaps(tree: Element) -> list[Element]:
    """The blocks of the main content that a block may be put behind so that main content stands before it and after it.

    In page order. Raises DoesNotApply if there is none.
    """
    blocks = [_in_flow(block) for block in content_blocks(tree)]
    distinct = {id(block): block for block in blocks}.values()
    found = [block for block in distinct if not _is_around(block, blocks[-1])]
    if not found:
        raise DoesNotApply("the main content is one block")
    return found


def put_into(tree: Element, block: Element, slot: Slot) -> None:
    """Put a new block beside the main content or into it. Raises DoesNotApply if the page has no main content."""
    content = container(tree)
    if slot == "end":
        body_of(tree).append(block)
    elif slot == "inside" and content.tag != "body":
        content.append(block)
    elif content.tag != "body" and can_be_wrapped(content):
        (put_after if slot == "after" else put_before)(content, block)
    else:
        kept = [child for child in content.children if holds_content(child)]
        if slot == "before":
            put_before(kept[0], block)
        else:
            put_after(kept[-1], block)


def texts_in_flow(root: Element) -> list[Text]:
    """The texts below an element that are shown and may be cut into pieces, in page order."""
    found: list[Text] = []
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Text):
            found.append(node)
        elif isinstance(node, Element) and node.tag not in UNSEEN | PREFORMATTED | {"option", "title", "math"}:
            stack += reversed(node.children)
    return found


def is_blank(node: Node) -> bool:
    """Whether a node shows nothing by itself: white space or a comment."""
    return isinstance(node, Raw) or (isinstance(node, Text) and node.blank)


def _in_flow(block: Element) -> Element:
    """The nearest element at or around a block whose parent may hold blocks."""
    while block.tag != "body" and block.parent is not None:
        if block.parent.tag not in _NO_FLOW and not _inside_inline(block):
            break
        block = block.parent
    return block


def _inside_inline(element: Element) -> bool:
    return any(above.tag in _PHRASING for above in _above(element))


def _is_around(outer: Element, inner: Element) -> bool:
    return inner is outer or any(above is outer for above in _above(inner))
