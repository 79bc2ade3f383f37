"""The terminal: consoles, and text of strangers made harmless."""

from __future__ import annotations

import unicodedata

from rich.console import Console


def stdout_console() -> Console:
    """The console for results."""
    return Console(highlight=False, markup=False, emoji=False)


def stderr_console() -> Console:
    """The console for progress and messages, so that results can be piped."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def harmless(text: str) -> str:
    """Text that cannot steer a terminal: controls, escapes, directional overrides and surrogates are spelled out."""
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if char not in "\t\n" and unicodedata.category(char) in _STEERING else char for char in text
    )


_STEERING = {"Cc", "Cf", "Cs", "Co"}
