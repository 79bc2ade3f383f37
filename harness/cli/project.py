"""What `[tool.harness]` of pyproject.toml says of the command line's options."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.common.errors import Impossible
from harness.common.moved import moved_path
from harness.common.options import Option, options_of, path
from harness.common.project import SECTION, ProjectFile, project_file
from harness.common.wording import did_you_mean
from harness.runs.request import RunRequest

_SECTIONS = ("gate",)
"""Tables below it, which have readers of their own."""
_FIELDS = ("extractors", "goldens", "metrics", "plugins", "dumps", "timeout", "memory", "repeat")
"""Options of a run that a project can set. What selects pages is not among them: a part must be asked for."""
_OPTIONS = {item.name: item for item in options_of(RunRequest) if item.name in _FIELDS}
BASELINE = Option("baseline", None, "--baseline", None, "baseline", "", "FILE", path, move=moved_path)
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
            raise ValueError(f"{value!r} is not a single value")
        if item.parse is not path:
            return item.parse(str(value))
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is not a path")
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in values):
        raise ValueError(f"{value!r} is not a list of texts")
    parsed = tuple(map(item.parse, values))
    return item.moved(parsed if item.repeated else parsed[0], file.path.parent, Path())
