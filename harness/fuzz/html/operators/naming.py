"""Names in the markup: classes, ids, roles, tags that mean something, tags of one's own (D7–D9, D17, D30, D32)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from types import ModuleType
from typing import Any, ClassVar, Literal

from harness.fuzz.base import DoesNotApply, Nature, Relation
from harness.fuzz.html.operators import DomOperator
from harness.fuzz.html.page import DomPage
from harness.fuzz.html.places import add_class, can_be_wrapped, container, container_below_body
from harness.fuzz.html.shown import require_same_shown
from harness.fuzz.html.tree import Element, Text, wrap

LANDMARKS = "article main section header footer nav aside"

HOSTILE_WORDS = tuple(
    "hero meta author header nav menu social widget ad-slot popup promo newsletter banner related comments hidden hidden-xs "
    "share footer sidebar".split()
)
"""Words that rules for boilerplate look for and that stand around the main content of real pages."""

# Attributes that name an element by its id, and those that name several.
_REFERENCES = frozenset("for form list headers aria-labelledby aria-describedby aria-controls aria-owns".split())
_LETTERS = "kqvwxyz"  # no word that a rule could look for can be spelt with them
_SELECTOR_NAME = re.compile(r"([.#])(-?[A-Za-z_][\w-]*)")


@dataclass(frozen=True)
class RenameClasses(DomOperator):
    """All classes and ids get names that mean nothing, the same name everywhere."""

    code: ClassVar[str] = "D7"
    title: ClassVar[str] = "classes and ids renamed"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 110

    salt: int = 0
    """0 leaves the names as they are."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if not self.salt:
            return page
        tree = page.tree_to_change()
        names: set[str] = set()
        for element in tree.elements():
            names.update((element.attributes.get("class") or "").split(), (element.attributes.get("id") or "").split())
        if not names:
            raise DoesNotApply("no element has a class or an id")
        new = {name: self._new(name) for name in names}
        for element in tree.elements():
            for key, value in element.attributes.items():
                if value and (key in ("class", "id") or key in _REFERENCES):
                    element.attributes[key] = " ".join(new.get(name, name) for name in value.split())
                elif value and key in ("href", "usemap") and value.startswith("#"):
                    element.attributes[key] = "#" + new.get(value[1:], value[1:])
            if element.tag == "style":
                for text in element.children:
                    if isinstance(text, Text):
                        text.data = _SELECTOR_NAME.sub(lambda m: m[1] + new.get(m[2], m[2]), text.data)
        return page.with_tree(tree)

    def _new(self, name: str) -> str:
        digest = blake2b(f"{self.salt} {name}".encode("utf-8", "replace"), digest_size=8).digest()
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest)

    @classmethod
    def matrix_instances(cls) -> tuple[RenameClasses, ...]:
        """See Operator."""
        return (cls(1),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.integers(1, 99))


@dataclass(frozen=True)
class DropAttributes(DomOperator):
    """Attributes are taken away: classes, ids, roles, `data-…` and `aria-…`. Not where a style sheet hides text by them."""

    code: ClassVar[str] = "D8"
    title: ClassVar[str] = "attributes dropped"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 120

    data: bool = False
    """Whether `data-…` attributes go."""
    aria: bool = False
    """Whether `aria-…` attributes go."""
    roles: bool = False
    """Whether the attribute `role` goes."""
    ids: bool = False
    """Whether ids go."""
    classes: bool = False
    """Whether classes go."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self == DropAttributes():
            return page
        tree = page.tree_to_change()
        dropped = 0
        for element in tree.elements():
            kept = {key: value for key, value in element.attributes.items() if not self._drops(key)}
            dropped += len(element.attributes) - len(kept)
            element.attributes = kept
        if not dropped:
            raise DoesNotApply("no element has such an attribute")
        return require_same_shown(page, page.with_tree(tree))

    def _drops(self, key: str) -> bool:
        return (
            (self.data and key.startswith("data-"))
            or (self.aria and key.startswith("aria-"))
            or (self.roles and key == "role")
            or (self.ids and key == "id")
            or (self.classes and key == "class")
        )

    @classmethod
    def matrix_instances(cls) -> tuple[DropAttributes, ...]:
        """See Operator."""
        return (cls(True, True, True, True, True),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, *(st.booleans() for _ in range(5)))


@dataclass(frozen=True)
class Desemanticise(DomOperator):
    """Tags that mean something become `div`."""

    code: ClassVar[str] = "D9"
    title: ClassVar[str] = "landmark tags become div"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("bounded drop",)
    harm: ClassVar[int] = 130

    tags: str = ""
    """Their names, with spaces between."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        tags = set(self.tags.split())
        if not tags:
            return page
        tree = page.tree_to_change()
        found = [element for element in tree.elements() if element.tag in tags]
        if not found:
            raise DoesNotApply(f"the page has no element {', '.join(sorted(tags))}")
        for element in found:
            element.tag = "div"
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[Desemanticise, ...]:
        """See Operator."""
        return (cls(LANDMARKS),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from([*LANDMARKS.split(), LANDMARKS]))


