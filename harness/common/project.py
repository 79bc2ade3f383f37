"""The project's own settings: `[tool.harness]` of the nearest pyproject.toml that has one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.common.errors import Impossible
from harness.common.files import content_of

SECTION = "tool.harness"
_MARKS = ("pyproject.toml", ".git")


@dataclass(frozen=True)
class ProjectFile:
    """A pyproject.toml with a table for the harness."""

    path: Path
    """The file; relative if it is in the current folder."""
    table: Mapping[str, Any]
    """What `[tool.harness]` has."""


def project_file() -> ProjectFile | None:
    """The nearest pyproject.toml with `[tool.harness]`, from the current folder upward. Raises Impossible for one that
    cannot be read, and where the current folder is gone."""
    try:
        parents = Path.cwd().parents
    except OSError as error:
        raise Impossible(f"the current folder cannot be read ({error.strerror}); change to one that is there") from None
    for folder in (Path(), *parents):
        path = folder / "pyproject.toml"
        if path.is_file() and (table := _table(path)) is not None:
            return ProjectFile(path, table)
    return None


def project_root() -> Path:
    """The folder of the project, relative to the current one: that of `project_file`, else the nearest one from here upward
    with a `pyproject.toml` or `.git`, else the current one. Runs and baselines are kept below it."""
    if found := project_file():
        return Path(os.path.relpath(found.path.parent))
    here = Path.cwd()
    root = next((folder for folder in (here, *here.parents) if any((folder / mark).exists() for mark in _MARKS)), here)
    return Path(os.path.relpath(root))


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        content = content_of(path)
    except OSError as error:
        raise Impossible(f"{path}: {error.strerror}") from None
    # Most projects say nothing of us: a parser is imported for those that do.
    return _table_in(content, path) if b"harness" in content else None


@lru_cache(maxsize=8)  # it is asked for with every run that is read
def _table_in(content: bytes, path: Path) -> Mapping[str, Any] | None:
    tool = read_toml(content, path).get("tool")
    table = tool.get("harness") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise Impossible(f"{path}: `{SECTION}` is not a table")
    return table


def read_toml(content: bytes, path: Path) -> dict[str, Any]:
    """The content of a TOML file. Raises Impossible, with the file and the line, for what is none."""
    from harness.common.typed import plain_toml  # here, since most folders have no settings to be read

    try:
        return plain_toml(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Impossible(f"{path}: not UTF-8 (byte {error.start})") from None
    except ValueError as error:
        raise Impossible(f"{path}: not TOML: {error}") from None
