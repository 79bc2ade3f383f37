"""What a shell is told when it completes a command line; argcomplete speaks with the shell."""

from __future__ import annotations

import argparse
import contextlib
import os
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import argcomplete

from harness.common.errors import HarnessError
from harness.common.options import project_value


def complete(parser: argparse.ArgumentParser) -> NoReturn:
    """Answer the shell that asks, as the variables of its environment say, and end."""
    for action in _actions(parser):
        if found := _NAMES.get(action.dest):
            action.completer = _safe(found)  # type: ignore[attr-defined]  # where argcomplete looks
    argcomplete.autocomplete(parser)
    raise SystemExit(0)


def words_so_far() -> list[str]:
    """The words of the command line up to the cursor, without the program's name."""
    line, point = os.environ.get("COMP_LINE", ""), os.environ.get("COMP_POINT", "")
    return (line[: int(point)] if point.isdecimal() else line).split()[1:]


def _actions(parser: argparse.ArgumentParser) -> Iterable[argparse.Action]:
    """The options and arguments of a parser and of those below it."""
    for action in parser._actions:  # argparse tells them in no other way
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _actions(below)


def _safe(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    def found(**others: Any) -> list[str]:
        with contextlib.suppress(HarnessError):  # a plugin that cannot be read, for example: nothing to offer
            return list(names())
        return []

    return found


def _extractors() -> Iterable[str]:
    from harness.plugins.names import split_alias
    from harness.plugins.registry import Registry

    words = words_so_far()  # argcomplete runs no action of ours
    plugins = [Path(path) for flag, path in pairwise(words) if flag == "--plugins"]
    aliases = (alias for alias, _ in map(split_alias, project_value("extractor", ())) if alias)
    return [*aliases, *Registry(plugins or project_value("plugins", ())).all_names()]


def _metrics() -> Iterable[str]:
    from harness.metrics import METRICS

    return METRICS


def _sets() -> Iterable[str]:
    from harness.goldens.sets import set_names

    return set_names()


def _runs() -> Iterable[str]:
    from harness.runs.find import list_runs

    return ["latest", *(path.stem for path in reversed(list_runs()))]


_NAMES: dict[str, Callable[[], Iterable[str]]] = {
    "extractor": _extractors,
    "instead": _extractors,
    "metric": _metrics,
    "goldens": _sets,
    "run_name": _runs,
    "run_names": _runs,
    "resume": _runs,
}
"""Names that can be completed, by where the parser keeps what is given."""
