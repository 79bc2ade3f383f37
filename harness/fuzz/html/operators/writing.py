"""The same page written otherwise: white space, comments, characters that cannot be seen, syntax (D1–D3, D34, D35, D51)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import body_of, is_blank, is_kept, texts_in_flow
from harness.fuzz.html.tree import RAW_TEXT, Element, Node, Raw, Style, Text, put_after, put_instead
from harness.worker.elements import PREFORMATTED

_BLOCKS = frozenset(
    "html body head address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p section table tbody td tfoot th thead tr ul".split()
)
_SPACES = re.compile(r"[ \t\n\f\r]+")
_WORD = re.compile(r"\S+")
_LONG_WORD = re.compile(r"\w{6,}")


@dataclass(frozen=True)
class Reserialise(DomOperator):
    """The page as the parser understood it, written anew: the control that every other operator is compared with."""

    code: ClassVar[str] = "D1"
    title: ClassVar[str] = "written anew"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 10

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        return page

    @classmethod
    def matrix_instances(cls) -> tuple[Reserialise, ...]:
        """See Operator."""
        return (cls(),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.just(cls())


@dataclass(frozen=True)
class WhiteSpace(DomOperator):
    """White space that a browser does not show is taken away, or put between all blocks."""

    code: ClassVar[str] = "D2"
    title: ClassVar[str] = "minified or indented"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 20

    form: Literal["kept", "minified", "indented"] = "kept"
    """`minified`: it is taken away; `indented`: it is put between all blocks; `kept`: no change."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.form == "kept":
            return page
        tree = page.tree_to_change()
        change = _minify if self.form == "minified" else _indent
        stack: list[tuple[Node, int]] = [(tree, 0)]
        while stack:
            node, depth = stack.pop()
            if isinstance(node, Element) and node.tag not in PREFORMATTED | RAW_TEXT:
                stack += [(child, depth + 1) for child in node.children]
                change(node, depth)
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[WhiteSpace, ...]:
        """See Operator."""
        return cls("minified"), cls("indented")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["minified", "indented"]))


def _minify(element: Element, _depth: int) -> None:
    children = element.children
    kept: list[Node] = []
    for index, child in enumerate(children):
        if isinstance(child, Text):
            before = children[index - 1] if index else None
            after = children[index + 1] if index + 1 < len(children) else None
            if is_blank(child) and _ends_line(before, element) and _ends_line(after, element):
                continue
            child.data = _SPACES.sub(" ", child.data)
        kept.append(child)
    element.children = kept


def _indent(element: Element, depth: int) -> None:
    if element.tag not in _BLOCKS or not any(_is_block(child) for child in element.children):
        return
    children, element.children = element.children, []
    for child in children:
        if _is_block(child):
            element.append(Text("\n" + "  " * min(depth, 20)))
        element.append(child)
    if _is_block(children[-1]):
        element.append(Text("\n" + "  " * min(depth - 1, 20)))


def _is_block(node: Node | None) -> bool:
    return isinstance(node, Element) and node.tag in _BLOCKS


def _ends_line(neighbour: Node | None, parent: Element) -> bool:
    return _is_block(neighbour) if neighbour is not None else parent.tag in _BLOCKS


@dataclass(frozen=True)
class MarkupComments(DomOperator):
    """HTML comments before every block of the body, or after every n-th word of the main content."""

    code: ClassVar[str] = "D3"
    title: ClassVar[str] = "HTML comments"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 30

    between_blocks: bool = False
    """Whether a comment stands before every block."""
    every: int = 0
    """After how many words of the main content a comment stands; 0 for none."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if not self.between_blocks and self.every < 1:
            return page
        tree = page.tree_to_change()
        body = body_of(tree)
        if self.between_blocks:
            for element in list(body.elements()):
                if element.tag in _BLOCKS and element is not body and element.parent is not None:
                    parent = element.parent
                    parent.insert(next(i for i, c in enumerate(parent.children) if c is element), Raw("<!-- block -->"))
        if self.every > 0:
            for text in texts_in_flow(body):
                if is_kept(text.mark):
                    _cut(text, self.every)
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[MarkupComments, ...]:
        """See Operator."""
        return cls(between_blocks=True), cls(every=5)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.booleans(), st.integers(0, 9))


def _cut(text: Text, every: int) -> None:
    parts: list[Node] = []
    start = 0
    for match in list(_WORD.finditer(text.data))[every - 1 :: every]:
        parts += [Text(text.data[start : match.end()], text.mark), Raw("<!-- -->")]
        start = match.end()
    if parts:
        put_instead(text, *parts, Text(text.data[start:], text.mark))


@dataclass(frozen=True)
class UnseenCharacters(DomOperator):
    """Soft hyphens or zero-width spaces in every n-th long word, or no-break spaces for every n-th space."""

    code: ClassVar[str] = "D34"
    title: ClassVar[str] = "soft hyphens, no-break and zero-width spaces"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 50

    every: int = 0
    """Of how many spaces or long words one is changed; 0 for none."""
    character: Literal["no-break space", "soft hyphen", "zero-width space"] = "no-break space"
    """The character that is put in."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.every < 1:
            return page
        tree = page.tree_to_change()
        texts = [text for text in texts_in_flow(body_of(tree)) if is_kept(text.mark)]
        if self.character == "no-break space":
            changed = _rewrite(texts, re.compile(r"(?<=\S) (?=\S)"), self.every, lambda _: "\xa0")
        else:
            mark = "\xad" if self.character == "soft hyphen" else "\u200b"
            changed = _rewrite(texts, _LONG_WORD, self.every, lambda word: f"{word[:3]}{mark}{word[3:]}")
        if not changed:
            raise DoesNotApply("the main content has no space or long word that a character could go into")
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[UnseenCharacters, ...]:
        """See Operator."""
        return cls(3, "no-break space"), cls(3, "soft hyphen"), cls(3, "zero-width space")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 9), st.sampled_from(["no-break space", "soft hyphen", "zero-width space"]))


