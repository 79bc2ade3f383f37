"""What stands in lines of a story: notes, ruby, elements inside words, text beside elements (D44, D46, D49, D52)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.html.blocks import line_of
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.operators.paragraphs import in_link
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import (
    body_of,
    container,
    gaps,
    holds_content,
    is_blank,
    is_kept,
    paragraphs,
    put_into,
    texts_in_flow,
)
from harness.fuzz.html.tree import VOID, Element, Mark, Node, Text, place_of, put_after, put_instead
from harness.worker.elements import BLOCK

_NOTE = Mark("maybe", "footnote")
_NOTES = ("Osper Register III, 41.", "Halden, Collected Letters, no. 112.", "Sarn Parish Accounts, 1786, fol. 9.")
_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏЀ-ӿ"  # of scripts with spaces between words and no marks that follow letters
_GLOSSED = re.compile(rf"[\u4e00-\u9fff]{{2}}|(?<!\S)[{_LETTERS}]{{3,12}}(?=\s)")
_WHOLE = re.compile(r"(?s).+")
_LONG_WORD = re.compile(rf"(?<!\S)[{_LETTERS}]{{6,}}(?=\s)")


@dataclass(frozen=True)
class Footnotes(DomOperator):
    """Footnote markers at the ends of paragraphs, and the notes behind the story. Both are disputed."""

    code: ClassVar[str] = "D44"
    title: ClassVar[str] = "footnotes"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 173

    count: int = 0
    """How many, at most one in a paragraph."""
    brackets: bool = False
    """Whether a marker is `[1]` rather than `1`."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.count < 1:
            return page
        page.require_labels()
        tree = page.tree_to_change()
        noted = [p for p in paragraphs(container(tree)) if holds_content(p)][: self.count]
        notes = Element("ol", {"class": "footnotes"})
        for number, p in enumerate(noted, 1):
            marker = Text(f"[{number}]" if self.brackets else str(number), _NOTE)
            link = Element("a", {"href": f"#note-{number}", "id": f"ref-{number}"}, marker)
            p.append(Element("sup", {}, link))
            back = Element("a", {"href": f"#ref-{number}"}, Text("↩", _NOTE))
            note = Text(f"{_NOTES[(number - 1) % len(_NOTES)]} ", _NOTE)
            notes.append(Element("li", {"id": f"note-{number}"}, note, back))
        put_into(tree, notes, "inside")
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[Footnotes, ...]:
        """See Operator."""
        return cls(3), cls(3, brackets=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 8), st.booleans())


@dataclass(frozen=True)
class Ruby(DomOperator):
    """Every n-th word of the main content has a reading above it: itself. The readings are disputed."""

    code: ClassVar[str] = "D46"
    title: ClassVar[str] = "ruby"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 175

    every: int = 0
    """Of words of 3 to 12 letters, or of pairs of Chinese characters."""
    parentheses: bool = False
    """Whether browsers that know no ruby show the reading in parentheses."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.every < 1:
            return page
        page.require_labels()
        tree = page.tree_to_change()
        if not replace_words(_texts_of_content(tree), _GLOSSED, self.every, self._ruby):
            raise DoesNotApply(f"the main content has no {self.every} words that could have a reading")
        return page.with_tree(tree)

    def _ruby(self, word: Text) -> list[Node]:
        reading: Node = Element("rt", {}, Text(word.data, _NOTE))
        around = [Element("rp", {}, Text(sign, _NOTE)) for sign in "()"] if self.parentheses else []
        return [Element("ruby", {}, word, *around[:1], reading, *around[1:])]

    @classmethod
    def matrix_instances(cls) -> tuple[Ruby, ...]:
        """See Operator."""
        return cls(30), cls(30, parentheses=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(25, 60), st.booleans())


@dataclass(frozen=True)
class ElementsInWords(DomOperator):
    """An inline element around part of every n-th long word of the main content, and around all texts of its table cells."""

    code: ClassVar[str] = "D52"
    title: ClassVar[str] = "inline elements in words and cells"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 55

    every: int = 0
    """0 for no word."""
    cells: bool = False
    """Whether all texts of table cells get an element."""
    tag: str = "span"
    """The name of the element."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.every < 1 and not self.cells:
            return page
        tree = page.tree_to_change()
        changed = 0
        if self.cells:
            in_cells = [text for text in _texts_of_content(tree) if text.parent and text.parent.tag in ("td", "th")]
            changed += replace_words(in_cells, _WHOLE, 1, self._inside)
        if self.every > 0:
            changed += replace_words(_texts_of_content(tree), _LONG_WORD, self.every, self._parted)
        if not changed:
            raise DoesNotApply("the main content has no long word or cell that an element could go into")
        return page.with_tree(tree)

    def _inside(self, text: Text) -> list[Node]:
        return [Element(self.tag), text] if self.tag in VOID else [Element(self.tag, {}, text)]

    def _parted(self, word: Text) -> list[Node]:
        start, end = Text(word.data[:3], word.mark), Text(word.data[3:], word.mark)
        return [start, Element(self.tag), end] if self.tag in VOID else [Element(self.tag, {}, start), end]

    @classmethod
    def matrix_instances(cls) -> tuple[ElementsInWords, ...]:
        """See Operator."""
        return cls(3), cls(3, tag="wbr"), cls(3, cells=True, tag="nobr")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        tags = st.sampled_from(["span", "b", "font", "small", "nobr"])
        return st.one_of(
            st.builds(cls, st.integers(1, 9), st.booleans(), tags), st.builds(cls, st.integers(1, 9), tag=st.just("wbr"))
        )


