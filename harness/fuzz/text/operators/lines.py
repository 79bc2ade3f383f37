"""How a dump is broken into lines: line ends, margins, blank lines, wrapping, one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import regex

from harness.fuzz.base import DoesNotApply
from harness.fuzz.columns import columns
from harness.fuzz.text.operators import TextOperator
from harness.fuzz.text.page import BLANK, Line, TextPage, join_lines

_NEWLINES = {"": "", "lf": "\n", "crlf": "\r\n", "cr": "\r", "ls": "\u2028"}
# Pieces between which a line may be broken: words with the punctuation around them; in scripts without spaces, characters.
_UNBREAKABLE = regex.compile(
    r"(?V1)[「『（(\"'“‘«]*[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]\p{M}*[^\s\p{L}\p{N}「『（(“‘«]*"
    r"|[^\s\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+"
)


@dataclass(frozen=True)
class LineEnds(TextOperator):
    """Writes other line ends. The gold is the same."""

    newline: str = ""
    """One of lf, crlf, cr, ls (U+2028), or nothing for those of the page."""
    leading: int = 0
    """Blank lines before the page."""
    final: int = 0
    """Line ends after it, more than there are."""
    bom: bool = False
    """Begins with a byte order mark."""

    code = "T1"
    title = "line ends"
    nature = "same"
    relations = ("invariant", "no crash")
    harm = 10

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises ValueError for an unknown name of a line end."""
        if self.newline not in _NEWLINES:
            raise ValueError(f"no line end {self.newline!r}; there are {', '.join(filter(None, _NEWLINES))}")
        return replace(
            page,
            lines=(BLANK,) * self.leading + page.lines,
            newline=_NEWLINES[self.newline] or page.newline,
            final_newlines=page.final_newlines + self.final,
            bom=page.bom or self.bom,
        )

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Windows, old Macintosh and Unicode line ends; blank lines around; a byte order mark."""
        return cls(newline="crlf"), cls(newline="cr"), cls(newline="ls"), cls(leading=2, final=2), cls(bom=True)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.one_of(
            st.builds(cls, leading=st.integers(0, 3), final=st.integers(0, 3), bom=st.booleans()),
            st.builds(cls, newline=st.sampled_from(["crlf", "cr", "ls"])),
        )


@dataclass(frozen=True)
class Margins(TextOperator):
    """Adds spaces at the start and the end of lines that are not blank. The gold is the same."""

    indent: int = 0
    """How many at the start of a line."""
    trailing: int = 0
    """How many at its end."""
    space: str = " "
    """The character that stands for a space."""
    every: int = 1
    """Of how many lines one is changed."""

    code = "T2"
    title = "spaces at line starts and ends"
    nature = "same"
    relations = ("invariant", "no crash")
    harm = 20

    def apply(self, page: TextPage) -> TextPage:
        """The changed page."""
        return page.with_lines(
            line if line.blank or i % self.every else self._moved(line) for i, line in enumerate(page.lines)
        )

    def _moved(self, line: Line) -> Line:
        first, *rest = line.spans
        *rest, last = replace(first, text=self.space * self.indent + first.text), *rest
        return Line((*rest, replace(last, text=last.text + self.space * self.trailing)))

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """Indented, with trailing spaces, with tabs, with no-break spaces."""
        return cls(indent=4), cls(trailing=3), cls(indent=1, space="\t", every=2), cls(indent=2, trailing=1, space="\u00a0")

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(
            cls,
            indent=st.integers(0, 8),
            trailing=st.integers(0, 4),
            space=st.sampled_from([" ", "\t", "\u00a0"]),
            every=st.integers(1, 3),
        )


@dataclass(frozen=True)
class BlankLines(TextOperator):
    """Sets the number of blank lines between lines. The gold is the same."""

    gaps: tuple[int, ...] = ()
    """Blank lines after the first line, the second and so on, from the beginning again when they are used up; empty leaves
    all as they are."""

    code = "T3"
    title = "blank lines"
    nature = "same"
    relations = ("invariant", "no crash")
    harm = 40

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if the blank lines stand so already."""
        if not self.gaps:
            return page
        full = [line for line in page.lines if not line.blank]
        lines: list[Line] = []
        for i, line in enumerate(full):
            blank = self.gaps[i % len(self.gaps)] if i < len(full) - 1 else 0
            lines += [line, *[BLANK] * blank]
        if [line.blank for line in lines] == [line.blank for line in page.lines]:
            raise DoesNotApply("the blank lines stand so already")
        return page.with_lines(lines)

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """None at all, one after every line, an uneven pattern."""
        return cls((0,)), cls((1,)), cls((0, 1, 0, 2, 3))

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, gaps=st.lists(st.integers(0, 3), min_size=1, max_size=4).map(tuple))


@dataclass(frozen=True)
class Wrap(TextOperator):
    """Breaks lines at a width, between words only. The gold has the same words in the same order."""

    width: int = 0
    """In columns of a terminal, wide characters counting two; 0 for no limit."""

    code = "T7"
    title = "lines wrapped at a width"
    nature = "same"
    relations = ("invariant", "no crash")
    harm = 50

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if no line is wider."""
        if not self.width:
            return page
        lines = [part for line in page.lines for part in self._wrapped(line)]
        if len(lines) == len(page.lines):
            raise DoesNotApply(f"no line is wider than {self.width} columns")
        return page.with_lines(lines)

    def _wrapped(self, line: Line) -> tuple[Line, ...]:
        if columns(line.text) <= self.width:
            return (line,)
        return line.cut(self._breaks(line.text))

    def _breaks(self, text: str) -> Iterator[int]:
        start = 0
        used = 0
        end = 0
        for piece in _UNBREAKABLE.finditer(text):
            used += columns(text[end : piece.end()])
            end = piece.end()
            if used > self.width and text[start : piece.start()].strip():
                start = piece.start()
                used = columns(piece.group())
                yield start

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """As text browsers and mail do."""
        return cls(72), cls(100)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.builds(cls, width=st.integers(40, 120))


@dataclass(frozen=True)
class OneLine(TextOperator):
    """Joins all lines to one, with a space between them where the script has spaces. The gold has the same words."""

    on: bool = False
    """Whether lines are joined."""

    code = "T23"
    title = "the whole dump in one line"
    nature = "noise"
    relations = ("bounded drop", "no crash")
    harm = 250

    def apply(self, page: TextPage) -> TextPage:
        """The changed page. Raises DoesNotApply if it is one line already."""
        if not self.on:
            return page
        lines = [line for line in page.lines if not line.blank]
        if len(lines) < 2:
            raise DoesNotApply("the dump is one line already")
        return page.with_lines([join_lines(lines)])

    @classmethod
    def matrix_instances(cls) -> tuple[TextOperator, ...]:
        """There is but one way."""
        return (cls(on=True),)

    @classmethod
    def strategy(cls, st: ModuleType) -> Any:
        """See Operator."""
        return st.just(cls(on=True))
