"""Two outputs and the golden as one text in page order: what A, B or both missed and leaked.

The marks stay without colour: `[-A: missed-]`, `{+B kind: leaked+}`, `{~AB: maybe~}` for optional text that came out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from harness.alignment.align import Alignment
from harness.alignment.three_way import Piece, PieceStatus, Who, three_way
from harness.alignment.words import PageWords
from harness.report.kit.folding import fold
from harness.report.kit.numbers import words_by_kind
from harness.report.kit.terminal import escape_controls

_MARKS: dict[PieceStatus, tuple[str, str]] = {
    "kept": ("", ""),
    "missed": ("[-", "-]"),
    "leaked": ("{+", "+}"),
    "free": ("{~", "~}"),
}
_STYLES: dict[Who, str] = {"": "", "A": "yellow", "B": "cyan", "AB": "red"}


def print_three_way(page: PageWords, a: Alignment, b: Alignment, names: tuple[str, str], console: Console) -> None:
    """Print what each has, what they differ in, and the page with both. names: of A and of B."""
    sides: tuple[tuple[Who, str, Alignment], ...] = (("A", names[0], a), ("B", names[1], b))
    for side, name, laid in sides:
        head = Text.assemble((f"{side} {escape_controls(name)}", f"bold {_STYLES[side]}"))
        counts = laid.counts
        leaks = f" ({words_by_kind(laid.leaks_by_kind())})" if counts.leaked else ""
        head.append(f"   kept {counts.kept}   missed {counts.missed}   leaked {counts.leaked}{leaks}")
        console.print(head)
    missed = [set(page.keep) - {i for i, _ in laid.matched} for laid in (a, b)]
    numbers = len(missed[0] & missed[1]), len(missed[0] - missed[1]), len(missed[1] - missed[0])
    console.print("missed by both {}, by A alone {}, by B alone {}".format(*numbers))
    console.print(Text("[-A: missed by A-]  {+B kind: leaked by B+}  {~AB: optional, in both~}\n", style="dim"))
    body = Text()
    for (status, who, kind), run in groupby(three_way(page, a, b), key=lambda piece: (piece.status, piece.who, piece.kind)):
        body.append_text(_run(status, who, kind, list(run)))
    body.rstrip()
    console.print(body if body.plain else Text("(no text)", style="dim"))


def _run(status: PieceStatus, who: Who, kind: str, pieces: Sequence[Piece]) -> Text:
    """The words of a run between its marks, a long one folded."""
    style = "dim" if status == "free" else _STYLES[who]
    head, note, tail = fold(pieces, status)
    content = _words(head, status, style)
    if note:
        content.rstrip()
        content = Text.assemble(content, note, _words(tail, status, style))
    ending = content.plain[len(content.plain.rstrip()) :]
    content.rstrip()
    opening, closing = _MARKS[status]
    label = f"{who} {kind}: " if kind else f"{who}: "
    before = Text.assemble((opening, style), (label, f"bold {style}")) if opening else Text()
    return Text.assemble(before, content, (closing, style), ending or (" " if closing else ""))


def _words(pieces: Sequence[Piece], status: PieceStatus, style: str) -> Text:
    """The words of a run; those that one of both has by chance stand out by having no style."""
    strike = f"{style} strike" if status == "missed" else style
    text = Text()
    for piece in pieces:
        text.append(escape_controls(piece.text), style=strike if piece.certain else "")
    return text
