"""Other articles on the page: with all their prose, as teasers, hidden (D18–D24, D29)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import DoesNotApply, Donor, Nature, Relation
from harness.fuzz.columns import columns
from harness.fuzz.html.blocks import dumped_stories, stories, teasers, text_of
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import Slot, columns_of_content, has_heading, head_of, put_into
from harness.fuzz.html.tree import Element, Mark, Text
from harness.pages.words import find_words, without_invisible


def with_block(page: DomPage, block: Element, slot: Slot) -> DomPage:
    """The page with a new block of boilerplate."""
    tree = page.tree_to_change()
    put_into(tree, block, slot)
    return page.with_tree(tree, text_of(block))


def _with_stories(page: DomPage, count: int, slot: Slot, class_: str, tag: str = "div") -> DomPage:
    if count < 1:
        return page
    return with_block(page, stories(_related(page, count, not class_), class_, tag), slot)


def _related(page: DomPage, count: int, needs_heading: bool) -> list[Donor]:
    """Related articles, each cut to half the columns of the main content. Raises DoesNotApply.

    Beside a longer one, the main content would not look like what a reader came for; nor would it without a heading beside
    articles whose headings stand out. needs_heading: whether the main content must have one.
    """
    if needs_heading and not has_heading(page.tree):
        raise DoesNotApply("the main content has no heading that sets it apart from related articles")
    most = columns_of_content(page.tree) // 2
    return [_cut(donor, most) for donor in page.donors_of("related", count)]


def _cut(donor: Donor, most: int) -> Donor:
    """The first paragraphs of a donor, up to so many columns; of the first one, its beginning."""
    kept: list[str] = []
    left = most - columns(donor.heading)
    for paragraph in donor.paragraphs:
        text = without_invisible(paragraph)
        if columns(text) <= left:
            kept.append(paragraph)
        elif not kept and (found := find_words(text)):
            number = bisect_right(found, left - columns(" …"), key=lambda word: columns(text[: word.end]))
            kept.append(f"{text[: found[max(0, number - 1)].end]} …")
        left -= columns(text)
        if left <= 0:
            break
    return replace(donor, paragraphs=tuple(kept))


def _with_style(page: DomPage, css: str) -> DomPage:
    tree = page.tree_to_change()
    head_of(tree).append(Element("style", {}, Text(css)))
    return page.with_tree(tree)


@dataclass(frozen=True)
class RelatedStories(DomOperator):
    """Whole articles beside the main content, in markup that tells nothing."""

    code: ClassVar[str] = "D18"
    title: ClassVar[str] = "related articles, neutral"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak", "no gain lost", "bounded drop")
    harm: ClassVar[int] = 330

    count: int = 0
    """How many; 0 for none."""
    slot: Slot = "after"
    """Where: see Slot."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        return _with_stories(page, self.count, self.slot, "")

    @classmethod
    def matrix_instances(cls) -> tuple[RelatedStories, ...]:
        """See Operator."""
        return cls(1), cls(3), cls(6)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 6), st.sampled_from(["end", "before", "after", "inside"]))


@dataclass(frozen=True)
class LabelledRelatedStories(DomOperator):
    """The same articles in an `aside` whose class says what they are."""

    code: ClassVar[str] = "D19"
    title: ClassVar[str] = "related articles, telling"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak",)
    harm: ClassVar[int] = 280

    count: int = 0
    """How many; 0 for none."""
    slot: Slot = "after"
    """Where: see Slot."""
    class_: str = "related-articles"
    """The class of the `aside`."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        return _with_stories(page, self.count, self.slot, self.class_)

    @classmethod
    def matrix_instances(cls) -> tuple[LabelledRelatedStories, ...]:
        """See Operator."""
        return cls(1), cls(3), cls(6)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            st.integers(1, 6),
            st.sampled_from(["end", "before", "after", "inside"]),
            st.sampled_from(["related-articles", "recommended", "more-stories", "outbrain", "widget"]),
        )


@dataclass(frozen=True)
class RelatedInside(DomOperator):
    """Whole articles in the container of the main content, behind it."""

    code: ClassVar[str] = "D20"
    title: ClassVar[str] = "related articles inside the content"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak",)
    harm: ClassVar[int] = 310

    count: int = 0
    """How many; 0 for none."""
    neutral: bool = False
    """Whether the markup does not say what they are."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        return _with_stories(page, self.count, "inside", "" if self.neutral else "related-articles")

    @classmethod
    def matrix_instances(cls) -> tuple[RelatedInside, ...]:
        """See Operator."""
        return cls(3), cls(3, neutral=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 6), st.booleans())


