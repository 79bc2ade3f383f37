"""A diff in the terminal: kept plain, missed struck, leaked marked with where it came from, long runs folded.

The marks stay without colour: `[-missed-]`, `{+kind: leaked+}`, and `{~maybe~}` for words that count on neither side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from harness.alignment.align import Alignment
from harness.alignment.diff import DiffRun, Part, diff
from harness.report.kit.folding import fold
from harness.report.kit.numbers import words_by_kind
from harness.report.kit.terminal import escape_controls

_MARKS = {
    "kept": ("", "", ""),
    "missed": ("[-", "-]", "red strike"),
    "leaked": ("{+", "+}", "green"),
    "free": ("{~", "~}", "dim"),
}


def print_diff(alignment: Alignment, console: Console) -> None:
    """Print the counts, then the page as the output has it."""
    console.print(_counts(alignment))
    body = Text()
    for run in diff(alignment):
        body.append_text(_run(run))
    body.rstrip()
    console.print(body if body.plain else Text("(no text)", style="dim"))


def _counts(alignment: Alignment) -> Text:
    counts = alignment.counts
    text = Text(f"kept {counts.kept}", style="bold")
    text.append(f"   missed {counts.missed}{_by_kind(alignment.misses_by_kind())}", style="bold red")
    text.append(f"   leaked {counts.leaked}{_by_kind(alignment.leaks_by_kind())}", style="bold green")
    text.append(f"   not counted {counts.free}\n" if counts.free else "\n", style="dim")
    return text


def _by_kind(words: Mapping[str, int]) -> str:
    return f" ({words_by_kind(words)})" if words else ""


def _run(run: DiffRun) -> Text:
    opening, closing, style = _MARKS[run.status]
    head, note, tail = fold(run.parts, run.status)
    content = _parts(head, style)
    if note:
        content.rstrip()
        content = Text.assemble(content, note, _parts(tail, style))
    ending = content.plain[len(content.plain.rstrip()) :]
    content.rstrip()
    kind = (f"{run.kind}: ", f"bold {style}") if run.status == "leaked" else ""
    return Text.assemble((opening, style), kind, content, (closing, style), ending or (" " if closing else ""))


def _parts(parts: Sequence[Part], style: str) -> Text:
    """The words of a run; those that were kept by chance stand out by having no style."""
    text = Text()
    for part in parts:
        text.append(escape_controls(part.text), style="" if part.status in ("kept", "echo", "free") else style)
    return text