def replace_words(texts: Iterable[Text], pattern: re.Pattern[str], every: int, new: Callable[[Text], list[Node]]) -> int:
    """Put nodes in the place of every n-th match, counted through all of the texts; how many were replaced."""
    seen = replaced = 0
    for text in texts:
        parts: list[Node] = []
        start = 0
        for match in pattern.finditer(text.data):
            seen += 1
            if seen % every == 0:
                parts += [Text(text.data[start : match.start()], text.mark), *new(Text(match[0], text.mark))]
                start = match.end()
                replaced += 1
        if parts:
            put_instead(text, *parts, Text(text.data[start:], text.mark))
    return replaced


def _texts_of_content(tree: Element) -> list[Text]:
    return [text for text in texts_in_flow(body_of(tree)) if is_kept(text.mark) and not text.blank and not in_link(text)]


@dataclass(frozen=True)
class BareTexts(DomOperator):
    """Text that stands beside elements in an element of its own: every n-th paragraph of the main content, or promotion."""

    code: ClassVar[str] = "D49"
    title: ClassVar[str] = "text beside elements"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "no leak", "in order")
    harm: ClassVar[int] = 155

    every: int = 0
    """0 for no paragraph."""
    promotions: int = 0
    """How many lines of promotion, each between two blocks of the main content."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.every < 1 and self.promotions < 1:
            return page
        tree = page.tree_to_change()
        inserted = []
        if self.promotions > 0:
            places = gaps(tree)
            for place, donor in zip(places, page.donors_of("promo", self.promotions)):
                inserted.append(line_of(donor))
                put_after(place, Element("br"))
                put_after(place, Text(inserted[-1], Mark("drop", "promo")))
        if self.every > 0:
            bare = [p for p in paragraphs(container(tree)) if holds_content(p) and _stands_alone(p)][:: self.every]
            if not bare:
                raise DoesNotApply("no paragraph of the main content stands between blocks")
            for p in bare:
                if _stands_alone(p):
                    put_instead(p, *p.children)
        return page.with_tree(tree, *inserted)

    @classmethod
    def matrix_instances(cls) -> tuple[BareTexts, ...]:
        """See Operator."""
        return cls(2), cls(promotions=2)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.one_of(st.builds(cls, st.integers(1, 5)), st.builds(cls, st.integers(0, 5), st.integers(1, 3)))


def _stands_alone(p: Element) -> bool:
    """Whether nothing of another line is glued to a paragraph's text where the paragraph is taken away."""
    parent, index = place_of(p)
    before = next((node for node in reversed(parent.children[:index]) if not is_blank(node)), None)
    after = next((node for node in parent.children[index + 1 :] if not is_blank(node)), None)
    return parent.tag in BLOCK and _is_block(before) and _is_block(after)


def _is_block(node: Node | None) -> bool:
    return node is None or (isinstance(node, Element) and node.tag in BLOCK | {"br"})
