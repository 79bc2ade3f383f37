"""A page as a tree that can be changed: read from the HTML5 parser of the project, written as HTML again.

The nodes are plain Python objects, since a parser's own tree can only be changed as far as its interface goes. Every text
node has the mark that a golden's labels give it; moving a text moves its mark. Nothing here is recursive: pages may be
nested deeper than Python's stack.
"""

from __future__ import annotations

import html as html_escape
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.goldens.html_labels import lay_labels
from harness.goldens.labels import Label
from harness.goldens.vocabulary import LabelVerdict
from harness.pages.visible import is_shadow_root
from harness.worker.elements import PREFORMATTED

VOID = frozenset("area base basefont bgsound br col embed frame hr img input link meta param source track wbr".split())
RAW_TEXT = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"})


class Mark(NamedTuple):
    """What is known of a text."""

    verdict: LabelVerdict
    """Its verdict."""

    kind: str
    """Its kind, one of `harness.goldens.vocabulary.TEXT_KINDS`."""


KEEP = Mark("keep", "body")


class Text:
    """A text node. Without a mark it is what no label names."""

    __slots__ = ("data", "mark", "parent")

    def __init__(self, data: str, mark: Mark | None = None) -> None:
        self.data, self.mark = data, mark
        self.parent: Element | None = None

    @property
    def blank(self) -> bool:
        """Whether there is nothing to read."""
        return not self.data or self.data.isspace()


class Raw:
    """What is written as it was read: comments, the document type, templates."""

    __slots__ = ("html", "parent")

    def __init__(self, html: str) -> None:
        self.html = html
        self.parent: Element | None = None


class Element:
    """An element with its attributes (None for one without a value) and children."""

    __slots__ = ("attributes", "children", "parent", "tag")

    def __init__(self, tag: str, attributes: Mapping[str, str | None] | None = None, *children: Node) -> None:
        self.tag = tag
        self.attributes = dict(attributes or {})
        self.children: list[Node] = []
        self.parent: Element | None = None
        for child in children:
            self.append(child)

    def append(self, node: Node) -> None:
        """Put a node, which is nowhere yet, behind the children."""
        node.parent = self
        self.children.append(node)

    def insert(self, index: int, node: Node) -> None:
        """Put a node, which is nowhere yet, before the child with this index."""
        node.parent = self
        self.children.insert(index, node)

    def elements(self) -> Iterator[Element]:
        """This element and all below it, in page order. Changes below an element that was given are not followed."""
        return (node for node in walk(self) if isinstance(node, Element))

    def texts(self) -> Iterator[Text]:
        """All text nodes below, in page order."""
        return (node for node in walk(self) if isinstance(node, Text))


Node: TypeAlias = "Element | Text | Raw"


