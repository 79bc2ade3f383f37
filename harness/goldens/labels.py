"""What a label is: a verdict on some text of a page, and where that text stands."""

from __future__ import annotations

from dataclasses import dataclass

from harness.goldens.vocabulary import LabelVerdict


@dataclass(frozen=True)
class Quote:
    """A text by its words and those around it, as the TextQuoteSelector of W3C's Web Annotation Data Model."""

    exact: str
    """The text. In this and the words around it, white space of any length is one space."""
    prefix: str = ""
    """What stands right before it."""
    suffix: str = ""
    """What stands right behind it."""


@dataclass(frozen=True)
class Label:
    """One rule of a golden: a verdict over one or several places of the page."""

    verdict: LabelVerdict
    """Whether an output must have the text, may have it, or must not."""
    places: tuple[str, ...]
    """CSS selectors, or line numbers of a text dump."""
    kind: str
    """A kind of text, of vocabulary.TEXT_KINDS."""
    row: int = 0
    """Its line in the YAML file, counted from 1."""
    quotes: tuple[Quote, ...] = ()
    """Of an HTML page: the texts in the elements that it names, if not all of their text."""
    characters: tuple[int, int] | None = None
    """Of an HTML page: the characters of the elements' text that it names, counted from 0, the end excluded."""
    attribute: str = ""
    """Of an HTML page: the attribute of the elements whose text it names: `alt`, `title` or `aria-label`."""
    linked_property: str = ""
    """Of an HTML page: the property whose text it names in elements that hold JSON-LD, such as `articleBody`."""

    notation: int | None = None
    """Of a rule that names several notations of one thing (`one_of`): which one this is, from 0. All labels of a row belong
    together."""

    def __str__(self) -> str:
        key = self.verdict if self.notation is None else "one_of"
        entries = {key: list(self.places), **self.narrowed()}
        shown = ((key, value if isinstance(value, str) else ", ".join(value)) for key, value in entries.items())
        return ", ".join(f"{key}: {value}" for key, value in shown)

    @property
    def is_narrow(self) -> bool:
        """Whether it names something in elements, and not elements."""
        return bool(self.narrowed())

    def narrowed(self) -> dict[str, str | list[str]]:
        """The keys of the golden file, with their values, that name something in elements."""
        keys: dict[str, str | list[str]] = {}
        if self.attribute:
            keys["attribute"] = self.attribute
        if self.linked_property:
            keys["property"] = self.linked_property
        if len(self.quotes) == 1:
            (quote,) = self.quotes
            around = {"prefix": quote.prefix, "suffix": quote.suffix}
            keys |= {"text": quote.exact, **{key: text for key, text in around.items() if text}}
        elif self.quotes:
            keys["text"] = [quote.exact for quote in self.quotes]
        if self.characters is not None:
            keys["characters"] = f"{self.characters[0]}:{self.characters[1]}"
        return keys
