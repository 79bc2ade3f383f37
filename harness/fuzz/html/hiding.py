"""What hides text of a page from its readers, as far as the page itself tells without a browser.

Attributes and elements are certain. Of a style sheet only the names in its selectors are read, and whatever a sheet might
hide counts as undecided: the cascade, media queries and combinators are left to a browser (`harness.fuzz.html.browser`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from harness.fuzz.html.tree import Element, Text
from harness.worker.elements import UNSEEN

ATTRIBUTES = frozenset({"hidden", "aria-hidden", "open"})
"""Attributes that hide an element, that say so, or without which it is hidden."""

Shown = bool | None
"""Whether readers see a text; None where a style sheet decides."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
_CONCERNS = re.compile(r"(?:^|[;\s])(?:display|(?:content-)?visibility|opacity)\s*:", re.IGNORECASE)
_HIDES = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|(?:content-)?visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0*)?(?![.\d]))",
    re.IGNORECASE,
)
_PSEUDO = re.compile(r"(?<!\\)::?[a-zA-Z-]+")
_FUNCTION = re.compile(r"(?<!\\)::?[a-zA-Z-]+\([^()]*\)")
_NAME = re.compile(r"([.#\[]?)((?:\\.|[\w-])+)")
_COMBINATOR = re.compile(r"[\s>+~]+")


@dataclass(frozen=True)
class _Names:
    """What a part of a selector asks of an element: any element, if nothing."""

    tags: frozenset[str]
    classes: frozenset[str]
    ids: frozenset[str]
    attributes: frozenset[str]

    def all_of(self, element: Element) -> bool:
        """Whether an element has all of them."""
        return (
            self.tags <= {element.tag}
            and self.classes <= _classes(element)
            and self.ids <= {element.attributes.get("id") or ""}
            and self.attributes <= element.attributes.keys()
        )

    def any_of(self, element: Element) -> bool:
        """Whether an element has one of them."""
        return bool(
            element.tag in self.tags
            or self.classes & _classes(element)
            or element.attributes.get("id") in self.ids
            or self.attributes & element.attributes.keys()
        )


class StyleSheets:
    """The rules of a page's own style sheets that hide something."""

    def __init__(self, tree: Element) -> None:
        lists = [
            each for element in tree.elements() if element.tag == "style" for each in _hiding_selectors(css_of(element))
        ]
        subjects = {_names(subject) for selectors in lists for subject in _subjects(selectors)}
        self._subjects: dict[str, list[_Names]] = {}  # by one of the classes, else tags, that they ask for; else by ""
        for names in subjects:
            self._subjects.setdefault(min(names.classes or names.tags, default=""), []).append(names)
        self._named = [_names(selectors) for selectors in lists]

    def may_hide(self, element: Element) -> bool:
        """Whether a rule that hides may hold for an element."""
        asked_by = ("", element.tag, *_classes(element))
        return any(names.all_of(element) for one in asked_by for names in self._subjects.get(one, ()))

    def name(self, element: Element) -> bool:
        """Whether a rule that hides names an element or something around it."""
        return any(names.any_of(element) for names in self._named)


def css_of(style: Element) -> str:
    """The text of a `style` element."""
    return "".join(child.data for child in style.children if isinstance(child, Text))


def hiding_blocks(css: str) -> str:
    """What of a style sheet hides something: whole rules, and whole blocks such as `@media`, of the outermost level."""
    found, depth, start = [], 0, 0
    css = _COMMENT.sub(" ", css)
    for place, character in enumerate(css):
        depth += (character == "{") - (character == "}")
        if character == "}" and depth <= 0:
            depth = 0
            if _hiding_selectors(block := css[start : place + 1]):
                found.append(block.strip())
            start = place + 1
    return "\n".join(found)


def hides(element: Element) -> bool:
    """Whether an element surely hides what is in it."""
    if element.tag == "template":
        return "shadowrootmode" not in element.attributes
    return (
        element.tag in UNSEEN
        or element.tag in ("noscript", "datalist")
        or "hidden" in element.attributes
        or (element.tag == "dialog" and "open" not in element.attributes)
        or _HIDES.search(element.attributes.get("style") or "") is not None
    )


def reveal(element: Element) -> None:
    """Take away what hides an element by its own attributes."""
    element.attributes.pop("hidden", None)
    if style := element.attributes.get("style"):
        element.attributes["style"] = _HIDES.sub("", style)


def decides(element: Element, attribute: str) -> bool:
    """Whether an attribute by itself decides on what readers see of an element."""
    value = element.attributes.get(attribute) or ""
    return attribute in ATTRIBUTES or (attribute == "style" and _CONCERNS.search(value) is not None)


def shown_by_rules(tree: Element) -> list[Shown]:
    """For each text that is not blank, in page order, whether readers see it."""
    sheets = StyleSheets(tree)
    found: list[Shown] = []
    stack: list[tuple[Element | Text, Shown]] = [(tree, True)]
    while stack:
        node, shown = stack.pop()
        if isinstance(node, Text):
            if not node.blank:
                found.append(shown)
            continue
        if shown is not False:
            shown = False if hides(node) else None if sheets.may_hide(node) else shown
        stack += [(child, shown) for child in reversed(node.children) if isinstance(child, (Element, Text))]
    return found


@lru_cache(maxsize=64)
def _hiding_selectors(css: str) -> tuple[str, ...]:
    """The selectors of each rule that hides."""
    return tuple(rule[1] for rule in _RULE.finditer(_COMMENT.sub(" ", css)) if _HIDES.search(rule[2]))


def _subjects(selectors: str) -> Iterator[str]:
    """The last part of each selector, without what pseudo-classes such as `:not()` ask."""
    without = ""
    while without != selectors:
        without, selectors = selectors, _FUNCTION.sub("", selectors)
    return (_COMBINATOR.split(selector.strip())[-1] for selector in selectors.split(",") if selector.strip())


def _names(selector: str) -> _Names:
    found: dict[str, set[str]] = {"": set(), ".": set(), "#": set(), "[": set()}
    for match in _NAME.finditer(_PSEUDO.sub(" ", re.sub(r"\[([\w-]+)[^\]]*\]", r"[\1 ", selector))):
        name = match[2].replace("\\", "")
        found[match[1]].add(name if match[1] in (".", "#") else name.lower())
    return _Names(*(frozenset(found[sign]) for sign in ("", ".", "#", "[")))


def _classes(element: Element) -> set[str]:
    return set((element.attributes.get("class") or "").split())
