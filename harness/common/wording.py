"""Words of messages that several rooms use."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Callable, Iterable

LOG_COMMAND = re.compile(r"(##(?:vso|teamcity)?)\[", re.IGNORECASE)
"""A command to GitHub, Azure Pipelines or TeamCity, up to the bracket that makes it one."""

Announce = Callable[[str], None]
"""Is called with a line for people when something is about to take long, such as building an environment."""


def plural(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def command_line(*words: object) -> str:
    """`harness …` as a shell takes it, whatever characters the words have."""
    return shlex.join(["harness", *map(str, words)])


def pip_install(extra: str) -> str:
    """The command that installs an extra of the harness."""
    return f"python -m pip install 'extraction-harness[{extra}]'"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'article'?` for a name close to a known one, else an empty string."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