def _rewrite(texts: list[Text], pattern: re.Pattern[str], every: int, new: Callable[[str], str]) -> int:
    """Change every n-th match in texts, counted through all of them; how many were changed."""
    seen = changed = 0

    def one(match: re.Match[str]) -> str:
        nonlocal seen, changed
        seen += 1
        if (seen - 1) % every:
            return match[0]
        changed += 1
        return new(match[0])

    for text in texts:
        text.data = pattern.sub(one, text.data)
    return changed


@dataclass(frozen=True)
class Syntax(DomOperator):
    """The same tree in other spellings of HTML."""

    code: ClassVar[str] = "D35"
    title: ClassVar[str] = "other spellings of HTML"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 40

    unclosed: bool = False
    """End tags of paragraphs and list entries left out where HTML allows it."""
    upper_case: bool = False
    """Tags in capitals."""
    unquoted: bool = False
    """Attributes without quotes where HTML allows it, else in single quotes."""
    entities: bool = False
    """Characters beyond ASCII as references."""
    xml: bool = False
    """An XML declaration."""
    wrong_charset: bool = False
    """A `meta` element that names an encoding that the bytes are not in."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self == Syntax():
            return page
        page = replace(page, style=self._style(page.style))
        if not self.wrong_charset:
            return page
        tree = page.tree_to_change()
        for element in tree.elements():
            if element.tag == "meta" and "charset" in element.attributes:
                element.attributes["charset"] = "iso-8859-1"
                return page.with_tree(tree)
        raise DoesNotApply("no meta element names an encoding")

    def _style(self, style: Style) -> Style:
        return Style(
            style.optional_end_tags and not self.unclosed,
            style.upper_case or self.upper_case,
            "" if self.unquoted else style.quotes,
            style.entities or self.entities,
            style.xml_declaration or self.xml,
        )

    @classmethod
    def matrix_instances(cls) -> tuple[Syntax, ...]:
        """See Operator."""
        free = cls(unclosed=True, upper_case=True, unquoted=True)
        return free, cls(entities=True), cls(xml=True), cls(wrong_charset=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, *(st.booleans() for _ in range(6)))


_VALUES = {"empty": "", "fraction": "2.5", "word": "abc", "negative": "-1", "percent": "100%", "huge": "99999999"}
_NUMBERED = {
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "img": ("width", "height"),
    "ol": ("start",),
    "li": ("value",),
    "table": ("border", "width"),
}
# Each stands for a character that is no part of a word: half a pair, NUL, beyond Unicode, of Windows, without an end.
_REFERENCES = ("&#xD800;", "&#0;", "&#x110000;", "&#150;", "&nbsp", "&copy", "&#xFFFE;")


@dataclass(frozen=True)
class Malformed(DomOperator):
    """Numbers in attributes that are none, and references to characters that do not exist or do not end."""

    code: ClassVar[str] = "D51"
    title: ClassVar[str] = "malformed attributes and references"
    nature: ClassVar[Nature] = "hostile"
    relations: ClassVar[tuple[Relation, ...]] = ("no crash", "invariant")
    harm: ClassVar[int] = 352

    value: Literal["none", "empty", "fraction", "word", "negative", "percent", "huge"] = "none"
    """Of the attributes of table cells, images and lists that should be numbers."""
    references: bool = False
    """One behind each text of the main content that does not end in a letter or digit."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self == Malformed():
            return page
        tree = page.tree_to_change()
        changed = 0
        if self.value != "none":
            for element in body_of(tree).elements():
                for name in _NUMBERED.get(element.tag, ()):
                    element.attributes[name] = _VALUES[self.value]
                    changed += 1
        if self.references:
            # Behind a letter, it could part a word that goes on in the next element.
            ended = (text for text in texts_in_flow(body_of(tree)) if is_kept(text.mark) and not text.data[-1:].isalnum())
            for number, text in enumerate(ended):
                put_after(text, Raw(f" {_REFERENCES[number % len(_REFERENCES)]} "))
                changed += 1
        if not changed:
            raise DoesNotApply("the page has no table, list or image with numbers in its attributes")
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[Malformed, ...]:
        """See Operator."""
        return cls(references=True), *(cls(value) for value in ("empty", "fraction", "word", "huge"))

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["none", *_VALUES]), st.booleans())