@dataclass(frozen=True)
class CustomElement(DomOperator):
    """The container of the main content gets a custom element around it, or becomes one itself."""

    code: ClassVar[str] = "D17"
    title: ClassVar[str] = "custom element"
    nature: ClassVar[Nature] = "same"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 100

    form: Literal["none", "around", "instead"] = "none"
    """Whether it stands around the container or in its place; `none` for no custom element."""
    tag: str = "x-content"
    """The name of the element."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.form == "none":
            return page
        tree = page.tree_to_change()
        content = container_below_body(tree)
        if not can_be_wrapped(content):
            raise DoesNotApply(f"the main content stands in <{content.tag}>, which needs its place and its name")
        if self.form == "around":
            wrap(content, Element(self.tag))
        else:
            content.tag = self.tag
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[CustomElement, ...]:
        """See Operator."""
        return cls("around"), cls("instead")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            st.sampled_from(["around", "instead"]),
            st.sampled_from(["x-content", "app-root"]),
        )


@dataclass(frozen=True)
class RevealedByScript(DomOperator):
    """The container of the main content is hidden until a script runs. What an extractor should do is open."""

    code: ClassVar[str] = "D30"
    title: ClassVar[str] = "content hidden until scripts run"
    nature: ClassVar[Nature] = "noise"
    relations: ClassVar[tuple[Relation, ...]] = ()
    harm: ClassVar[int] = 340

    way: Literal["none", "opacity", "aria-hidden", "visibility", "display"] = "none"
    """The property or attribute that hides the container; `none` for nothing."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if self.way == "none":
            return page
        tree = page.tree_to_change()
        attributes = container(tree).attributes
        if self.way == "aria-hidden":
            attributes["aria-hidden"] = "true"
        else:
            rule = {"opacity": "opacity:0", "visibility": "visibility:hidden", "display": "display:none"}[self.way]
            before = (attributes.get("style") or "").strip().rstrip(";")
            attributes["style"] = f"{before};{rule}" if before else rule
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[RevealedByScript, ...]:
        """See Operator."""
        return cls("opacity"), cls("aria-hidden"), cls("visibility")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(["opacity", "aria-hidden", "visibility", "display"]))


@dataclass(frozen=True)
class HostileClass(DomOperator):
    """A class that rules take for boilerplate, on the container of the main content or around it."""

    code: ClassVar[str] = "D32"
    title: ClassVar[str] = "class of boilerplate on the content"
    nature: ClassVar[Nature] = "hostile"
    relations: ClassVar[tuple[Relation, ...]] = ("invariant",)
    harm: ClassVar[int] = 360

    word: str = ""
    """The class; empty for none."""
    level: int = 0
    """0 for the container, 1 for its parent, and so on, modulo the way up to below the body."""

    def apply(self, page: DomPage) -> DomPage:
        """See Operator."""
        if not self.word:
            return page
        tree = page.tree_to_change()
        path = [container(tree)]
        while (parent := path[-1].parent) is not None and parent.tag not in ("body", "html", "#document"):
            path.append(parent)
        add_class(path[self.level % len(path)], self.word)
        return page.with_tree(tree)

    @classmethod
    def matrix_instances(cls) -> tuple[HostileClass, ...]:
        """See Operator."""
        return tuple(cls(word) for word in ("sidebar", "newsletter", "banner", "footer", "share", "hidden-xs", "comments"))

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, st.sampled_from(HOSTILE_WORDS), st.integers(0, 3))
