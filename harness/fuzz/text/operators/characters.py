"""Other characters for the same text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import regex

from harness.fuzz.base import DoesNotApply
from harness.fuzz.text.operators import TextOperator
from harness.fuzz.text.page import Line, TextPage

_CURLY = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")
_DASHES = {"—": "–", "–": "—"}
_LONG_WORD = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{M}]{8,}")
_HALF = 4


def _quotes(line: Line) -> Line:
    """Straight quotation marks for curly ones; where there are none, curly for straight."""
    straight = line.text.translate(_CURLY)
    if straight != line.text:
        return line.with_text(straight)
    curly = regex.sub(r"(?<![\p{L}\p{N}\p{P}])\"(?=\S)", "“", line.text).replace('"', "”")
    return line.with_text(regex.sub(r"(?<![\p{L}\p{N}\p{P}])'(?=\S)", "‘", curly).replace("'", "’"))


def _each_span(change: Callable[[str], str]) -> Callable[[Line], Line]:
    return lambda line: Line(tuple(replace(span, text=change(span.text)) for span in line.spans))


def _hyphenated(text: str) -> str:
    return _LONG_WORD.sub(lambda match: f"{match.group()[:_HALF]}\u00ad{match.group()[_HALF:]}", text)


FORMS: dict[str, Callable[[Line], Line]] = {
    "quotes": _quotes,
    "dashes": lambda line: line.with_text("".join(_DASHES.get(c, c) for c in line.text)),
    "no-break": _each_span(lambda text: text.replace(" ", "\u00a0")),
    "decomposed": _each_span(lambda text: unicodedata.normalize("NFD", text)),
    "soft hyphens": _each_span(_hyphenated),
}
"""Ways to write the same text: straight or curly quotation marks, short or long dashes, no-break spaces, Unicode NFD, soft
hyphens in long words."""


@dataclass(frozen=True)
class Characters(TextOperator):
    """Writes the same text with other characters. The gold has the same words, as harness.pages.words counts them."""

    forms: tuple[str, ...] = ()
    """Names of FORMS."""

    code = "T21"
    title = "other characters for the same text"
    nature = "same"
    relations = ("invariant", "no crash")
    harm = 30

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if nothing on the page can be written so, ValueError for an unknown form."""
        for form in self.forms:
            if form not in FORMS:
                raise ValueError(f"no form {form!r}; there are {', '.join(FORMS)}")
        lines = page.lines
        for form in self.forms:
            lines = tuple(map(FORMS[form], lines))
        if self.forms and lines == page.lines:
            raise DoesNotApply(f"nothing on the page can be written otherwise: {', '.join(self.forms)}")
        return page.with_lines(lines)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Each form, then all."""
        return *(cls((form,)) for form in FORMS), cls(tuple(FORMS))

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, forms=st.lists(st.sampled_from(list(FORMS)), min_size=1, unique=True).map(tuple))
