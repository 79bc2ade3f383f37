"""What ends a command early, and the exit codes."""

from __future__ import annotations

OK = 0
WORSE = 1
IMPOSSIBLE = 2
CANNOT_TELL = 3
INTERRUPTED = 130


class Impossible(Exception):
    """An impossible request: unknown name, bad option, bad file. One line for each mistake, the next step last."""

    code = IMPOSSIBLE


class CannotTell(Exception):
    """The question cannot be answered: nothing was measured, or not enough."""

    code = CANNOT_TELL
