"""What stands between the words of a text: spaces, punctuation, line breaks."""

from __future__ import annotations

from collections.abc import Sequence

HOLE = "\0"
"""Stands in a line for a character that is not looked at."""


class Gaps:
    """Takes a text line by line, and tells what stands after each of its words.

    A gap has a line break where lines end. What stands before the first word of the text is in no gap.
    """

    def __init__(self) -> None:
        self._gaps: list[str] = [""]  # before the first word, then after each
        self._line: int | None = None

    def line(self, text: str, spans: Sequence[tuple[int, int]], number: int) -> None:
        """Add a line. spans: those of its words. number: what tells it from the line before; the same one goes on."""
        if self._line is not None and number != self._line:
            self._gaps[-1] += "\n"
        self._line = number
        cuts = [0, *(cut for span in spans for cut in span), len(text)]
        gaps = [text[end:start] for end, start in zip(cuts[::2], cuts[1::2])]
        if HOLE in text:
            gaps = [gap.replace(HOLE, "") for gap in gaps]
        self._gaps[-1] += gaps[0]
        self._gaps += gaps[1:]

    @property
    def after(self) -> list[str]:
        """What stands after each word, up to the next one or the end of the text."""
        return self._gaps[1:]
