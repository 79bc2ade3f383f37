"""What ends a command early, and the exit codes."""

from __future__ import annotations

OK = 0
WORSE = 1
IMPOSSIBLE = 2
CANNOT_TELL = 3
UNEXPECTED = 70
INTERRUPTED = 130


class HarnessError(Exception):
    """The root of all errors that a user can mend: what is wrong, where, and what to do next; a line for each mistake."""

    code = IMPOSSIBLE


class Impossible(HarnessError):
    """An invalid request: unknown name, bad option, bad file."""

    code = IMPOSSIBLE


class CannotTell(HarnessError):
    """The question cannot be answered: nothing was measured, or not enough."""

    code = CANNOT_TELL
