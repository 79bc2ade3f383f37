"""Reads a matrix as `harness fuzz --format json` writes it, and says of everything else what is wrong with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from harness.common.errors import Impossible
from harness.common.files import content_of
from harness.fuzz.base import Nature
from harness.fuzz.catalogue import all_operators
from harness.fuzz.measure.matrix import MatrixCell
from harness.report.fuzzing import MATRIX_FORMAT

_MAKE = "`harness fuzz --format json -o FILE` writes a matrix"


class MatrixError(Impossible):
    """A file that is no matrix, or a damaged one: says where and what to do."""


@dataclass(frozen=True)
class Matrix:
    """A matrix that was read."""

    harness: str
    """The version of the harness that wrote it."""
    digest: str
    """SHA-256 of the file."""
    versions: Mapping[str, str | None]
    """Of extractors, as far as the file has them."""
    cells: tuple[MatrixCell, ...]
    """One for each extractor, page and operator."""


def read_matrix(path: Path) -> Matrix:
    """The matrix in a file. Raises MatrixError."""
    try:
        raw = content_of(path)
    except FileNotFoundError:
        raise MatrixError(f"{path}: there is no such file; {_MAKE}") from None
    except OSError as error:
        raise MatrixError(f"{path}: {error.strerror}; {_MAKE}") from None
    try:
        content = json.loads(raw.decode("utf-8"))
    except json.JSONDecodeError as error:
        raise MatrixError(f"{path}:{error.lineno}: not JSON ({error.msg}); {_MAKE}") from None
    except (ValueError, RecursionError):
        raise MatrixError(f"{path}: not JSON that can be read; {_MAKE}") from None
    if not isinstance(content, dict) or "matrix" not in content:
        raise MatrixError(f"{path}: not a matrix, or one that an older harness wrote; {_MAKE}")
    if content["matrix"] != MATRIX_FORMAT:
        found = f"{path}: format {content['matrix']!r} is not {MATRIX_FORMAT}"
        raise MatrixError(f"{found}: made by another version of the harness; make a new one with this version: {_MAKE}")
    try:
        versions = _versions(content.get("versions", {}))
        cells = _cells(content.get("cells"))
    except ValueError as error:
        raise MatrixError(f"{path}: {error}; the file is damaged: {_MAKE}") from None
    return Matrix(str(content.get("harness", "unknown")), hashlib.sha256(raw).hexdigest(), versions, cells)


def _versions(found: Any) -> dict[str, str | None]:
    if not isinstance(found, dict) or not all(version is None or isinstance(version, str) for version in found.values()):
        raise ValueError("`versions` does not give a version for each extractor")
    return found


def _cells(items: Any) -> tuple[MatrixCell, ...]:
    if not isinstance(items, list) or not items:
        raise ValueError("`cells` is missing or empty")
    known = {operator.code for operator in all_operators()}
    seen = set()
    cells = []
    for number, item in enumerate(items, 1):
        for name, (is_right, what) in _FIELDS.items():
            if not isinstance(item, dict) or name not in item or not is_right(item[name]):
                raise ValueError(f"`{name}` of cell {number} is not {what}")
        cell = MatrixCell(**{name: item[name] for name in _FIELDS})
        if cell.code not in known:
            raise ValueError(f"cell {number} is of an operator that does not exist: {cell.code!r}")
        if (key := (cell.extractor, cell.operator, cell.golden)) in seen:
            raise ValueError(f"cell {number} repeats an earlier one: {cell.operator}, {cell.extractor}, {cell.golden}")
        seen.add(key)
        cells.append(cell)
    return tuple(cells)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _within(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: type(value) in (int, float) and low <= value <= high


_TEXT = (_is_text, "a text")
_SHARE = (_within(0, 1), "a number from 0 to 1")
_FIELDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "extractor": _TEXT,
    "operator": _TEXT,
    "label": _TEXT,
    "code": _TEXT,
    "nature": (lambda value: value in get_args(Nature), f"one of {', '.join(get_args(Nature))}"),
    "golden": _TEXT,
    "site": _TEXT,
    "set": _TEXT,
    "outcome": _TEXT,
    "before_f": _SHARE,
    "after_f": _SHARE,
    "before_recall": _SHARE,
    "after_recall": _SHARE,
    "retention": (_within(-1, 1), "a number from -1 to 1"),
    "leaked": (lambda value: value is None or _within(0, 1)(value), "a number from 0 to 1 or null"),
    "dose": (_within(0, 1e9), "a number from 0 to a billion"),
    "changed": (lambda value: isinstance(value, bool), "true or false"),
    "kind": (lambda value: value is None or _is_text(value), "a text or null"),
    "severity": _SHARE,
}
