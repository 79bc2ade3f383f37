"""What stories hold beside paragraphs: code, tables, lists, formulas, pictures (D41–D43, D45, D53, D54)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.donors import wording
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.operators.paragraphs import runs_of, split_sentences
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import container, gaps, holds_content, paragraphs
from harness.fuzz.html.tree import KEEP, Element, Mark, Node, Text, copy_tree, put_after, put_before, put_instead

CODE = (
    "def level(gauge, limit=40):",
    "    reading = gauge.read()",
    "    if reading > limit:",
    '        warn("upper gate", reading)',
    "    return reading",
    "",
    "for gauge in gauges:",
    "    print(gauge.name, level(gauge))",
)
"""A listing as a story may have one."""

TABLE = (
    ("", "2019", "2020", "2021"),
    ("Osper", "412", "398", "441"),
    ("Little Sarn", "87", "92", "90"),
    ("Halden", "1,204", "1,187", "1,265"),
    ("Brickworks", "56", "61", "58"),
)
"""A table of data; its first row and column are headings."""

_NUMBER = Mark("drop", "interface")
_CODE = Mark("keep", "code")
_TABLE = Mark("keep", "table")
_OTHER_NOTATION = Mark("maybe", "body")
_TEX = r"F = \rho g V_0"


def put_between(tree: Element, block: Element, position: int) -> None:
    """Put a block between two of the main content. position: behind which one, modulo their number. Raises DoesNotApply."""
    places = gaps(tree)
    put_after(places[position % len(places)], block)


@dataclass(frozen=True)
class CodeListing(DomOperator):
    """A listing of code between two blocks of the story, with or without the numbers of its lines."""

    code: ClassVar[str] = "D41"
    title: ClassVar[str] = "code with line numbers"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 176

    numbers: Literal["no code", "none", "inline", "column"] = "no code"
    """`inline`: each stands before its line; `column`: all stand in a table cell beside the code."""
    position: int = 0
    """Which block it stands behind, modulo the number of blocks."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.numbers == "no code":
            return page
        page.require_labels()
        tree = page.tree_to_change()
        put_between(tree, Element("div", {"class": "highlight"}, self._listing()), self.position)
        return page.with_tree(tree)

    def _listing(self) -> Element:
        if self.numbers == "inline":
            rows: list[Node] = []
            for number, line in enumerate(CODE, 1):
                rows.append(Element("span", {"class": "ln"}, Text(str(number), _NUMBER)))
                rows.append(Text(f"{line}\n", _CODE))
            return Element("pre", {}, Element("code", {}, *rows))
        listing = Element("pre", {}, Element("code", {}, Text("\n".join(CODE), _CODE)))
        if self.numbers == "none":
            return listing
        column = Text("\n".join(str(number) for number in range(1, len(CODE) + 1)), _NUMBER)
        gutter = Element("td", {"class": "linenos"}, Element("pre", {}, column))
        return Element("table", {}, Element("tbody", {}, Element("tr", {}, gutter, Element("td", {}, listing))))

    @classmethod
    def matrix_instances(cls) -> tuple[CodeListing, ...]:
        """See Operator."""
        return cls("none"), cls("inline"), cls("column")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["none", "inline", "column"]), st.integers(0, 9))


@dataclass(frozen=True)
class TableInside(DomOperator):
    """A table in the story: of data, between two blocks, or for layout, with paragraphs of the story in two columns."""

    code: ClassVar[str] = "D42"
    title: ClassVar[str] = "table inside the content"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 174

    form: Literal["none", "data", "layout"] = "none"
    """What the table is for; `none` adds none."""
    position: int = 0
    """Which block a table of data stands behind, modulo the number of blocks."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.form == "none":
            return page
        if self.form == "data":
            page.require_labels()
        tree = page.tree_to_change()
        if self.form == "data":
            head, *rows = TABLE
            table = Element("table", {"class": "data"}, Element("thead", {}, _row(head, "th")))
            table.append(Element("tbody", {}, *(_row(row, "td") for row in rows)))
            put_between(tree, table, self.position)
        else:
            _set_in_columns(max(runs_of(paragraphs(container(tree))), key=len))
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[TableInside, ...]:
        """See Operator."""
        return cls("layout"), cls("data")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["data", "layout"]), st.integers(0, 9))


def _row(cells: Sequence[str], tag: str) -> Element:
    first, *others = cells
    row = Element("tr", {}, Element("th", {}, Text(first, _TABLE)))
    for cell in others:
        row.append(Element(tag, {}, Text(cell, _TABLE)))
    return row


def _set_in_columns(run: list[Element]) -> None:
    if len(run) < 2:
        raise DoesNotApply("no two paragraphs of the main content stand together")
    table = Element("table", {"width": "100%"})
    put_before(run[0], table)
    half = len(run) // 2
    row = Element("tr")
    for paragraphs_of_cell in (run[:half], run[half:]):
        cell = Element("td", {"valign": "top"})
        for p in paragraphs_of_cell:
            put_instead(p)
            cell.append(p)
        row.append(cell)
    table.append(Element("tbody", {}, row))


@dataclass(frozen=True)
class NestedLists(DomOperator):
    """The sentences of the longest paragraph become entries of lists in lists."""

    code: ClassVar[str] = "D43"
    title: ClassVar[str] = "nested lists"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 172

    depth: int = 0
    """How many lists are in each other, at most; 0 leaves the paragraph as it is."""
    ordered: bool = False
    """Whether they are `ol` rather than `ul`."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.depth < 1:
            return page
        tree = page.tree_to_change()
        sentences = sentences_of_longest(tree)
        tag = "ol" if self.ordered else "ul"
        lists = [Element(tag)]
        put_before(sentences[0], lists[0])
        for number, sentence in enumerate(sentences):
            if 0 < number < self.depth:
                lists.append(Element(tag))
                entry = lists[-2].children[-1]
                assert isinstance(entry, Element)
                entry.append(lists[-1])
            put_instead(sentence)
            lists[-1].append(Element("li", {}, *sentence.children))
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[NestedLists, ...]:
        """See Operator."""
        return cls(2), cls(4, ordered=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 6), st.booleans())