@dataclass(frozen=True)
class RelatedFar(DomOperator):
    """Whole articles at the end of the body."""

    code: ClassVar[str] = "D21"
    title: ClassVar[str] = "related articles far away"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no gain lost",)
    harm: ClassVar[int] = 290

    count: int = 0
    """How many; 0 for none."""
    neutral: bool = False
    """Whether the markup does not say what they are."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        return _with_stories(page, self.count, "end", "" if self.neutral else "related-articles")

    @classmethod
    def matrix_instances(cls) -> tuple[RelatedFar, ...]:
        """See Operator."""
        return cls(3), cls(3, neutral=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 6), st.booleans())


@dataclass(frozen=True)
class RelatedArticleTags(DomOperator):
    """Whole articles beside the main content, each in an `article` element."""

    code: ClassVar[str] = "D22"
    title: ClassVar[str] = "related articles in article tags"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no gain lost",)
    harm: ClassVar[int] = 300

    count: int = 0
    """How many; 0 for none."""
    neutral: bool = False
    """Whether the markup does not say what they are."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        return _with_stories(page, self.count, "after", "" if self.neutral else "related-articles", "article")

    @classmethod
    def matrix_instances(cls) -> tuple[RelatedArticleTags, ...]:
        """See Operator."""
        return cls(3), cls(3, neutral=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 6), st.booleans())


@dataclass(frozen=True)
class RelatedDump(DomOperator):
    """Whole articles as portals set them: heading twice, source and time glued, all prose in one element.

    A heading above them says what they are. Without it, readers may take such a list for the page's content.
    """

    code: ClassVar[str] = "D23"
    title: ClassVar[str] = "related articles, each in one element"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak",)
    harm: ClassVar[int] = 320

    count: int = 0
    """How many; 0 for none."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.count < 1:
            return page
        return with_block(page, dumped_stories(_related(page, self.count, needs_heading=True)), "after")

    @classmethod
    def matrix_instances(cls) -> tuple[RelatedDump, ...]:
        """See Operator."""
        return (cls(3),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 6))


@dataclass(frozen=True)
class TeaserCards(DomOperator):
    """Links with the heading and the start of other articles, behind the main content."""

    code: ClassVar[str] = "D24"
    title: ClassVar[str] = "teasers"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak",)
    harm: ClassVar[int] = 220

    count: int = 0
    """How many; 0 for none."""
    neutral: bool = False
    """Whether the markup does not say what they are."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.count < 1:
            return page
        return with_block(page, teasers(page.donors_of("related", self.count), self.neutral), "after")

    @classmethod
    def matrix_instances(cls) -> tuple[TeaserCards, ...]:
        """See Operator."""
        return cls(6), cls(6, neutral=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 12), st.booleans())


@dataclass(frozen=True)
class HiddenDecoy(DomOperator):
    """A whole article that a browser does not show, before the main content."""

    code: ClassVar[str] = "D29"
    title: ClassVar[str] = "hidden article"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak",)
    harm: ClassVar[int] = 270

    way: Literal["none", "attribute", "style", "class"] = "none"
    """What hides the article; `none` adds no article."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.way == "none":
            return page
        (donor,) = page.donors_of("related", 1)
        block = stories((donor,), tag="article")
        for text in block.texts():
            text.mark = Mark("drop", "hidden")
        if self.way == "attribute":
            block.attributes["hidden"] = None
        elif self.way == "style":
            block.attributes["style"] = "display:none"
        else:
            block.attributes["class"] = "d-none"
            page = _with_style(page, ".d-none { display: none !important }")
        return with_block(page, block, "before")

    @classmethod
    def matrix_instances(cls) -> tuple[HiddenDecoy, ...]:
        """See Operator."""
        return cls("attribute"), cls("style"), cls("class")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["attribute", "style", "class"]))
