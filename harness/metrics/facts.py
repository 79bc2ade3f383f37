"""Judges facts: which of them an output fulfils, and what it has instead.

Texts are compared by their words (harness.pages.words), case kept, so that markup, punctuation and line breaks do not count.
A text that came out wrongly, such as a cell in another column, is missing where it belongs and is wrong where it stands: it
counts against both precision and recall.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from harness.goldens.facts import Fact
from harness.metrics.base import Case
from harness.metrics.cells import grid
from harness.pages.line_words import words_of_lines
from harness.pages.structure import Markup, read_html
from harness.pages.words import normalise, without_invisible, words


@dataclass(frozen=True)
class JudgedFact:
    """A fact and what an output says of it."""

    fact: Fact
    """The fact."""
    right: int
    """1 if a text came out as it must; of `absent`, if it stayed out."""
    wrong: int
    """1 if a text came out that must not, or in another way than it must."""
    missing: int
    """1 if a text did not come out as it must."""
    reason: str
    """Why the fact does not hold, with the place in the output; empty if it holds."""

    def __str__(self) -> str:
        return f"{self.fact.place}: {self.fact}" if self.fact.place else str(self.fact)


def judge_facts(case: Case) -> tuple[JudgedFact, ...]:
    """The facts of a golden judged by an output, without those about cells that plain text cannot tell."""
    if not case.golden.facts:
        return ()
    judge = _Judge(case)
    judged = (judge.judge(fact) for fact in case.golden.facts)
    return tuple(one for one in judged if one is not None)


class _Words:
    """The words of a text, and where sequences of words stand in it."""

    def __init__(self, text: str, ignore_case: bool) -> None:
        found = words_of_lines(without_invisible(text.casefold() if ignore_case else text).splitlines())
        self.words = found.words
        self.lines = (found.lines + 1).tolist()
        self._ignore_case = ignore_case

    def places(self, text: str) -> list[int]:
        """The first word of every place of a text."""
        wanted = words(text.casefold() if self._ignore_case else text)
        size = len(wanted)
        return [i for i, word in enumerate(self.words) if word == wanted[0] and self.words[i : i + size] == wanted]

    def line(self, place: int) -> str:
        """How messages name the place of a word."""
        return f"line {self.lines[place]} of the output"


class _Judge:
    def __init__(self, case: Case) -> None:
        self._text = case.text
        self._html = case.markup
        self._read: dict[tuple[bool, int, int], _Words] = {}
        self._normal: dict[tuple[int, int], str] = {}

    @cached_property
    def _markup(self) -> Markup | None:
        return None if self._html is None else read_html(self._html)

    def judge(self, fact: Fact) -> JudgedFact | None:
        """A judged fact; None if an output without markup cannot tell."""
        if fact.category == "cell":
            return self._cell(fact)
        if fact.category == "code":
            return self._code(fact)
        text = self._words(fact)
        if fact.category == "order":
            return _order(fact, text)
        places = text.places(fact.texts[0])
        if fact.category == "repeat":
            return _repeat(fact, text, places)
        where = text.line(places[0]) if places else self._almost(fact)
        if fact.category == "absent":
            return JudgedFact(fact, int(not where), int(bool(where)), 0, f"came out in {where}" if where else "")
        return JudgedFact(fact, int(bool(where)), 0, int(not where), "" if where else "did not come out")

    def _words(self, fact: Fact) -> _Words:
        key = fact.ignore_case, fact.first, fact.last
        if key not in self._read:
            self._read[key] = _Words(self._part(fact), fact.ignore_case)
        return self._read[key]

    def _part(self, fact: Fact) -> str:
        """The part of the output that a fact is about."""
        if not (fact.first or fact.last):
            return self._text
        head = self._text[: fact.first]
        return f"{head}\n{self._text[-fact.last :]}" if fact.last else head

    def _normalised(self, fact: Fact) -> str:
        key = fact.first, fact.last
        if key not in self._normal:
            self._normal[key] = normalise(self._part(fact))
        return self._normal[key]

    def _almost(self, fact: Fact) -> str:
        """Where a text stands that begins or ends within a word, or differs in a few characters."""
        if not (fact.max_diffs or fact.cut_words):
            return ""
        wanted, text = normalise(fact.texts[0]), self._normalised(fact)
        if fact.ignore_case:
            wanted, text = wanted.casefold(), text.casefold()
        if fact.cut_words and wanted in text:
            return "the output, within words"
        if not fact.max_diffs or len(text) < len(wanted) - fact.max_diffs:
            return ""
        ratio = fuzz.partial_ratio(wanted, text) / 100
        return "the output, with other characters" if ratio >= 1 - fact.max_diffs / len(wanted) else ""

    def _cell(self, fact: Fact) -> JudgedFact | None:
        if self._markup is None:
            return None
        wanted = {name: normalise(text) for name, text in fact.neighbours}
        cell = normalise(fact.texts[0])
        seen = []
        for number, table in enumerate(self._markup.tables, 1):
            laid = grid(table)
            texts = {**laid.covered, **laid.cells}
            for (y, x), text in texts.items():
                if text != cell:
                    continue
                around = {
                    "left": texts.get((y, x - 1), ""),
                    "right": texts.get((y, x + 1), ""),
                    "up": texts.get((y - 1, x), ""),
                    "down": texts.get((y + 1, x), ""),
                    "row": texts.get((y, 0), ""),
                    "column": texts.get((0, x), ""),
                }
                others = [f"{name} is {around[name]!r}" for name, text in wanted.items() if around[name] != text]
                if not others:
                    return JudgedFact(fact, 1, 0, 0, "")
                seen.append(f"in row {y + 1}, column {x + 1} of table {number} of the output: {', '.join(others)}")
        if seen:
            return JudgedFact(fact, 0, 1, 1, seen[0])
        return JudgedFact(fact, 0, 0, 1, "no cell of a table has the text")

    def _code(self, fact: Fact) -> JudgedFact:
        code = fact.texts[0].strip("\n")
        # The text of an output in markup has no indentation; that stands in its preformatted blocks only.
        blocks = self._markup.code if self._markup is not None and "\n" in code else (self._text,)
        if any(_has_lines(block, code) for block in blocks):
            return JudgedFact(fact, 1, 0, 0, "")
        text = self._words(fact)
        if places := text.places(fact.texts[0]):
            return JudgedFact(fact, 0, 1, 1, f"came out with other spaces or line breaks in {text.line(places[0])}")
        return JudgedFact(fact, 0, 0, 1, "did not come out")


def _order(fact: Fact, text: _Words) -> JudgedFact:
    before = -1
    for position, wanted in enumerate(fact.texts):
        places = text.places(wanted)
        following = [place for place in places if place > before]
        if following:
            before = following[0]
        elif places:
            line = text.line(places[-1])
            return JudgedFact(fact, 0, 1, 1, f"text {position + 1} came out before text {position}, in {line}")
        else:
            return JudgedFact(fact, 0, 0, 1, f"text {position + 1} did not come out")
    return JudgedFact(fact, 1, 0, 0, "")


def _repeat(fact: Fact, text: _Words, places: Sequence[int]) -> JudgedFact:
    if len(places) == fact.times:
        return JudgedFact(fact, int(fact.times > 0), 0, 0, "")
    lines = ", ".join(str(text.lines[place]) for place in places[:8])
    reason = f"came out {len(places)} times, in lines {lines} of the output" if places else "did not come out"
    return JudgedFact(fact, 0, int(len(places) > fact.times), int(len(places) < fact.times), reason)


def _has_lines(text: str, code: str) -> bool:
    """Whether lines stand in a text as they are, but for spaces at their ends and an indentation that all have."""
    wanted = [line.rstrip() for line in code.splitlines()]
    if len(wanted) == 1:
        return any(wanted[0].strip() in line for line in text.splitlines())
    return any(part == wanted for part in _parts(text.splitlines(), len(wanted), len(wanted[0]) - len(wanted[0].lstrip())))


def _parts(lines: Sequence[str], size: int, indent: int) -> Iterator[list[str]]:
    """Every so many lines of a text, shifted so that the first one is indented by so many spaces."""
    for start in range(len(lines) - size + 1):
        part = [line.rstrip() for line in lines[start : start + size]]
        shift = len(part[0]) - len(part[0].lstrip()) - indent
        if shift >= 0 and all(line[:shift].isspace() or not line or not shift for line in part):
            yield [line[shift:] for line in part]