def sentences_of_longest(tree: Element) -> list[Element]:
    """The paragraph of the main content with the most sentences, with a paragraph for each of them in its place.

    Raises DoesNotApply if none has two sentences.
    """
    most: list[Element] = []
    chosen = None
    for p in paragraphs(container(tree)):
        if holds_content(p) and all(element.tag != "a" for element in p.elements()):
            parts = split_sentences(copy_tree(p))
            if len(parts) > len(most):
                most, chosen = parts, p
    if chosen is None or len(most) < 2:
        raise DoesNotApply("no paragraph of the main content without links has two sentences")
    put_instead(chosen, *most)
    return most


@dataclass(frozen=True)
class LinkEntries(DomOperator):
    """The sentences of the longest paragraph become entries of a list, each of them a link and nothing else."""

    code: ClassVar[str] = "D53"
    title: ClassVar[str] = "list entries that are links"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 178

    form: Literal["none", "plain", "paragraph"] = "none"
    """`paragraph`: each link stands in a `p` in its entry."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.form == "none":
            return page
        tree = page.tree_to_change()
        sentences = sentences_of_longest(tree)
        entries = Element("ul")
        put_before(sentences[0], entries)
        for number, sentence in enumerate(sentences):
            put_instead(sentence)
            link = Element("a", {"href": f"/sources/{number}"}, *sentence.children)
            entries.append(Element("li", {}, Element("p", {}, link) if self.form == "paragraph" else link))
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[LinkEntries, ...]:
        """See Operator."""
        return cls("plain"), cls("paragraph")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["plain", "paragraph"]))


@dataclass(frozen=True)
class Formula(DomOperator):
    """A formula between two blocks of the story."""

    code: ClassVar[str] = "D45"
    title: ClassVar[str] = "formula"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 177

    notation: Literal["none", "tex", "mathml", "katex", "image"] = "none"
    """`katex`: as MathML with its source, and once more as text that is read; `image`: the source is alternative text."""
    position: int = 0
    """Which block it stands behind, modulo the number of blocks."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.notation == "none":
            return page
        page.require_labels()
        tree = page.tree_to_change()
        put_between(tree, Element("div", {"class": "equation"}, self._formula()), self.position)
        return page.with_tree(tree)

    def _formula(self) -> Element:
        if self.notation == "tex":
            return Element("span", {"class": "math"}, Text(rf"\[ {_TEX} \]", KEEP))
        if self.notation == "image":
            return Element("img", {"class": "tex", "alt": _TEX, "src": "/math/1.svg"})
        if self.notation == "mathml":
            return Element("math", {"display": "block"}, _mathml(KEEP))
        semantics = Element("semantics", {}, _mathml(_OTHER_NOTATION))
        semantics.append(Element("annotation", {"encoding": "application/x-tex"}, Text(_TEX, _OTHER_NOTATION)))
        unseen = Element("span", {"class": "katex-mathml"}, Element("math", {}, semantics))
        seen = Element("span", {"class": "katex-html", "aria-hidden": "true"})
        seen.append(Element("span", {"class": "base"}, Text("F = ρgV", KEEP), Element("sub", {}, Text("0", KEEP))))
        return Element("span", {"class": "katex"}, unseen, seen)

    @classmethod
    def matrix_instances(cls) -> tuple[Formula, ...]:
        """See Operator."""
        return cls("tex"), cls("mathml"), cls("katex"), cls("image")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["tex", "mathml", "katex", "image"]), st.integers(0, 9))


def _mathml(mark: Mark) -> Element:
    row = Element("mrow")
    for tag, text in (("mi", "F"), ("mo", "="), ("mi", "ρ"), ("mi", "g")):
        row.append(Element(tag, {}, Text(text, mark)))
    row.append(Element("msub", {}, Element("mi", {}, Text("V", mark)), Element("mn", {}, Text("0", mark))))
    return row


@dataclass(frozen=True)
class ImageRow(DomOperator):
    """A row of images between two blocks of the story."""

    code: ClassVar[str] = "D54"
    title: ClassVar[str] = "row of images"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop", "in order")
    harm: ClassVar[int] = 171

    form: Literal["none", "figures", "list", "table"] = "none"
    """What the images stand in: `figure` elements, list entries, or table cells; `none` adds no images."""
    count: int = 3
    """How many images."""
    position: int = 0
    """Which block it stands behind, modulo the number of blocks."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.form == "none":
            return page
        tree = page.tree_to_change()
        alt = wording(page.origin.lang).alt
        images = [Element("img", {"src": f"/images/{n}.jpg", "alt": alt, "width": "220"}) for n in range(self.count)]
        if self.form == "figures":
            row = Element("div", {"class": "row"}, *(Element("figure", {}, image) for image in images))
        elif self.form == "list":
            row = Element("ul", {"class": "gallery"}, *(Element("li", {}, image) for image in images))
        else:
            cells = Element("tr", {}, *(Element("td", {}, image) for image in images))
            row = Element("table", {"class": "gallery"}, Element("tbody", {}, cells))
        put_between(tree, row, self.position)
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[ImageRow, ...]:
        """See Operator."""
        return cls("figures"), cls("list"), cls("table")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["figures", "list", "table"]), st.integers(1, 8), st.integers(0, 9))
