"""What `[tool.harness]` of pyproject.toml says of the command line's options."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.common.errors import Impossible
from harness.common.options import Option, options_of, path
from harness.common.project import SECTION, ProjectFile, project_file
from harness.common.wording import did_you_mean
from harness.plugins.names import split_alias
from harness.runs.request import RunRequest

_SECTIONS = ("gate",)
"""Tables below it, which have readers of their own."""
_FIELDS = ("extractors", "goldens", "metrics", "plugins", "dumps", "timeout", "memory", "repeat")
"""Options of a run that a project can set. What selects pages is not among them: a part must be asked for."""
_OPTIONS = {item.name: item for item in options_of(RunRequest) if item.name in _FIELDS}
BASELINE = Option("baseline", None, "--baseline", None, "baseline", "", "FILE", path)
KEYS = (*_OPTIONS, BASELINE.name)


def settings() -> dict[str, Any]:
    """The values of options, by their keys, that the nearest pyproject.toml with `[tool.harness]` sets.

    Paths in it are relative to its folder; these are relative to the current one. Raises Impossible with all mistakes.
    """
    found = project_file()
    if found is None:
        return {}
    mistakes = [_unknown(name, value) for name, value in found.table.items() if name not in (*KEYS, *_SECTIONS)]
    values: dict[str, Any] = {}
    for item in (*_OPTIONS.values(), BASELINE):
        if item.name in found.table:
            try:
                values[item.key] = _value(found.table[item.name], item, found)
            except ValueError as error:
                mistakes.append(f"{SECTION}.{item.name}: {error}")
    if mistakes:
        raise Impossible("\n".join(f"{found.path}: {mistake}" for mistake in mistakes))
    return values


def _unknown(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        hint = did_you_mean(name, _SECTIONS).replace("'", "").replace("mean ", f"mean [{SECTION}.").replace("?", "]?")
        return f"unknown section [{SECTION}.{name}]{hint}; known: {', '.join(f'[{SECTION}.{one}]' for one in _SECTIONS)}"
    return f"{SECTION}.{name}: unknown key{did_you_mean(name, KEYS)}; known: {', '.join(KEYS)}"


def _value(value: Any, item: Option, file: ProjectFile) -> Any:
    """The value of an option. Raises ValueError."""
    if not item.repeated:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise ValueError(f"{value!r} is no single value")
        if item.parse is not path:
            return item.parse(str(value))
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is no path")
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in values):
        raise ValueError(f"{value!r} is no list of texts")
    place = _PLACES.get(item.name, _path)
    placed = tuple(item.parse(place(one, file.path.parent)) for one in values)
    return placed if item.repeated else placed[0]


def _path(text: str, folder: Path) -> str:
    """A path that is relative to a folder, from here."""
    if folder == Path() or Path(text).is_absolute():
        return text
    return os.path.relpath(folder / text)


def _if_there(text: str, folder: Path) -> str:
    """A path from here, if there is something of that name in the folder; else a name, which stays as it is."""
    return _path(text, folder) if text and (folder / text).exists() else text


def _golden(text: str, folder: Path) -> str:
    """A folder, a set, or FORMAT:PATH."""
    scheme, colon, place = text.partition(":")
    return f"{scheme}:{_if_there(place, folder)}" if colon else _if_there(text, folder)


def _extractor(text: str, folder: Path) -> str:
    """A name, FILE:FUNCTION or a command, any of them with an alias before it."""
    alias, reference = split_alias(text)
    scheme, colon, rest = reference.partition(":")
    if scheme in ("cmd", "protocol") and folder != Path():
        reference = f"{scheme}:{shlex.join(_if_there(word, folder) for word in shlex.split(rest))}"
    elif colon:
        reference = _reference(reference, folder)
    return f"{alias}={reference}" if alias else reference


def _reference(text: str, folder: Path) -> str:
    """FILE:NAME, or MODULE:NAME or a name, which stay as they are."""
    file, colon, name = text.rpartition(":")
    return f"{_if_there(file, folder)}:{name}" if colon else text


_PLACES: dict[str, Callable[[str, Path], str]] = {"goldens": _golden, "extractors": _extractor, "metrics": _reference}
