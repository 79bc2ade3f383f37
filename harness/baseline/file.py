"""The baseline: what extractors did on each page when somebody last looked and agreed (docs/gate.md).

It is one JSON file with a line for each extractor, each golden and each pair of them, sorted, so that its diff in version
control reads as a table. It holds no times and no texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from harness.baseline.model import (
    Baseline,
    BaselineExtractor,
    BaselineGolden,
    BaselineRow,
    Measurement,
    Pair,
)
from harness.common.errors import CANNOT_TELL, CannotTell, Impossible
from harness.common.files import content_of, write_whole
from harness.common.typed import Count, typed
from harness.engine.answer import OUTCOMES
from harness.pages.page import MEDIA
from harness.runs.rows import COUNTS

BASELINE_FILE_FORMAT = 1
BASELINE = Path("reports/baseline.json")

_RESTORE = "take an earlier version of the file from version control, or delete it and run `harness accept`"
_MARKERS = ("    counts = {name: measured.counts[name] for name in COUNTS if measured.counts}
    failed = {"failed_facts": list(measured.failed_facts)} if measured.failed_facts else {}
    return {"outcome": measured.outcome, "scores": dict(measured.scores), "counts": counts, **words, **failed}


def _named(entries: Mapping[str, Any]) -> list[str]:
    return [f"{_json(name)}: {_json(entries[name])}" for name in sorted(entries)]


def _lines(entries: Iterable[str]) -> str:
    joined = ",\n".join(entries)
    return f"\n{joined}\n" if joined else ""


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _line(text: str, part: str, entry: int) -> int:
    """The line of an entry of a part; of the part itself for -1, and if the file was laid out anew."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines, 1) if line.startswith(f'"{part}":')), 1)
    line = first + 1 + entry
    return line if entry >= 0 and line <= len(lines) and lines[line - 1].startswith(('{"', '"')) else first


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of JSON pairs. Raises _Twice for a name that occurs twice, as after a careless merge."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found
