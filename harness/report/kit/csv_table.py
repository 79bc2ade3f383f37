"""CSV that is safe to open: in a spreadsheet, and in a terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from harness.report.kit.terminal import escape_controls

_FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # also as full-width characters


def csv_table(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """A table with a head. Numbers have all their digits, None is an empty cell, texts are safe to open: see `_text`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_cell, columns))
    writer.writerows(map(_cell, row) for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return _text(value)
    return repr(value) if isinstance(value, float) else "" if value is None else value


def _text(text: str) -> str:
    """A text without what steers a terminal or breaks a line, and with `'` before what a spreadsheet takes for a formula."""
    safe = escape_controls(text).replace("\t", "\\u0009").replace("\n", "\\u000a")
    return f"'{safe}" if safe.startswith(_FORMULAS) else safe
