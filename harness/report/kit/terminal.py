"""The terminal: consoles, and text of strangers made harmless."""

from __future__ import annotations

import unicodedata
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text


class _Console(Console):
    """A console for text of strangers: what could steer a terminal is spelled out.

    That holds for strings; a `Text` is made harmless by whoever makes it. If the reader goes away, BrokenPipeError is
    raised instead of rich's exit code 1.
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """The string as text without control characters."""
        return super().render_str(harmless(text), **options)

    def on_broken_pipe(self) -> None:
        """Let the command line decide."""
        raise BrokenPipeError


def stdout_console() -> Console:
    """The console for results."""
    return _Console(highlight=False, markup=False, emoji=False)


def stderr_console() -> Console:
    """The console for progress and messages, so that results can be piped."""
    return _Console(stderr=True, highlight=False, markup=False, emoji=False)


def file_console(file: TextIO) -> Console:
    """A console that writes plain text to a file, wide enough for every column."""
    return _Console(file=file, width=160, highlight=False, markup=False, emoji=False)


def harmless(text: str) -> str:
    """Text that cannot steer a terminal: controls, escapes, directional overrides and surrogates are spelled out."""
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if char not in "\t\n" and unicodedata.category(char) in _STEERING else char for char in text
    )


_STEERING = {"Cc", "Cf", "Cs", "Co"}
