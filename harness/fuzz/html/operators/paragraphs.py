"""Paragraphs in other elements, joined, cut, and full of links (D10, D11, D14, D15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import body_of, container, is_blank, is_kept, paragraphs, texts_in_flow
from harness.fuzz.html.tree import Element, Node, Text, place_of, put_instead
from harness.worker.elements import BLOCK

Scope = Literal["none", "content", "page"]
"""The container of the main content, or all of the page."""

_SENTENCE_END = re.compile(r"[.!?…](?:[\"'”’»)\]])*\s+|[。！？](?:[」』”])*|[।؟]\s*")
_WORD = re.compile(r"\S+")


def _paragraphs(tree: Element, scope: Scope) -> list[Element]:
    return paragraphs(container(tree) if scope == "content" else body_of(tree))


@dataclass(frozen=True)
class ParagraphsToDivs(DomOperator):
    """Every `p` becomes another element."""

    code: ClassVar[str] = "D10"
    title: ClassVar[str] = "p becomes div"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 140

    scope: Scope = "none"
    """Which paragraphs: see Scope."""
    tag: str = "div"
    """The name of the other element."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.scope == "none":
            return page
        tree = page.tree_to_change()
        for p in _paragraphs(tree, self.scope):
            p.tag = self.tag
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[ParagraphsToDivs, ...]:
        """See Operator."""
        return cls("content"), cls("page")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["page", "content"]), st.sampled_from(["div", "section", "x-paragraph"]))


@dataclass(frozen=True)
class ParagraphsToBreaks(DomOperator):
    """Every `p` becomes plain text with two `br` between it and the next."""

    code: ClassVar[str] = "D11"
    title: ClassVar[str] = "p becomes br br"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 150

    scope: Scope = "none"
    """Which paragraphs: see Scope."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.scope == "none":
            return page
        tree = page.tree_to_change()
        for p in _paragraphs(tree, self.scope):
            children: list[Node] = [*p.children, Element("br"), Element("br")]
            parent, index = place_of(p)
            if parent.tag not in BLOCK or (index and not _breaks(parent.children[index - 1])):
                children[:0] = [Element("br"), Element("br")]
            put_instead(p, *children)
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[ParagraphsToBreaks, ...]:
        """See Operator."""
        return (cls("content"),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["page", "content"]))


def _breaks(node: Node) -> bool:
    """Whether nothing can be glued to what follows a node."""
    return is_blank(node) or (isinstance(node, Element) and node.tag == "br")


@dataclass(frozen=True)
class ParagraphLength(DomOperator):
    """Longer or shorter paragraphs."""

    code: ClassVar[str] = "D14"
    title: ClassVar[str] = "paragraphs joined or cut"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop",)
    harm: ClassVar[int] = 160

    merge: int = 1
    """How many become one."""
    sentences: int = 0
    """How many stand in one; 0 leaves them together."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.merge < 2 and self.sentences < 1:
            return page
        tree = page.tree_to_change()
        changed = 0
        if self.merge > 1:
            for run in runs_of(_paragraphs(tree, "content")):
                changed += sum(_join(run[start : start + self.merge]) for start in range(0, len(run), self.merge))
        if self.sentences > 0:
            for p in _paragraphs(tree, "content"):
                parts = split_sentences(p, self.sentences)
                put_instead(p, *parts)
                changed += len(parts) > 1
        if not changed:
            raise DoesNotApply("no paragraph of the main content has a neighbour to join, or sentences to cut between")
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[ParagraphLength, ...]:
        """See Operator."""
        return cls(merge=3), cls(sentences=1)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 6), st.integers(0, 3))


def runs_of(found: list[Element]) -> Iterator[list[Element]]:
    """Paragraphs under one label with nothing but white space between them."""
    run: list[Element] = []
    for p in found:
        if run and not _follows(run[-1], p):
            yield run
            run = []
        run.append(p)
    if run:
        yield run


def _follows(before: Element, p: Element) -> bool:
    marks = {text.mark for paragraph in (before, p) for text in paragraph.texts() if not text.blank}
    if before.parent is not p.parent or len(marks) > 1:
        return False
    parent, start = place_of(before)
    return all(is_blank(node) for node in parent.children[start + 1 : place_of(p)[1]])


def _join(run: list[Element]) -> bool:
    first, *rest = run
    for p in rest:
        last = first.children[-1] if first.children else None
        if isinstance(last, Text):
            last.data += " "
        else:
            first.append(Text(" ", next((text.mark for text in p.texts()), None)))
        for child in p.children:
            first.append(child)
        put_instead(p)
    return bool(rest)


def split_sentences(p: Element, sentences: int = 1) -> list[Element]:
    """A paragraph cut behind every n-th sentence that ends in its own text: paragraphs to put in its place."""
    parts = [Element("p", p.attributes)]
    ended = 0
    for child in p.children:
        if not isinstance(child, Text):
            parts[-1].append(child)
            continue
        start = 0
        for match in _SENTENCE_END.finditer(child.data):
            ended += 1
            if ended % sentences == 0 and (match.end() < len(child.data) or child is not p.children[-1]):
                parts[-1].append(Text(child.data[start : match.end()], child.mark))
                parts.append(Element("p", {key: value for key, value in p.attributes.items() if key != "id"}))
                start = match.end()
        parts[-1].append(Text(child.data[start:], child.mark))
    return parts


@dataclass(frozen=True)
class Linkify(DomOperator):
    """Every n-th word of the main content becomes a link."""

    code: ClassVar[str] = "D15"
    title: ClassVar[str] = "links in the text"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop",)
    harm: ClassVar[int] = 170

    every: int = 0
    """Of how many words one becomes a link; 0 for none."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.every < 1:
            return page
        tree = page.tree_to_change()
        linked = 0
        for text in texts_in_flow(body_of(tree)):
            if is_kept(text.mark) and not in_link(text):
                linked += _link(text, self.every)
        if not linked:
            raise DoesNotApply(f"no text of the main content has {self.every} words outside links")
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[Linkify, ...]:
        """See Operator."""
        return cls(10), cls(4)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(0, 8).map(lambda less: 10 - less))


def in_link(text: Text) -> bool:
    """Whether a text stands in a link, or where no link can stand."""
    above = text.parent
    while above is not None:
        if above.tag in ("a", "button", "label"):
            return True
        above = above.parent
    return False


def _link(text: Text, every: int) -> int:
    parts: list[Node] = []
    start = 0
    words = list(_WORD.finditer(text.data))[every - 1 :: every]
    for number, match in enumerate(words):
        parts += [
            Text(text.data[start : match.start()], text.mark),
            Element("a", {"href": f"/topics/{number}"}, Text(match[0], text.mark)),
        ]
        start = match.end()
    if parts:
        put_instead(text, *parts, Text(text.data[start:], text.mark))
    return len(words)
