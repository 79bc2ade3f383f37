"""Content twice, boilerplate gone, another page around it, and what the head says (D16, D28, D38, D39)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage, marked_tree
from harness.fuzz.html.places import (
    add_class,
    body_of,
    can_be_wrapped,
    columns_of_content,
    container_below_body,
    head_of,
    heading_of,
    kept_texts,
    longest_other_story,
)
from harness.fuzz.html.shown import require_same_shown
from harness.fuzz.html.tree import Element, Mark, Node, Text, copy_tree, put_after, put_instead

_ONE_OF_TWO = (
    "@media (max-width: 699px) { .only-wide { display: none !important } }\n"
    "@media (min-width: 700px) { .only-narrow { display: none !important } }"
)

CHROME = "navigation masthead footer sidebar related promo newsletter consent paywall share author tags legal form interface"
"""Kinds of text that are never main content."""


@dataclass(frozen=True)
class HeadAndScripts(DomOperator):
    """What no reader sees: the head without its encoding, scripts, JSON-LD, or JSON-LD with the text of another article.

    The head stays where its style sheets hide text of the page, and scripts stay where one of them has an article's text.
    """

    code: ClassVar[str] = "D16"
    title: ClassVar[str] = "head, scripts and JSON-LD"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 180

    drop_scripts: bool = False
    """Whether scripts go."""
    drop_head: bool = False
    """Whether everything in the head goes but what names the encoding."""
    poison: bool = False
    """Whether JSON-LD with the text of another article is added."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self == HeadAndScripts():
            return page
        tree = page.tree_to_change()
        dropped: list[Node] = []
        if self.drop_scripts:
            dropped += [element for element in tree.elements() if element.tag == "script"]
        if self.drop_head:
            dropped += [child for child in head_of(tree).children if not _names_encoding(child)]
        if not dropped and not self.poison:
            raise DoesNotApply("there is nothing in the head, or no script, that could be dropped")
        if any(_has_article(node) for node in dropped):
            raise DoesNotApply("a script has the text of an article, which an extractor may go by")
        for node in dropped:
            if node.parent is not None:
                put_instead(node)
        page = require_same_shown(page, page.with_tree(tree))
        if not self.poison:
            return page
        tree = page.tree_to_change()
        (donor,) = page.donors_of("related", 1)
        body = "\n".join(donor.paragraphs)
        said = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": donor.heading, "articleBody": body}
        data = json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
        head_of(tree).append(Element("script", {"type": "application/ld+json"}, Text(data)))
        return page.with_tree(tree, body)

    @classmethod
    def matrix_instances(cls) -> tuple[HeadAndScripts, ...]:
        """See Operator."""
        return cls(drop_scripts=True), cls(drop_head=True), cls(poison=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.booleans(), st.booleans(), st.booleans())


