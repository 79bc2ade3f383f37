"""What stands around what: spans, nested and split containers, unusual elements (D4–D6, D12, D13, D33)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.html.blocks import promotion, text_of
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import (
    body_of,
    can_be_wrapped,
    container,
    container_below_body,
    holds_content,
    is_kept,
    paragraphs,
    texts_in_flow,
)
from harness.fuzz.html.tree import Element, Node, chain, put_instead, wrap, wrap_children

UNUSUAL = ("section", "header", "table", "figure", "form", "footer", "nav", "aside")
"""Elements that main content stands in on some pages; from those that are read by most to those that are cut out."""


@dataclass(frozen=True)
class Spans(DomOperator):
    """Every text of the main content in nested spans."""

    code: ClassVar[str] = "D4"
    title: ClassVar[str] = "texts in spans"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 60

    depth: int = 0
    """How many spans are in each other; 0 for none."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.depth < 1:
            return page
        tree = page.tree_to_change()
        for text in texts_in_flow(body_of(tree)):
            if is_kept(text.mark) and not text.blank:
                wrap(text, *chain(*(Element("span") for _ in range(self.depth))))
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[Spans, ...]:
        """See Operator."""
        return (cls(2),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 5))


@dataclass(frozen=True)
class Nest(DomOperator):
    """The container of the main content in nested `div` elements; a table cell and the body get them inside."""

    code: ClassVar[str] = "D5"
    title: ClassVar[str] = "content nested in div"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 70

    depth: int = 0
    """How many elements are in each other; 0 for none."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.depth < 1:
            return page
        tree = page.tree_to_change()
        content = container(tree)
        outer, inner = chain(*(Element("div") for _ in range(self.depth)))
        if content.tag != "body" and can_be_wrapped(content):
            wrap(content, outer, inner)
        else:
            wrap_children(content, outer, inner)
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[Nest, ...]:
        """See Operator."""
        return cls(20), cls(200)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 200))


@dataclass(frozen=True)
class NestDeep(Nest):
    """The same container, nested deeper than some parsers go.

    libxml2 drops what is nested in more than 255 elements unless told not to.
    """

    code: ClassVar[str] = "D6"
    title: ClassVar[str] = "content nested very deep"
    nature: ClassVar[Nature] = "limit"
    relations: ClassVar[tuple[Relation, ...]] = ("no crash", "invariant")
    harm: ClassVar[int] = 370

    @classmethod
    def matrix_instances(cls) -> tuple[NestDeep, ...]:
        """See Operator."""
        return cls(256), cls(400), cls(2000)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from([256, 400, 2000]))


@dataclass(frozen=True)
class WrapParagraphs(DomOperator):
    """Every paragraph in a section of its own, and in `div` elements below it."""

    code: ClassVar[str] = "D12"
    title: ClassVar[str] = "each paragraph in its own section"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 80

    depth: int = 0
    """How many elements in all."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.depth < 1:
            return page
        tree = page.tree_to_change()
        for p in paragraphs(container(tree)):
            wrap(p, *chain(Element("section"), *(Element("div") for _ in range(self.depth - 1))))
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[WrapParagraphs, ...]:
        """See Operator."""
        return (cls(3),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 5))


@dataclass(frozen=True)
class SplitContainer(DomOperator):
    """The container of the main content in several parts beside each other, each with its tag and class.

    A table cell and the body get parts inside.
    """

    code: ClassVar[str] = "D13"
    title: ClassVar[str] = "content in sibling containers"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop",)
    harm: ClassVar[int] = 90

    parts: int = 1
    """How many at most."""
    filler: bool = False
    """Whether a promotion stands between two parts."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.parts < 2:
            return page
        tree = page.tree_to_change()
        content = container(tree)
        runs = _runs(content.children, self.parts)
        beside = content.tag != "body" and can_be_wrapped(content)
        donors = page.donors_of("promo", len(runs) - 1) if self.filler else ()
        parts: list[Node] = []
        fillers = [promotion(donor, neutral=False) for donor in donors]
        for number, run in enumerate(runs):
            attributes = {key: value for key, value in content.attributes.items() if not number or key != "id"}
            parts.append(Element(content.tag, attributes, *run) if beside else Element("div", {}, *run))
            if number < len(fillers):
                parts.append(fillers[number])
        if beside:
            put_instead(content, *parts)
        else:
            content.children = []
            for part in parts:
                content.append(part)
        return page.with_tree(tree, *(text_of(filler) for filler in fillers))

    @classmethod
    def matrix_instances(cls) -> tuple[SplitContainer, ...]:
        """See Operator."""
        return cls(2), cls(3, filler=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(2, 4), st.booleans())


def _runs(children: list[Node], parts: int) -> list[list[Node]]:
    """Children in runs, each with about as many that hold main content. Raises DoesNotApply."""
    total = sum(map(holds_content, children))
    parts = min(parts, total)
    if parts < 2:
        raise DoesNotApply("the container of the main content has fewer than two children with main content")
    runs: list[list[Node]] = [[]]
    seen = 0
    for child in children:
        if holds_content(child):
            if seen * parts >= len(runs) * total:
                runs.append([])
            seen += 1
        runs[-1].append(child)
    return runs


@dataclass(frozen=True)
class WrapContent(DomOperator):
    """The container of the main content in an element that usually holds something else."""

    code: ClassVar[str] = "D33"
    title: ClassVar[str] = "content in an unusual element"
    nature: ClassVar[Nature] = "hostile"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 350

    tag: str = ""
    """One of UNUSUAL."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if not self.tag:
            return page
        tree = page.tree_to_change()
        content = container_below_body(tree)
        if not can_be_wrapped(content):
            raise DoesNotApply(f"the main content stands in <{content.tag}>, which needs its place")
        if self.tag == "form" and _has_form(content):
            raise DoesNotApply("a form cannot stand in a form")
        inner = ("tbody", "tr", "td") if self.tag == "table" else ()
        wrap(content, *chain(Element(self.tag), *(Element(tag) for tag in inner)))
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[WrapContent, ...]:
        """See Operator."""
        return tuple(cls(tag) for tag in UNUSUAL[1:])

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(UNUSUAL))


def _has_form(content: Element) -> bool:
    around = content.parent
    while around is not None:
        if around.tag == "form":
            return True
        around = around.parent
    return any(element.tag == "form" for element in content.elements())