def walk(root: Node) -> Iterator[Node]:
    """A node and all below it, in page order."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Element):
            stack += reversed(node.children)


def place_of(node: Node) -> tuple[Element, int]:
    """The parent of a node that has one, and its index there."""
    assert node.parent is not None
    return node.parent, next(index for index, child in enumerate(node.parent.children) if child is node)


def put_after(node: Node, new: Node) -> None:
    """Put a node, which is nowhere yet, behind another."""
    parent, index = place_of(node)
    parent.insert(index + 1, new)


def put_before(node: Node, new: Node) -> None:
    """Put a node, which is nowhere yet, before another."""
    parent, index = place_of(node)
    parent.insert(index, new)


def put_instead(node: Node, *new: Node) -> None:
    """Put nodes, which are nowhere yet, in the place of another, which is nowhere then."""
    parent, index = place_of(node)
    parent.children[index : index + 1] = new
    node.parent = None
    for one in new:
        one.parent = parent


def wrap(node: Node, outer: Element, inner: Element | None = None) -> None:
    """Put a node into `inner` (or `outer` itself), which is or stands below `outer`, in the place where the node was."""
    put_instead(node, outer)
    (inner or outer).append(node)


def wrap_children(element: Element, outer: Element, inner: Element | None = None) -> None:
    """Put all children of an element into `inner` (or `outer` itself), and `outer` into the element."""
    children = element.children
    element.children = []
    for child in children:
        (inner or outer).append(child)
    element.append(outer)


def chain(*elements: Element) -> tuple[Element, Element]:
    """Elements put into each other: the outermost and the innermost."""
    for outer, inner in pairwise(elements):
        outer.append(inner)
    return elements[0], elements[-1]


def copy_tree(root: Element, marked: Callable[[Mark | None], Mark | None] = lambda mark: mark) -> Element:
    """A copy of an element and all below it. marked: the mark that the copy of a text gets, from the mark it had."""
    top = Element(root.tag, root.attributes)
    stack = [(root, top)]
    while stack:
        old, new = stack.pop()
        for child in old.children:
            if isinstance(child, Element):
                copy = Element(child.tag, child.attributes)
                stack.append((child, copy))
                new.append(copy)
            elif isinstance(child, Text):
                new.append(Text(child.data, marked(child.mark)))
            else:
                new.append(Raw(child.html))
    return top


def read_tree(tree: LexborHTMLParser, labels: Sequence[Label]) -> Element:
    """A parsed page as an element `#document`, with a mark on each text that labels name."""
    laid = lay_labels(tree, labels)
    rule_of = {node.mem_id: index for index, nodes in enumerate(laid.elements) for node in nodes}
    marks = [Mark(label.verdict, label.kind) for label in labels]
    document = Element("#document")
    assert tree.root is not None and tree.root.parent is not None  # the parser makes a root of anything
    stack: list[tuple[LexborNode, Element, int | None]] = [(tree.root.parent, document, None)]
    while stack:
        parent, new, rule = stack.pop()
        node = parent.first_child
        while node is not None:
            if node.is_text_node:
                for text, own in laid.parts(node, rule):
                    new.append(Text(text, None if own is None else marks[own]))
            elif not node.is_element_node:
                new.append(Raw(node.html or ""))
            else:
                child = Element(node.tag or "", node.attributes)
                new.append(child)
                around = None if node.tag == "template" and not is_shadow_root(node) else rule
                rules = [r for r in (around, rule_of.get(node.mem_id)) if r is not None]
                stack.append((node, child, max(rules, default=None)))
            node = node.next
    return document


@dataclass(frozen=True)
class Style:
    """How a tree is written."""

    optional_end_tags: bool = True
    """Whether `</p>` and `</li>` are written where HTML does not ask for them."""

    upper_case: bool = False
    """Whether names of tags are in capitals."""

    quotes: str = '"'
    """`"`, `'`, or nothing where HTML asks for no quotes."""

    entities: bool = False
    """Whether every character beyond ASCII is a numeric reference."""

    xml_declaration: bool = False
    """Whether `<?xml …?>` stands before the page."""


PLAIN = Style()

_ENDS_P = frozenset(
    "address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup "
    "hr main menu nav ol p pre section table ul".split()
)
_ENDS_P_WITH = frozenset(
    "article aside blockquote body div dd details fieldset figure footer form header main section".split()
)
_NO_SPANS = RAW_TEXT | frozenset(
    "title textarea select optgroup option table thead tbody tfoot tr #document html head".split()
)
_INTO_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\xa0": "&nbsp;"})


class Written(NamedTuple):
    """A tree as HTML, and the same with its marks."""

    html: str
    """The page."""

    marked: str
    """The page with a mark on each text: `VERDICT KIND`, empty for none, in an attribute of the element that the text stands
    in, which also holds for what is below it, or of a `span` of the text's own."""

    attribute: str
    """The name of that attribute, which `html` has nowhere."""


def write(root: Node, style: Style = PLAIN) -> str:
    """A tree as HTML."""
    return write_with_marks(root, style).html


