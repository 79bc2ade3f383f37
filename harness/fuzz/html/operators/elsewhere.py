"""A story that does not stand in the open: in a shadow root, behind "read more", in JSON-LD as well (D47, D48, D50)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.html.blocks import promotion, text_of
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import can_be_wrapped, container_below_body, content_blocks, head_of, kept_texts
from harness.fuzz.html.tree import Element, Mark, Text, put_before, wrap


@dataclass(frozen=True)
class ShadowRoot(DomOperator):
    """The container of the main content in a declarative shadow root, or in a slot of one that has promotion of its own."""

    code: ClassVar[str] = "D47"
    title: ClassVar[str] = "declarative shadow DOM"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "no leak")
    harm: ClassVar[int] = 265

    way: Literal["none", "slot", "inside"] = "none"
    """`inside`: the container stands in the shadow root; `slot`: the shadow root shows it in a slot; `none`: no change."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.way == "none":
            return page
        tree = page.tree_to_change()
        content = _movable(tree)
        template = Element("template", {"shadowrootmode": "open"})
        host = Element("x-story", {}, template)
        if self.way == "inside":
            wrap(content, host, template)
            return page.with_tree(tree)
        block = promotion(page.donors_of("promo", 1)[0], neutral=False)
        template.append(block)
        template.append(Element("slot"))
        wrap(content, host)
        return page.with_tree(tree, text_of(block))

    @classmethod
    def matrix_instances(cls) -> tuple[ShadowRoot, ...]:
        """See Operator."""
        return cls("slot"), cls("inside")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["slot", "inside"]))


@dataclass(frozen=True)
class ReadMore(DomOperator):
    """The beginning of the main content is shown, and the whole is hidden until a button is pressed.

    As with whatever readers can open, the whole counts as if it were open. The beginning, which then goes, is disputed.
    """

    code: ClassVar[str] = "D48"
    title: ClassVar[str] = "read more"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ()
    harm: ClassVar[int] = 345

    words: int = 0
    """How long the beginning is; 0 hides nothing."""
    way: Literal["attribute", "style"] = "attribute"
    """How the whole is hidden: by the attribute `hidden`, or by `style`."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.words < 1:
            return page
        page.require_labels()
        tree = page.tree_to_change()
        content = _movable(tree)
        shown = " ".join(text.data for text in kept_texts(content)).split()[: self.words]
        beginning = Element("p", {}, Text(" ".join(shown) + " …", Mark("maybe", "body")))
        button = Element("button", {"type": "button"}, Text("▾", Mark("drop", "interface")))
        put_before(content, Element("div", {"class": "excerpt"}, beginning, button))
        if self.way == "attribute":
            content.attributes["hidden"] = None
        else:
            before = (content.attributes.get("style") or "").strip().rstrip(";")
            content.attributes["style"] = f"{before};display:none".lstrip(";")
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[ReadMore, ...]:
        """See Operator."""
        return cls(40), cls(40, "style")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(10, 80), st.sampled_from(["attribute", "style"]))


@dataclass(frozen=True)
class OwnJsonLd(DomOperator):
    """JSON-LD in the head that has the text of the main content."""

    code: ClassVar[str] = "D50"
    title: ClassVar[str] = "JSON-LD with the article's text"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no duplicate", "bounded drop")
    harm: ClassVar[int] = 185

    form: Literal["none", "article", "graph"] = "none"
    """`graph`: among other things that the page is about."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.form == "none":
            return page
        tree = page.tree_to_change()
        lines = ("".join(text.data for text in kept_texts(block)) for block in content_blocks(tree))
        body = "\n".join(" ".join(line.split()) for line in lines)
        article = {"@type": "NewsArticle", "articleBody": body}
        said = {"@graph": [{"@type": "WebSite"}, article]} if self.form == "graph" else article
        data = json.dumps({"@context": "https://schema.org", **said}, ensure_ascii=False).replace("<", "\\u003c")
        head_of(tree).append(Element("script", {"type": "application/ld+json"}, Text(data)))
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[OwnJsonLd, ...]:
        """See Operator."""
        return cls("article"), cls("graph")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["article", "graph"]))


def _movable(tree: Element) -> Element:
    """The container of the main content, if an element can stand around it. Raises DoesNotApply."""
    content = container_below_body(tree)
    if not can_be_wrapped(content):
        raise DoesNotApply(f"the main content stands in <{content.tag}>, which needs its place")
    return content