def _has_article(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "script" and any("articleBody" in text.data for text in node.texts())


def _names_encoding(node: Node) -> bool:
    return isinstance(node, Element) and node.tag == "meta" and "charset" in node.attributes


@dataclass(frozen=True)
class DuplicateContent(DomOperator):
    """The main content a second time, for narrow windows or for browsers without scripts; readers see one of them.

    `visible`: a style sheet shows the first in windows of 700 pixels and more, and the second in narrower ones.
    """

    code: ClassVar[str] = "D28"
    title: ClassVar[str] = "content twice"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no duplicate",)
    harm: ClassVar[int] = 260

    way: Literal["none", "noscript", "hidden", "visible"] = "none"
    """How one of the two is kept from readers; `none` adds no second one."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.way == "none":
            return page
        tree = page.tree_to_change()
        content = container_below_body(tree)
        if not can_be_wrapped(content):
            raise DoesNotApply(f"the main content stands in <{content.tag}>, which cannot stand there twice")
        copy = copy_tree(content, marked=lambda mark: Mark("drop", "hidden"))
        copy.attributes.pop("id", None)
        if self.way == "noscript":
            copy = Element("noscript", {}, copy)
        elif self.way == "hidden":
            copy.attributes["style"] = "display:none"
        else:
            add_class(content, "only-wide")
            add_class(copy, "only-narrow")
            head_of(tree).append(Element("style", {}, Text(_ONE_OF_TWO)))
        put_after(content, copy)
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[DuplicateContent, ...]:
        """See Operator."""
        return cls("noscript"), cls("hidden"), cls("visible")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["noscript", "hidden", "visible"]))


@dataclass(frozen=True)
class RemoveBoilerplate(DomOperator):
    """Boilerplate is taken out."""

    code: ClassVar[str] = "D38"
    title: ClassVar[str] = "boilerplate removed"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop",)
    harm: ClassVar[int] = 200

    kinds: str = ""
    """Of TEXT_KINDS, with spaces between. Only for pages with labels."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        kinds = set(self.kinds.split())
        if not kinds:
            return page
        page.require_labels()
        tree = page.tree_to_change()
        wanted: set[int] = set()  # elements in which nothing else stands
        others: set[int] = set()
        for text in tree.texts():
            if not text.blank:
                out = text.mark is not None and text.mark.verdict == "drop" and text.mark.kind in kinds
                above = text.parent
                while above is not None:
                    (wanted if out else others).add(id(above))
                    above = above.parent
        removed = 0
        stack: list[Element] = [body_of(tree)]
        while stack:
            element = stack.pop()
            for child in list(element.children):
                if isinstance(child, Element) and id(child) in wanted:
                    if id(child) in others:
                        stack.append(child)
                    else:
                        put_instead(child)
                        removed += 1
        if not removed:
            raise DoesNotApply(f"no element holds only {', '.join(sorted(kinds))}")
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[RemoveBoilerplate, ...]:
        """See Operator."""
        return cls("related"), cls("comment"), cls(CHROME)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["related", "comment", "navigation footer", CHROME]))


@dataclass(frozen=True)
class OtherSurroundings(DomOperator):
    """The main content and its heading in another page, in the place of that page's own.

    No other story of that page is longer than half of the main content: readers might take it for what they came for.
    """

    code: ClassVar[str] = "D39"
    title: ClassVar[str] = "surroundings of another page"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop",)
    harm: ClassVar[int] = 190

    host: int = 0
    """Which one, from 1; 0 for none."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.host < 1:
            return page
        if not page.hosts:
            raise DoesNotApply("there is no other page that could lend its surroundings")
        content = container_below_body(page.tree)
        _require_all_inside(page.tree, content)
        if not can_be_wrapped(content):
            raise DoesNotApply(f"the main content stands in <{content.tag}>, which needs its place")
        tree, place = self._place(page, columns_of_content(content) // 2)
        moved = [copy_tree(element) for element in (*_heading_outside(page.tree, content), content)]
        for own in _heading_outside(tree, place):
            put_instead(own)
        for text in tree.texts():  # what is left of the other page is none of our content
            if text.mark and text.mark.verdict != "drop":
                text.mark = None
        put_instead(place, *moved)
        return page.with_tree(tree)

    def _place(self, page: DomPage, longest: int) -> tuple[Element, Element]:
        """The tree of the first host, from the one that was asked for, whose content can make way; and that content.

        longest: columns that another story of the host may have.
        """
        start = (self.host - 1) % len(page.hosts)
        reason = "no other page has its main content in an element that could be another"
        for golden in page.hosts[start:] + page.hosts[:start]:
            tree = marked_tree(golden)
            try:
                place = container_below_body(tree)
            except DoesNotApply:
                continue
            if not can_be_wrapped(place):
                continue
            if longest_other_story(tree, place) <= longest:
                return tree, place
            reason = "other pages have another story that is longer than half of the main content"
        raise DoesNotApply(reason)

    @classmethod
    def matrix_instances(cls) -> tuple[OtherSurroundings, ...]:
        """See Operator."""
        return (cls(1),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 12))


def _heading_outside(tree: Element, content: Element) -> list[Element]:
    """The heading of a page, if it stands outside the element that holds the main content."""
    heading = heading_of(tree)
    return [] if heading is None or any(element is heading for element in content.elements()) else [heading]


def _require_all_inside(tree: Element, content: Element) -> None:
    if sum(1 for _ in kept_texts(tree)) != sum(1 for _ in kept_texts(content)):
        raise DoesNotApply("some main content stands outside the element that holds most of it")
