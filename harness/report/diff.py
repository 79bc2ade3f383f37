"""A diff in the terminal: kept plain, missed struck, leaked marked with where it came from, long runs folded.

The marks stay without colour: `[-missed-]`, `{+kind: leaked+}`, and `{~maybe~}` for words that count on neither side.
"""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.alignment.align import Alignment
from harness.alignment.diff import DiffRun, Part, diff
from harness.report.kit.terminal import harmless

_MARKS = {
    "kept": ("", "", ""),
    "missed": ("[-", "-]", "red strike"),
    "leaked": ("{+", "+}", "green"),
    "free": ("{~", "~}", "dim"),
}
_FOLD = {"kept": 40, "missed": 120, "leaked": 120, "free": 120}  # words from which on a run is folded


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


def _by_kind(counts: dict[str, int]) -> str:
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return " ({})".format(", ".join(f"{kind} {count}" for kind, count in largest)) if counts else ""


def _run(run: DiffRun) -> Text:
    opening, closing, style = _MARKS[run.status]
    limit = _FOLD[run.status]
    if len(run.parts) > limit:
        edge = limit // 3
        folded = len(run.parts) - 2 * edge
        head = _parts(run.parts[:edge], style)
        head.rstrip()
        content = Text.assemble(head, f" … {folded} words … ", _parts(run.parts[-edge:], style))
    else:
        content = _parts(run.parts, style)
    ending = content.plain[len(content.plain.rstrip()) :]
    content.rstrip()
    kind = (f"{run.kind}: ", f"bold {style}") if run.status == "leaked" else ""
    return Text.assemble((opening, style), kind, content, (closing, style), ending or (" " if closing else ""))


def _parts(parts: tuple[Part, ...], style: str) -> Text:
    """The words of a run; those that were kept by chance stand out by having no style."""
    text = Text()
    for part in parts:
        text.append(harmless(part.text), style="" if part.status in ("kept", "echo", "free") else style)
    return text
