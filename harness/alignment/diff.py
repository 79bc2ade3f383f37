"""The difference between a golden and an output, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from harness.alignment.align import Alignment
from harness.alignment.passages import PASSAGE
from harness.alignment.words import OutputWords, PageWords

Status = Literal["kept", "missed", "leaked", "free", "echo"]


@dataclass(frozen=True)
class Part:
    """A word with the punctuation around it; a line break where a line ended."""

    status: Status
    """What became of the word. An `echo` is a kept word shown again, where the output has it in the middle of a leak."""

    kind: str
    """The kind of the text that the word stands in on the page, or where a leak came from."""

    side: PageWords | OutputWords
    """Whose word it is."""

    place: int
    """The position of the word there."""

    following: int | None
    """The position there of the word that is shown next."""

    @property
    def text(self) -> str:
        """The word as it is shown."""
        return displayed_word(self.side, self.place, self.following)


@dataclass(frozen=True)
class DiffRun:
    """Parts in a row that read as one."""

    status: Status
    """The status of the run. A missed run may hold kept words, and a leaked run echoes, that match by chance."""

    kind: str
    """The kind of its parts."""

    parts: tuple[Part, ...]
    """The words."""


def diff(alignment: Alignment) -> list[DiffRun]:
    """Kept and missed words of the main content, leaked and free words of the output, in reading order.

    Single words that match between two unlike passages would make both unreadable. There the missed passage comes
    first, whole, and then the leaked one.
    """
    groups = [list(group) for _, group in groupby(_parts(alignment), key=lambda part: part.status == "kept")]
    runs: list[DiffRun] = []
    difference: list[Part] = []
    for index, group in enumerate(groups):
        is_kept = group[0].status == "kept"
        if is_kept and (len(group) >= PASSAGE or index in (0, len(groups) - 1)):
            runs += _untangle(difference)
            runs.append(DiffRun("kept", group[0].kind, tuple(group)))
            difference = []
        else:
            difference += group
    return runs + _untangle(difference)


def _untangle(difference: Sequence[Part]) -> list[DiffRun]:
    """A difference with words kept by chance: the page's side whole, then the output's side.

    Where nothing was missed, or nothing else came out, there is nothing to untangle.
    """
    statuses = {part.status for part in difference}
    if "missed" not in statuses or statuses <= {"missed", "kept"}:
        return _runs(difference)
    page_side = [part for part in difference if part.status in ("missed", "kept")]
    output_side = [replace(part, status="echo") if part.status == "kept" else part for part in difference]
    return _runs(page_side, "missed") + _runs([part for part in output_side if part.status != "missed"], "leaked")


def _runs(parts: Sequence[Part], absorbing: Status | None = None) -> list[DiffRun]:
    """Runs of one status and kind. An absorbing status takes in the words that match by chance."""
    runs: list[DiffRun] = []
    for (status, kind), group in groupby(parts, key=lambda part: (part.status, part.kind)):
        together = tuple(group)
        by_chance = status in ("kept", "echo") or (status == "free" and len(together) < PASSAGE)
        if runs and ((absorbing and by_chance) or (runs[-1].status, runs[-1].kind) == (status, kind)):
            runs[-1] = replace(runs[-1], parts=runs[-1].parts + together)
        else:
            runs.append(DiffRun(absorbing if absorbing and by_chance else status, kind, together))
    return runs


def _parts(alignment: Alignment) -> Iterator[Part]:
    page, output = alignment.page, alignment.output
    following = dict(zip(page.keep, page.keep[1:]))
    positions = iter([*page.keep, len(page.words)])
    position = next(positions)
    written = 0
    for i, j in [*alignment.matched, (len(page.words), len(output.words))]:
        while position < i:
            yield Part("missed", page.kinds[position], page, position, following.get(position))
            position = next(positions)
        for other in range(written, j):
            behind = other + 1 if other + 1 < len(output.words) else None
            if other in alignment.leaks:
                yield Part("leaked", alignment.leaks[other], output, other, behind)
            else:
                yield Part("free", "maybe", output, other, behind)
        written = j + 1
        if i < len(page.words):
            yield Part("kept", page.kinds[i], page, i, following.get(i))
            position = next(positions)


def displayed_word(side: PageWords | OutputWords, i: int, following: int | None) -> str:
    """The word at a position as it is shown, with a line break if the following word shown stands in another line."""
    ends_line = following is None or side.lines[following] != side.lines[i]
    shown = side.shown[i].replace("\n", " ")
    return shown.rstrip() + "\n" if ends_line else shown
