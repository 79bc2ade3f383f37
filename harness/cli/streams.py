"""Standard output and standard error that never fail: what happens to them must not change what a command found out."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from harness.common.wording import LOG_COMMAND

_COMMAND = re.compile(r"(?:^|(?<=\r))([^\S\r\n]*):(?=:|\Z)", re.MULTILINE)
"""The beginning of what GitHub takes for a command first in a line, which `\\r` ends, too: `::error::`."""
_BEGUN = re.compile(r"##?\w{0,10}\Z")
"""The end of a text that may be the beginning of a LOG_COMMAND."""


_LINE_END = re.compile("[\r\n]")
_APART: list[TextIO] = []  # standard output, where it has a descriptor of its own


class SafeStream:
    """A text stream that loses what cannot be written, and remembers why.

    A reader that went away (`| head`), a full disk under the stream, and a stream that is closed lose the text. A character
    that the stream cannot encode is written as its number (`\\u2013`), and so is one that would begin a command of a CI
    service: names and texts from outside give no orders.
    """

    def __init__(self, stream: Any) -> None:
        """A stream in place of another text stream; None is one that the process was started without."""
        self._stream = stream
        self._begins_line = True
        self._begun = ""
        self.lost: OSError | None = None
        """Why text was lost, unless its reader went away."""

    def write(self, text: str) -> int:
        """Write a text, as far as that can be done."""
        begun = "" if self._begins_line else self._begun or "."  # for the expressions: the line that the text goes on with
        line = begun + text
        self._begins_line = not _LINE_END.split(line)[-1].strip()
        found = _BEGUN.search(line)
        self._begun = found[0] if found else ""
        self._put(LOG_COMMAND.sub(r"\1\\u005b", _COMMAND.sub(_spelled_out, line)).removeprefix(begun))
        return len(text)

    def write_command(self, line: str) -> None:
        """Write a line of its own that a CI service is to take for a command."""
        self._put(f"{line}\n" if self._begins_line else f"\n{line}\n")
        self._begins_line = True

    def flush(self) -> None:
        """Write out what is buffered, as far as that can be done."""
        if self._stream is not None:
            try:
                self._stream.flush()
            except (OSError, ValueError) as error:
                self._give_up(error)

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._stream is not None and self._stream.isatty()

    @property
    def encoding(self) -> str:
        """How characters are written."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def _put(self, text: str) -> None:
        if self._stream is not None:
            try:
                self._stream.write(text)
            except UnicodeEncodeError:
                encoding = self._stream.encoding or "ascii"
                self._put(text.encode(encoding, "backslashreplace").decode(encoding))
            except (OSError, ValueError) as error:
                self._give_up(error)

    def _give_up(self, error: OSError | ValueError) -> None:
        if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
            self.lost = error
        # What is still buffered would fail again when Python closes the stream at exit.
        if self._stream in (sys.__stdout__, sys.__stderr__, *_APART):
            with contextlib.suppress(OSError, ValueError):  # it has no file of its own
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())
        self._stream = None


def _spelled_out(found: re.Match[str]) -> str:
    return f"{found[1]}\\u003a"


def write_command(line: str) -> None:
    """Write a line to standard output that a CI service is to take for a command."""
    if isinstance(sys.stdout, SafeStream):
        sys.stdout.write_command(line)
    else:
        print(line)


def keep_stdout_apart() -> None:
    """Let standard output have a descriptor of its own, which no other code of this process knows, and lead the usual one to
    standard error: what libraries of plugins print, or programs that they start, is no result."""
    before = sys.__stdout__
    if before is None or sys.stdout is not before:
        return
    try:
        own = os.dup(1)
        os.dup2(2, 1)
    except OSError:  # one of them is closed
        return
    before.flush()
    lines = 1 if before.isatty() else -1
    sys.stdout = os.fdopen(own, "w", lines, encoding=before.encoding, errors=before.errors)
    _APART.append(sys.stdout)


@contextmanager
def safe_streams() -> Iterator[tuple[SafeStream, SafeStream]]:
    """Put safe streams in place of standard output and standard error for a while."""
    before = sys.stdout, sys.stderr
    safe = SafeStream(before[0]), SafeStream(before[1])
    sys.stdout, sys.stderr = cast(TextIO, safe[0]), cast(TextIO, safe[1])
    try:
        yield safe
    finally:
        safe[0].flush()
        safe[1].flush()
        sys.stdout, sys.stderr = before
