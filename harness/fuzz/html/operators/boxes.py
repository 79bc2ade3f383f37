"""Boxes around and between the main content: comments, consent, promotion, menus, sheer mass (D25–D27, D31, D36)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import Nature, Relation
from harness.fuzz.html.blocks import comments, consent, legal_notice, menu, promotion, text_of
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.operators.stories import with_block
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import Slot, body_of, gaps, put_into
from harness.fuzz.html.tree import Element, Mark, Text, put_after


@dataclass(frozen=True)
class ReaderComments(DomOperator):
    """Comments of readers behind the main content or inside its container."""

    code: ClassVar[str] = "D25"
    title: ClassVar[str] = "reader comments"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak", "no gain lost")
    harm: ClassVar[int] = 250

    count: int = 0
    """How many; 0 for none."""
    slot: Slot = "after"
    """Where: see Slot."""
    neutral: bool = False
    """Whether the markup does not say what they are."""
    details: bool = False
    """Whether they are folded, in a `details` element."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.count < 1:
            return page
        return with_block(page, comments(page.donors_of("comment", self.count), self.neutral, self.details), self.slot)

    @classmethod
    def matrix_instances(cls) -> tuple[ReaderComments, ...]:
        """See Operator."""
        return (
            cls(5),
            cls(5, neutral=True),
            cls(5, "inside"),
            cls(5, "inside", neutral=True),
            cls(5, details=True),
        )

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls, st.integers(1, 40), st.sampled_from(["end", "before", "after", "inside"]), st.booleans(), st.booleans()
        )


@dataclass(frozen=True)
class ConsentDialog(DomOperator):
    """A consent dialog as the first or last thing of the body."""

    code: ClassVar[str] = "D26"
    title: ClassVar[str] = "consent dialog"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak", "no gain lost")
    harm: ClassVar[int] = 230

    paragraphs: int = 0
    """How long it is, 0 for none at all."""
    slot: Literal["last", "first"] = "last"
    """Whether it is the first or the last thing of the body."""
    neutral: bool = False
    """Whether the markup does not say what it is."""
    dialog: bool = False
    """Whether it is a `dialog` element rather than a `div`."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.paragraphs < 1:
            return page
        block = consent(page.donors_of("consent", 1)[0], self.paragraphs, self.neutral, self.dialog)
        if self.slot == "last":
            return with_block(page, block, "end")
        tree = page.tree_to_change()
        body_of(tree).insert(0, block)
        return page.with_tree(tree, text_of(block))

    @classmethod
    def matrix_instances(cls) -> tuple[ConsentDialog, ...]:
        """See Operator."""
        return (
            cls(2),
            cls(2, neutral=True),
            cls(2, "first"),
            cls(2, "first", neutral=True),
            cls(2, "first", dialog=True),
        )

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 4), st.sampled_from(["last", "first"]), st.booleans(), st.booleans())


@dataclass(frozen=True)
class PromoBetween(DomOperator):
    """Boxes between blocks of the main content."""

    code: ClassVar[str] = "D27"
    title: ClassVar[str] = "promotion between paragraphs"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak", "in order")
    harm: ClassVar[int] = 240

    positions: tuple[int, ...] = ()
    """Which blocks they stand behind, modulo the number of blocks."""
    neutral: bool = False
    """Whether each is a paragraph like those around it."""
    kind: Literal["promo", "newsletter"] = "promo"
    """Whether they promote something, or offer a newsletter."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if not self.positions:
            return page
        tree = page.tree_to_change()
        places = gaps(tree)
        inserted = []
        for position, donor in zip(self.positions, page.donors_of(self.kind, len(self.positions))):
            block = promotion(donor, self.neutral)
            put_after(places[position % len(places)], block)
            inserted.append(text_of(block))
        return page.with_tree(tree, *inserted)

    @classmethod
    def matrix_instances(cls) -> tuple[PromoBetween, ...]:
        """See Operator."""
        return cls((1,)), cls((1,), neutral=True), cls((0, 2), kind="newsletter")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True).map(tuple),
            st.booleans(),
            st.sampled_from(["promo", "newsletter"]),
        )


@dataclass(frozen=True)
class Surroundings(DomOperator):
    """More of what stands around: entries of a menu, texts of a legal footer, times of a live ticker by the content."""

    code: ClassVar[str] = "D31"
    title: ClassVar[str] = "mega menu, legal footer, ticker"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("no leak",)
    harm: ClassVar[int] = 210

    menu: int = 0
    """Entries of a menu at the start of the body; 0 for none."""
    legal: int = 0
    """Texts of a legal footer at the end of the body; 0 for none."""
    ticker: int = 0
    """Lines of a ticker behind the main content, each a time; 0 for none."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        tree = page.tree_to_change()
        blocks = []
        if self.menu > 0:
            blocks.append(menu(page.donors_of("related", min(self.menu, 50)), self.menu))
            body_of(tree).insert(0, blocks[-1])
        if self.ticker > 0:
            times = (f"{number // 60 % 24:02}:{number % 60:02}" for number in range(self.ticker))
            mark = Mark("drop", "interface")
            blocks.append(Element("div", {"class": "ticker"}, *(Element("p", {}, Text(time, mark)) for time in times)))
            put_into(tree, blocks[-1], "after")
        if self.legal > 0:
            blocks.append(legal_notice(page.donors_of("legal", self.legal)))
            body_of(tree).append(blocks[-1])
        return page.with_tree(tree, *map(text_of, blocks)) if blocks else page

    @classmethod
    def matrix_instances(cls) -> tuple[Surroundings, ...]:
        """See Operator."""
        return cls(menu=60), cls(legal=3), cls(ticker=12)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(0, 80), st.integers(0, 5), st.integers(0, 20))


@dataclass(frozen=True)
class Flood(DomOperator):
    """Sheer mass behind the main content: short paragraphs, links in one paragraph, one long text, the character NUL."""

    code: ClassVar[str] = "D36"
    title: ClassVar[str] = "mass"
    nature: ClassVar[Nature] = "limit"
    relations: ClassVar[tuple[Relation, ...]] = ("no crash",)
    probed: ClassVar[bool] = True

    paragraphs: int = 0
    """How many short paragraphs; 0 for none."""
    links: int = 0
    """How many links in one paragraph; 0 for none."""
    characters: int = 0
    """Length of one paragraph; 0 for none."""
    nul: bool = False
    """Whether a paragraph has the character NUL."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self == Flood():
            return page
        mark = Mark("drop", "other")
        block = Element("div")
        for number in range(self.paragraphs):
            block.append(Element("p", {}, Text(f"tick {number}", mark)))
        if self.links > 0:
            links = (Element("a", {"href": f"/{n}"}, Text(f"link{n} ", mark)) for n in range(self.links))
            block.append(Element("p", {}, *links))
        if self.characters > 0:
            block.append(Element("p", {}, Text(("flood " * (self.characters // 6 + 1))[: self.characters], mark)))
        if self.nul:
            block.append(Element("p", {}, Text("before \0 after", mark)))
        return with_block(page, block, "after")

    @classmethod
    def matrix_instances(cls) -> tuple[Flood, ...]:
        """See Operator."""
        return cls(paragraphs=1000), cls(links=1000), cls(characters=1_000_000), cls(nul=True)
