"""Small labels around texts: headings of sections, the title, labels that are stuck together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import regex

from harness.fuzz.base import DoesNotApply
from harness.fuzz.columns import columns
from harness.fuzz.donors import languages, wording
from harness.fuzz.text.blocks import ends_sentence, heading_of, insert_after, replace_each, sections, title_of
from harness.fuzz.text.operators import TextOperator
from harness.fuzz.text.page import Line, Span, TextPage

HEADED = ("related", "comment", "tags", "newsletter", "promo", "author", "legal")
"""Kinds of boilerplate whose sections have headings that operators know."""

_LABEL_COLUMNS = 40
_GLUED = regex.compile(r"(?<=\p{L})(?=\d)")
_GLUED_KINDS = ("byline", "related", "comment", "share", "interface")


@dataclass(frozen=True)
class DropHeadings(TextOperator):
    """Removes the headings of sections that are no main content. The gold is the same."""

    kinds: tuple[str, ...] = ()
    """Of sections, of HEADED."""

    code = "T12"
    title = "sections without headings"
    nature = "noise"
    relations = ("bounded drop",)
    harm = 100

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no such section has a heading."""
        return replace_each(page, _headings(page, self.kinds), lambda line: ()) if self.kinds else page

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Of comments; of related stories; of all."""
        return cls(("comment",)), cls(("related",)), cls(HEADED)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, kinds=st.lists(st.sampled_from(HEADED), min_size=1, unique=True).map(tuple))


@dataclass(frozen=True)
class TranslateHeadings(TextOperator):
    """Writes the headings of sections that are no main content in other words. The gold is the same."""

    lang: str = ""
    """A language that donors.yaml has; empty leaves all as they are."""
    variant: int = 0
    """Which wording."""

    code = "T13"
    title = "headings of sections in other words"
    nature = "noise"
    relations = ("bounded drop",)
    harm = 90

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no section has a heading, ValueError for an unknown language."""
        if not self.lang:
            return page
        if self.lang not in languages():
            raise ValueError(f"no headings in {self.lang!r}; there are {', '.join(languages())}")
        said = wording(self.lang).headings

        def other(line: Line) -> tuple[Line, ...]:
            return (Line.of(said[line.kind][self.variant % len(said[line.kind])], "drop", line.kind),)

        return replace_each(page, _headings(page, HEADED), other)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Less usual English, German, Portuguese, Arabic."""
        return cls("en", 1), cls("de"), cls("pt"), cls("ar")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, lang=st.sampled_from(languages()), variant=st.integers(0, 2))


@dataclass(frozen=True)
class Glue(TextOperator):
    """Joins short labels that stand side by side without a space, or parts such ones. Words of the main content stay."""

    mode: str = ""
    """`glue` joins a label and a following one that holds a digit, as `The Hill` and `5 days ago`; `part` breaks labels
    between a letter and a digit; empty does nothing."""

    code = "T15"
    title = "labels stuck together or parted"
    nature = "noise"
    relations = ("invariant",)
    harm = 70

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if there are no such labels, ValueError for an unknown mode."""
        if not self.mode:
            return page
        if self.mode not in ("glue", "part"):
            raise ValueError(f"no mode {self.mode!r}; there are glue and part")
        lines = list(self._glued(page) if self.mode == "glue" else self._parted(page))
        if len(lines) == len(page.lines):
            what = "side by side" if self.mode == "glue" else "with a number stuck to a word"
            raise DoesNotApply(f"there are no labels {what}")
        return page.with_lines(lines)

    def _parted(self, page: TextPage) -> Iterator[Line]:
        for line in page.lines:
            yield from line.cut(m.start() for m in _GLUED.finditer(line.text)) if _is_label(line) else (line,)

    def _glued(self, page: TextPage) -> Iterator[Line]:
        lines = list(page.lines)
        i = 0
        while i < len(lines):
            j = i + 1
            while j < len(lines) and lines[j].blank:
                j += 1
            if j < len(lines) and _is_label(lines[i]) and _stick(lines[i], lines[j]):
                left = lines[i].part(0, len(lines[i].text))
                yield Line((*left.spans, *lines[j].part(0, len(lines[j].text)).spans))
                i = j + 1
            else:
                yield lines[i]
                i += 1

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Both ways."""
        return cls("part"), cls("glue")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, mode=st.sampled_from(["part", "glue"]))


@dataclass(frozen=True)
class TitleCopies(TextOperator):
    """Removes or repeats the title. The words of the main content stay; copies are boilerplate, one title is not."""

    copies: int = 0
    """More of them, before the first."""
    suffix: bool = False
    """With the site's name after the copies."""
    breadcrumb: bool = False
    """A path with the title before it."""
    remove: bool = False
    """All titles."""

    code = "T18"
    title = "copies of the title"
    nature = "noise"
    relations = ("invariant", "no duplicate")
    harm = 80

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no line is labelled as the title or it shares it with other text."""
        if self == TitleCopies():
            return page
        best = page.lines[title_of(page)]
        if any(span.kind != "title" and span.text.strip() for span in best.spans):
            raise DoesNotApply("the title shares its line with other text")
        titles = [
            i for i, line in enumerate(page.lines) if line.kind == "title" and line.verdict != "keep" and not line.blank
        ]
        name = page.source.site.partition(".")[0].replace("-", " ").title()
        new = [Line.of(best.text.strip() + (f" - {name}" if self.suffix else ""), "drop", "title")] * self.copies
        if self.breadcrumb:
            new.append(Line((Span(f"{name} > ", "drop", "navigation"), Span(best.text.strip(), "drop", "title"))))
        if self.remove:
            page = replace_each(page, titles, lambda line: ())
        return insert_after(page, titles[0] - 1, new, noted=False) if new else page

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """None; one more; three more, with the site's name; a path."""
        return cls(remove=True), cls(1), cls(3, suffix=True), cls(breadcrumb=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            copies=st.integers(0, 3),
            suffix=st.booleans(),
            breadcrumb=st.booleans(),
            remove=st.booleans(),
        )


def _headings(page: TextPage, kinds: tuple[str, ...]) -> list[int]:
    found = [line for section in sections(page, *kinds) if (line := heading_of(page, section)) is not None]
    if not found:
        raise DoesNotApply(f"no section has a heading of its own: {', '.join(kinds)}")
    return found


def _is_label(line: Line) -> bool:
    short = columns(line.text) <= _LABEL_COLUMNS and not line.blank and not ends_sentence(line.text)
    return short and line.verdict != "keep" and line.kind in _GLUED_KINDS


def _stick(first: Line, second: Line) -> bool:
    same = (first.verdict, first.kind) == (second.verdict, second.kind)
    return same and _is_label(second) and any(c.isdigit() for c in second.text) and not any(c.isdigit() for c in first.text)
