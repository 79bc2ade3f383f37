"""Where a command writes its result: standard output, or the file that `-o` names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TextIO

from rich.console import Console

from harness.common.errors import CannotTell
from harness.report.kit.terminal import file_console, stdout_console


def write_text(text: str, output: Path | None) -> None:
    """Write a text. Raises CannotTell."""
    if output is None:
        sys.stdout.write(text)
        return
    with opened(output) as file:
        file.write(text)


@contextmanager
def console_for(output: Path | None) -> Iterator[Console]:
    """A console for tables. Raises CannotTell."""
    if output is None:
        yield stdout_console()
        return
    with opened(output) as file:
        yield file_console(file)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file that is no text, with the folders above it. Raises CannotTell."""
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@contextmanager
def opened(path: Path, mode: Literal["w", "x"] = "w") -> Iterator[TextIO]:
    """A text file to be written, with the folders above it; its lines end as they do on Linux.

    Raises CannotTell if it cannot be written; with `x` FileExistsError if it is there.
    """
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8", newline="\n") as file:
            yield file


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Let a file that cannot be written be told; what goes wrong with another file is raised as it is."""
    try:
        yield
    except OSError as error:
        of_another = error.filename not in (None, str(path), str(path.parent))
        if of_another or (isinstance(error, FileExistsError) and error.filename == str(path)):
            raise
        raise CannotTell(f"{path} cannot be written: {error.strerror or error}") from None
