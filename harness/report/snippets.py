"""The snippets of a golden in the terminal: which of them came out."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from harness.goldens.golden import Snippets
from harness.metrics.benchmarks.trafilatura import came_out
from harness.report.kit.terminal import escape_controls


def print_snippets(snippets: Snippets, console: Console, output: str | None = None) -> None:
    """Print the snippets that have to come out and those that must not. output: says of each whether it is in it."""
    for title, wanted, texts in (("must come out", True, snippets.required), ("must not", False, snippets.forbidden)):
        for text in texts:
            mark, style = _mark(came_out(text, output), wanted) if output is not None else ("", "")
            row = Text(f"{title:<14}{mark:<10}", style=style)
            row.append(escape_controls(" ".join(text.split())))
            console.print(row, soft_wrap=not console.is_terminal)
    if output is not None:
        console.print(Text("the main content of this page is not known, so the output is shown without marks", style="dim"))
        console.print(
            Text("\n".join(map(escape_controls, _lines(output))) or "(no text)"), soft_wrap=not console.is_terminal
        )


def _mark(found: bool, wanted: bool) -> tuple[str, str]:
    if found == wanted:
        return ("in it" if wanted else "not in it"), "green"
    return ("missed" if wanted else "leaked"), "bold red"


def _lines(output: str) -> Iterator[str]:
    return (line for line in output.splitlines() if line.strip())
