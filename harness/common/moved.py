"""Words that name files, as they are written from another folder.

Each function takes the word, the folder that its paths are relative to, and the folder that they shall be relative to.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

_WILD = "*?["


def moved_path(word: str, start: Path, end: Path) -> str:
    """A path. One that begins with `./` keeps that, so that a name which is made of it comes back as it was."""
    if Path(word).is_absolute() or _same(start, end):
        return word
    return f"{'./' * word.startswith('./')}{os.path.relpath(start / word, end)}"


def moved_if_there(word: str, start: Path, end: Path) -> str:
    """A path or a name: a path if there is something at it; a pattern if there is the folder that it begins with."""
    if not word or _same(start, end):
        return word
    parts = Path(word).parts
    wild = next((number for number, part in enumerate(parts) if any(sign in part for sign in _WILD)), None)
    fixed = Path(*parts[:wild]) if wild is not None else Path(word)
    try:
        is_there = (start / fixed).exists()
    except (OSError, ValueError):  # too long for a path, or with a NUL
        return word
    return moved_path(word, start, end) if is_there else word


def moved_file(word: str, start: Path, end: Path) -> str:
    """A file or a name: a file if it has a suffix or a folder before it, whether or not it is there, or if it is there."""
    path = Path(word)
    is_file = path.suffix or len(path.parts) > 1 or (word and (start / path).is_file())
    return moved_path(word, start, end) if is_file else word


def moved_goldens(word: str, start: Path, end: Path) -> str:
    """A folder, a set, or FORMAT:PATH."""
    scheme, colon, place = word.partition(":")
    return f"{scheme}:{moved_if_there(place, start, end)}" if colon else moved_if_there(word, start, end)


def moved_reference(word: str, start: Path, end: Path) -> str:
    """FILE:NAME; MODULE:NAME and a name stay as they are."""
    file, colon, name = word.rpartition(":")
    return f"{moved_if_there(file, start, end)}:{name}" if colon else word


def moved_package(word: str, start: Path, end: Path) -> str:
    """PATH or PATH@COMMIT; git+URL stays as it is."""
    moved = moved_if_there(word, start, end)
    place, at, commit = word.rpartition("@")
    return f"{moved_if_there(place, start, end)}@{commit}" if at and moved == word else moved


def moved_command(word: str, start: Path, end: Path) -> str:
    """A command line, with the files among its words."""
    try:
        words = shlex.split(word)
    except ValueError:  # no command line
        return word
    moved = [moved_if_there(one, start, end) for one in words]
    return word if moved == words else shlex.join(moved)


def _same(start: Path, end: Path) -> bool:
    return start == end or start.absolute() == end.absolute()
