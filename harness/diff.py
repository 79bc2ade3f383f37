"""The difference between a golden and an output, as runs of words in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from harness.align import Alignment

Status = Literal["kept", "missed", "leaked", "free"]


@dataclass(frozen=True)
class DiffRun:
    """Words in a row with one status. `kind` is the kind of the text they stand in on the page, or where a leak came from.

    Each part is a word with what follows it up to the next word; a line break where a line ended.
    """

    status: Status
    kind: str
    parts: tuple[str, ...]


def diff(alignment: Alignment) -> list[DiffRun]:
    """All runs: kept and missed words of the main content, leaked and free words of the output, in reading order."""
    grouped = groupby(_parts(alignment), key=lambda part: part[:2])
    return [DiffRun(status, kind, tuple(part for _, _, part in parts)) for (status, kind), parts in grouped]


def _parts(alignment: Alignment) -> Iterator[tuple[Status, str, str]]:
    page, output = alignment.page, alignment.output
    keep = iter([*page.keep, len(page.words)])
    position = next(keep)
    written = 0
    for i, j in [*alignment.matched, (len(page.words), len(output.words))]:
        while position < i:
            yield "missed", page.kinds[position], _part(page.words, page.after, page.lines, position)
            position = next(keep)
        for other in range(written, j):
            part = _part(output.words, output.after, output.lines, other)
            yield ("leaked", alignment.leaks[other], part) if other in alignment.leaks else ("free", "maybe", part)
        written = j + 1
        if i < len(page.words):
            yield "kept", page.kinds[i], _part(page.words, page.after, page.lines, i)
            position = next(keep)


def _part(words: Sequence[str], after: Sequence[str], lines: Sequence[int], i: int) -> str:
    ends_line = i + 1 == len(words) or lines[i + 1] != lines[i]
    return words[i] + after[i].replace("\n", " ").rstrip() + ("\n" if ends_line else " " if after[i][-1:].isspace() else "")
