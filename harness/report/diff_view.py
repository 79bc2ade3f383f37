"""A diff in the terminal: kept plain, missed struck, leaked marked with where it came from, long runs folded.

The marks stay without colour: `[-missed-]`, `{+kind: leaked+}`, and `{~maybe~}` for words that count on neither side.
"""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from harness.align import Alignment
from harness.diff import DiffRun, diff
from harness.report.terminal import harmless

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
    free = len(alignment.free)
    text = Text(f"kept {alignment.kept}", style="bold")
    text.append(f"   missed {alignment.missed}{_by_kind(alignment.misses_by_kind())}", style="bold red")
    text.append(f"   leaked {alignment.leaked}{_by_kind(alignment.leaks_by_kind())}", style="bold green")
    text.append(f"   not counted {free}\n" if free else "\n", style="dim")
    return text


def _by_kind(counts: dict[str, int]) -> str:
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return " ({})".format(", ".join(f"{kind} {count}" for kind, count in largest)) if counts else ""


def _run(run: DiffRun) -> Text:
    opening, closing, style = _MARKS[run.status]
    limit = _FOLD[run.status]
    if len(run.parts) > limit:
        head, tail = run.parts[: limit // 3], run.parts[-(limit // 3) :]
        folded = f"{_safe(head).rstrip()} … {len(run.parts) - len(head) - len(tail)} words … {_safe(tail)}"
    else:
        folded = _safe(run.parts)
    content = folded.rstrip()
    text = Text(opening, style=style)
    if run.status == "leaked":
        text.append(f"{run.kind}: ", style="bold")
    text.append(content)
    text.append(closing)
    return Text.assemble(text, folded[len(content) :] or (" " if closing else ""))


def _safe(parts: tuple[str, ...]) -> str:
    return harmless("".join(parts))
