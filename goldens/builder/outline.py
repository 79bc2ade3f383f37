"""A page as an outline of its elements, for a labeller who writes selectors: no labels, no scripts, no styles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.pages.visible import is_hidden
from harness.pages.words import words
from harness.worker.elements import BREAKS_LINE, PREFORMATTED, UNSEEN

_TEXT = "-text"
_UNSEEN = UNSEEN - {"template"}  # rules can name what a template holds
_PLAIN = frozenset("a abbr b bdi br em font i q s span strong u wbr".split())
_BEGINNING, _END, _ROW = 80, 30, 160  # characters that are shown of a text, and of several in a row
_MANY = 4  # siblings that are folded
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class _Part:
    """An element with text in it, or a text between elements."""

    label: str
    """The element as a selector names it; empty for a text."""
    pattern: str
    """The same for elements that are named alike: without its id, numbers and the names of rare classes."""
    text: str
    """All text in it, with one space where there is white space."""
    inline: tuple[str, ...]
    """The inline elements in it that are no parts of their own."""
    parts: tuple[_Part, ...]
    """What is in it, unless that is shown as its text."""

    @property
    def chain(self) -> tuple[str, _Part]:
        """Its label with those of the elements that are all that stands in it, and the innermost of them."""
        if len(self.parts) != 1 or not self.parts[0].label:
            return self.label, self
        name, last = self.parts[0].chain
        return f"{self.label} > {name}", last

    @cached_property
    def shape(self) -> tuple[object, ...]:
        """Equal for elements that are written alike."""
        return (self.pattern, *(shape for shape, _ in groupby(part.shape for part in self.parts)))


def outline(tree: LexborHTMLParser) -> Iterator[str]:
    """The lines of a page's outline: an element each, indented, as a selector names it, with its text shortened.

    Elements without text are left out. An element with one part only stands before it, as in `main > div.story`. From four
    siblings on that are alike, short ones share a line, and of large ones only the first is shown by its elements. Behind a
    text stand, in brackets, the elements in it that are not shown by themselves.
    """
    if tree.body is not None:
        yield from _lines([_Reader(tree).part(tree.body)], "")


def _lines(parts: Sequence[_Part], indent: str) -> Iterator[str]:
    for _, group in groupby(parts, key=lambda part: part.shape):
        alike = [*group]
        name, last = alike[0].chain
        if len(alike) < _MANY or not name or (not last.parts and any(len(part.text) > _BEGINNING for part in alike)):
            for part in alike:
                yield from _lines_of(part, indent)
        elif last.parts:
            yield from _lines_of(alike[0], indent)
            yield from (f"{indent}  alike: {_quoted(part.text)}" for part in alike[1:])
        else:
            yield f"{indent}{name} ×{len(alike)}: {_shortened(' · '.join(part.text for part in alike), _ROW)}"


def _lines_of(part: _Part, indent: str) -> Iterator[str]:
    name, last = part.chain
    if last.parts:
        yield indent + name
        yield from _lines(last.parts, indent + "  ")
    else:
        inline = f"[{', '.join(last.inline)}]" if last.inline else ""
        yield indent + " ".join(filter(None, (name, _quoted(last.text), inline)))


class _Reader:
    """Reads the parts of a page."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        classes = Counter(name for node in tree.css("[class]") for name in _classes(node))
        self._rare = {name for name, count in classes.items() if count <= 2}  # a menu may stand on the page twice

    def part(self, node: LexborNode) -> _Part:
        """An element with what is in it."""
        is_whole = _is_whole(node)
        parts = tuple(self._parts(node, is_whole))
        text = _text(node) if is_whole else " ".join(part.text for part in parts)
        if len(parts) > 1 and len(text) > _BEGINNING if is_whole else any(part.label for part in parts):
            return _Part(_label(node), self._pattern(node), text, (), parts)
        return _Part(_label(node), self._pattern(node), text, _marked(node), ())

    def _parts(self, node: LexborNode, is_whole: bool) -> Iterator[_Part]:
        """What stands in an element: its elements with text, and the runs of text and plain inline elements between them
        and line breaks. is_whole: no element is a part of its own."""
        run: list[LexborNode] = []
        for child in node.iter(include_text=True):
            if child.tag == "br":
                yield from self._run(run)
                run = []
            elif child.tag in _UNSEEN or not _text(child):
                continue
            elif is_whole or child.tag == _TEXT or _is_plain(child):
                run.append(child)
            else:
                yield from self._run(run)
                run = []
                yield self.part(child)
        yield from self._run(run)

    def _run(self, nodes: Sequence[LexborNode]) -> Iterator[_Part]:
        elements = [node for node in nodes if node.tag != _TEXT]
        if len(nodes) == len(elements) == 1:
            yield _Part(_label(nodes[0]), self._pattern(nodes[0]), _text(nodes[0]), (), ())
        elif nodes:
            labels = Counter(map(_label, elements))
            yield _Part("", "", " ".join(map(_text, nodes)), tuple(_counted(*item) for item in labels.items()), ())

    def _pattern(self, node: LexborNode) -> str:
        names = ["*" if name in self._rare else _NUMBERS.sub("0", name) for name in _classes(node)]
        return f"{node.tag}.{'.'.join(names)}{is_hidden(node)}"


def _is_whole(node: LexborNode) -> bool:
    """Whether an element is shown by its text alone: it holds no block, and not all of its text is in marked elements."""
    if node.tag in PREFORMATTED:
        return True
    if any(inner.tag in BREAKS_LINE - {"br"} for inner in node.css("*") if inner.mem_id != node.mem_id):
        return False
    return any(child.tag == _TEXT and words(child.text_content or "") for child in node.iter(include_text=True))


def _is_plain(node: LexborNode) -> bool:
    return _label(node) in _PLAIN and not any(inner.tag in BREAKS_LINE for inner in node.css("*"))


def _marked(node: LexborNode) -> tuple[str, ...]:
    """The inline elements in an element that are more than emphasis and links."""
    labels = Counter(_label(inner) for inner in node.css("*") if inner.mem_id != node.mem_id and _text(inner))
    return tuple(_counted(label, count) for label, count in labels.items() if label not in _PLAIN)


def _counted(label: str, count: int) -> str:
    return f"{label} ×{count}" if count > 1 else label


def _label(node: LexborNode) -> str:
    attributes = node.attributes
    names = "".join(f".{name}" for name in _classes(node))
    identity = f"#{attributes['id']}" if attributes.get("id") else ""
    return f"{node.tag}{identity}{names}{' (hidden)' if is_hidden(node) else ''}"


def _classes(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _text(node: LexborNode) -> str:
    if node.tag == _TEXT:
        return _spaced(node.text_content or "")
    pieces = (
        " " if inner.tag == "br" else inner.text_content or ""
        for inner in node.traverse(include_text=True)
        if inner.tag == "br" or (inner.is_text_node and not _is_unseen(inner, node))
    )
    return _spaced("".join(pieces))


def _spaced(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def _is_unseen(node: LexborNode, within: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _UNSEEN:
            return True
        if parent.mem_id == within.mem_id:
            return False
        parent = parent.parent
    return False


def _quoted(text: str) -> str:
    length = f" ({len(words(text))} words)" if len(text) > _BEGINNING + _END else ""
    return f'"{_shortened(text, _BEGINNING)}"{length}'


def _shortened(text: str, beginning: int) -> str:
    return text if len(text) <= beginning + _END else f"{text[:beginning].rstrip()} … {text[-_END:].lstrip()}"
