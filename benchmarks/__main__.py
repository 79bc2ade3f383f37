"""What the harness costs, in one table.

    python -m benchmarks [WORD…]     rows with one of the words in their names, or all; writes results.md if all
    python -m benchmarks --check     whether the harness became slower than benchmarks/ratios.json says; on goldens/core
    python -m benchmarks --accept    writes benchmarks/ratios.json

HARNESS_DATASETS names a folder with the datasets `wcxb` and `aeb`; rows that lack something are skipped with the reason.
All rows take about half an hour of a quiet machine with two cores. Seconds are of CPU, unless a row says otherwise.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import harness
from benchmarks.check import accept, check
from benchmarks.rows import Place, Row, measured

RESULTS = Path(__file__).with_name("results.md")


def main(words: list[str]) -> int:
    """Do what the words ask for. Exit code 1 if a goal is missed, or a ratio is worse than the committed one."""
    if words == ["--check"]:
        return check()
    if words == ["--accept"]:
        return accept()
    if any(word.startswith("-") for word in words):
        print(__doc__, file=sys.stderr)
        return 2
    datasets = os.environ.get("HARNESS_DATASETS")
    lines, missed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for row, value, reason in measured(Place(Path(folder), Path(datasets).resolve() if datasets else None), words):
            lines.append(_line(row, value, reason))
            missed += value is not None and not row.met(value)
            print(lines[-1], flush=True)
    if not words:
        RESULTS.write_text("\n".join([*_head(), *lines, ""]), "utf-8")
    return 1 if missed else 0


def _line(row: Row, value: float | None, reason: str) -> str:
    goal = f"{'≥' if row.more_is_better else '≤'} {row.goal:g}"
    if value is None:
        return f"| {row.name} | – | {goal} | skipped: {reason} |"
    return f"| {row.name} | {value:.3g} | {goal} | {'met' if row.met(value) else '**missed**'} |"


def _head() -> list[str]:
    load = os.getloadavg()[0]
    return [
        "# Benchmarks",
        "",
        f"`python -m benchmarks`, {datetime.now(timezone.utc):%Y-%m-%d}, harness {harness.__version__}, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, load of the machine {load:.1f} at the end.",
        "",
        "| what | here | goal | |",
        "|---|---:|---:|---|",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
