"""The terminal: consoles, plain tables, and text of others with its controls escaped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.common.wording import LOG_COMMAND


class _Console(Console):
    """A console that spells out what could steer a terminal in the strings that it prints.

    Callers escape the controls of what they put into a `Text`. If the reader goes away, BrokenPipeError is raised instead of
    rich's exit code 1.
    """

    def print(self, *objects: Any, soft_wrap: bool | None = None, **options: Any) -> None:
        """Print. A text that is neither cut nor folded (soft_wrap) is broken between words where it is longer than a line of
        a terminal, which would break names. A line with a command stays whole, to be copied."""
        if soft_wrap and self.is_terminal:
            objects = tuple(self._broken(item) if isinstance(item, (str, Text)) else item for item in objects)
        super().print(*objects, soft_wrap=soft_wrap, **options)

    def _broken(self, text: str | Text) -> Text:
        """A text, each of whose lines is broken between words into lines of the terminal's width."""
        lines = (self.render_str(text) if isinstance(text, str) else text).split("\n", allow_blank=True)
        return Text("\n").join(part for line in lines for part in _parts(line, self.width))

    def render_str(self, text: str, **options: Any) -> Text:
        """The string as text without control characters."""
        return super().render_str(escape_controls(text), **options)

    def on_broken_pipe(self) -> None:
        """Let the command line decide."""
        raise BrokenPipeError


def _parts(line: Text, width: int) -> Iterator[Text]:
    """A line, broken between words; whole if it has a command, or fits."""
    breaks, begun = [], 0
    for word in re.finditer(r"\S+", line.plain) if "harness " not in line.plain else ():
        before = line.plain[begun : word.start()]
        if before.strip() and cell_len(before + word[0]) > width:
            breaks.append(begun := word.start())
    for part in line.divide(breaks) if breaks else [line]:
        if breaks:
            part.rstrip()
        yield part


def stdout_console() -> Console:
    """The console for results."""
    return _Console(highlight=False, markup=False, emoji=False)


def stderr_console() -> Console:
    """The console for progress and messages, so that results can be piped."""
    return _Console(stderr=True, highlight=False, markup=False, emoji=False)


def file_console(file: TextIO) -> Console:
    """A console that writes plain text to a file, wide enough for every column."""
    return _Console(file=file, width=160, highlight=False, markup=False, emoji=False)


def plain_table(title: str = "") -> Table:
    """A table with a line under its head and nothing else around it."""
    return Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )


def one_line(text: str, longest: int = 200) -> str:
    """Text of others in one line: controls escaped, with single spaces, cut with ` …` after so many characters."""
    line = " ".join(escape_controls(text[: 4 * longest]).split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()} …"


def escape_controls(text: str) -> str:
    """Text that steers neither a terminal nor a service that reads a log: controls, escapes, directional overrides and
    surrogates are spelled out, and so are commands that count anywhere in a line, such as `##[error]`.
    """
    if "##" in text:
        text = LOG_COMMAND.sub(r"\1\\u005b", text)
    if text.isprintable():
        return text
    return "".join(
        f"\\u{ord(char):04x}" if char not in "\t\n" and unicodedata.category(char) in _STEERING else char for char in text
    )


_STEERING = {"Cc", "Cf", "Cs", "Co"}
