"""Where a command writes its result: standard output, or the file that `-o` names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from harness.report.kit.terminal import file_console, stdout_console


def write_text(text: str, output: Path | None) -> None:
    """Write a text. Raises OSError."""
    if output is None:
        sys.stdout.write(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")


@contextmanager
def console_for(output: Path | None) -> Iterator[Console]:
    """A console for tables. Raises OSError."""
    if output is None:
        yield stdout_console()
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("w", encoding="utf-8") as file:
        yield file_console(file)
