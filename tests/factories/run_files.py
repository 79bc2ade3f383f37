"""Small files of runs, written as `harness run` writes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from harness.runs.file import new_run
from harness.runs.header import GoldenFacts, RunHeader
from harness.runs.record import Record

RECORD = Record(
    *("mine", "tiny/a", "text/html", "article", "en", "a.example", False, "ok", "", "text \u2028 with\nlines\0"),
    *({"F": 0.5}, {"kept": 1, "missed": 2, "leaked": 1, "free": 0}, {"other": 1}, {"body": 2}),
    timing={"wall": 0.25, "cpu": None},
)
HEADER = RunHeader("", references=("keep_everything",), goldens={"tiny/a": GoldenFacts("00", "11")})


def write_run(folder: Path, id: str, rows: Sequence[Record], *, finish: bool = True) -> Path:
    """The file of a run of one extractor; without `finish` it has no footer."""
    with new_run(id, HEADER, folder) as writer:
        writer.extractor("mine", "1.2")
        for record in rows:
            writer.record(record)
        if finish:
            writer.finish()
    return writer.path
