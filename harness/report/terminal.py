"""The terminal: consoles, and text of strangers made harmless."""

from __future__ import annotations

import unicodedata

from rich.console import Console


class _Console(Console):
    """A console whose reader may go away: the command line ends quietly then."""

    def on_broken_pipe(self) -> None:
        """Let the exception through, instead of rich's exit code 1."""
        raise BrokenPipeError


def stdout_console() -> Console:
    """The console for results."""
    return _Console(highlight=False, markup=False, emoji=False)


def stderr_console() -> Console:
    """The console for progress and messages, so that results can be piped."""
    return _Console(stderr=True, highlight=False, markup=False, emoji=False)


def harmless(text: str) -> str:
    """Text that cannot steer a terminal: controls, escapes, directional overrides and surrogates are spelled out."""
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if char not in "\t\n" and unicodedata.category(char) in _STEERING else char for char in text
    )


_STEERING = {"Cc", "Cf", "Cs", "Co"}
