"""Facts: single statements about an output, a second kind of gold beside labels.

A fact is written in a minute, is read in a review, and tells what rates over words hide: an order, a repetition, a value in
the wrong column, code that lost its indentation.
"""

from __future__ import annotations

from dataclasses import dataclass

CATEGORIES: dict[str, str] = {
    "present": "the text came out",
    "absent": "the text did not come out",
    "order": "the texts came out in this order",
    "repeat": "the text came out so many times",
    "cell": "a cell of a table has the text, beside the cells named",
    "code": "the lines came out with their spaces and line breaks",
}
"""The categories of facts, each with what holds."""

NEIGHBOURS = ("left", "right", "up", "down", "row", "column")
"""What the fact about a cell can say: the cell right beside it, or the first cell of its row or column."""


@dataclass(frozen=True)
class Fact:
    """A statement about an output."""

    category: str
    """One of CATEGORIES."""
    texts: tuple[str, ...]
    """The text; of an order all of them."""
    times: int = 1
    """Of `repeat`: how often the text comes out."""
    neighbours: tuple[tuple[str, str], ...] = ()
    """Of `cell`: names of NEIGHBOURS, each with the text of that cell."""
    max_diffs: int = 0
    """Of `present` and `absent`: how many characters may differ."""
    cut_words: bool = False
    """Of `present` and `absent`: whether the text may begin and end within words, as snippets that a program compares by
    characters may."""
    ignore_case: bool = False
    """Whether upper and lower case are the same."""
    first: int = 0
    """Only the first so many characters of the output count; 0 for all of it."""
    last: int = 0
    """Only the last so many characters of the output count; 0 for all of it."""
    place: str = ""
    """The file and line that it is written in, `flood.yaml:12`."""

    def __str__(self) -> str:
        shown = " … ".join(_shortened(text) for text in self.texts)
        details = [f"{name} {_shortened(text)}" for name, text in self.neighbours]
        details += [f"{self.times} times"] if self.category == "repeat" and self.times != 1 else []
        return f"{self.category} {', '.join([shown, *details])}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= 60 else f'"{line[:59].rstrip()}…"'