def write_with_marks(root: Node, style: Style = PLAIN) -> Written:
    """A tree as HTML, without and with its marks."""
    out = ['<?xml version="1.0" encoding="utf-8"?>\n'] if style.xml_declaration else []
    of_marks: list[tuple[int, str]] = []  # what stands where with marks only; `{}` is the attribute
    stack: list[tuple[Node, Mark | None] | str] = [(root, None)]

    def add_to_marked(text: str) -> None:
        of_marks.append((len(out), text))
        out.append("")

    while stack:
        top = stack.pop()
        if isinstance(top, str):
            out.append(top)
            continue
        node, mark = top
        if isinstance(node, Raw):
            out.append(node.html)
        elif isinstance(node, Text):
            if node.mark != mark and _can_have_span(node):
                add_to_marked(f'<span {{}}="{_mark_value(node.mark)}">')
                out.append(_text(node, style))
                add_to_marked("</span>")
            else:
                out.append(_text(node, style))
        elif node.tag == "#document":
            stack += [(child, mark) for child in reversed(node.children)]
        else:
            name = node.tag.upper() if style.upper_case else node.tag
            out.append(f"<{name}")
            for key, value in node.attributes.items():
                out.append(_attribute(key, value, style.quotes))
            own = _own_mark(node, mark)
            if own != mark:
                mark = own
                add_to_marked(f' {{}}="{_mark_value(mark)}"')
            out.append(">")
            if node.tag in VOID:
                continue
            first = node.children[0] if node.children else None
            if node.tag in PREFORMATTED and isinstance(first, Text) and first.data.startswith("\n"):
                out.append("\n")  # a parser drops the first one
            if style.optional_end_tags or not _end_tag_can_go(node):
                stack.append(f"</{name}>")
            stack += [(child, mark) for child in reversed(node.children)]
    html = "".join(out)
    attribute = "data-mark"
    while attribute in html:
        attribute += "-x"
    for place, text in of_marks:
        out[place] = text.format(attribute)
    return Written(html, "".join(out), attribute)


def mark_of_value(value: str | None) -> Mark | None:
    """The mark that `write` wrote as the value of an attribute."""
    verdict, _, kind = (value or "").partition(" ")
    return Mark(verdict, kind) if verdict in ("keep", "maybe", "drop") else None  # type: ignore[arg-type]


def _mark_value(mark: Mark | None) -> str:
    return f"{mark.verdict} {mark.kind}" if mark else ""


def _own_mark(element: Element, around: Mark | None) -> Mark | None:
    """The mark of the first text that stands in an element itself; of one with words, if there is any."""
    blank = None
    for child in element.children:
        if isinstance(child, Text):
            if not child.blank:
                return child.mark
            blank = blank or child.mark
    return blank or around


def _can_have_span(text: Text) -> bool:
    if text.blank and text.mark is None:
        return False  # was put there by an operator
    return text.parent is not None and text.parent.tag not in _NO_SPANS


def _text(node: Text, style: Style) -> str:
    if node.parent is not None and node.parent.tag in RAW_TEXT:
        return node.data
    written = node.data.translate(_INTO_TEXT)
    return written.encode("ascii", "xmlcharrefreplace").decode() if style.entities else written


@lru_cache(maxsize=50_000)  # the pages that operators make of one page have most of their attributes in common
def _attribute(key: str, value: str | None, quotes: str) -> str:
    if value is None:
        return f" {key}"
    if not quotes and value and value.isascii() and value.replace("-", "").replace("_", "").isalnum():
        return f" {key}={value}"
    quote = quotes or '"'
    escaped = html_escape.escape(value, quote=False).replace("\xa0", "&nbsp;")
    return f" {key}={quote}{escaped.replace(quote, '&#39;' if quote == chr(39) else '&quot;')}{quote}"


def _end_tag_can_go(element: Element) -> bool:
    """Whether a parser ends a paragraph or list entry by itself where this one ends."""
    if element.tag not in ("p", "li") or element.parent is None:
        return False
    _, index = place_of(element)
    behind = (c for c in element.parent.children[index + 1 :] if not isinstance(c, Text) or not c.blank)
    following = next(behind, None)
    if element.tag == "li":
        return element.parent.tag in ("ul", "ol") and (following is None or _is(following, frozenset({"li"})))
    return element.parent.tag in _ENDS_P_WITH and (following is None or _is(following, _ENDS_P))


def _is(node: Node, tags: frozenset[str]) -> bool:
    return isinstance(node, Element) and node.tag in tags
