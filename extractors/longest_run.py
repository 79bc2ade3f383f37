"""Longest run of long lines: the shortest rule that works on tidy dumps, and breaks on wrapped or spaced ones."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from harness import extractor

# A line of running text fills more than one line of a terminal; headings, menus and captions rarely do.
LONG = 80


@extractor(requires=[], variants={"lines": {"by_words": False}}, media="text/plain", licence="Apache-2.0")
def longest_run(page: Any, by_words: bool = True) -> str:
    """Of all runs of consecutive lines with at least 80 characters, the one with most words (variant: most lines)."""

    def size(run: list[str]) -> int:
        return sum(len(line.split()) for line in run) if by_words else len(run)

    lines = page.text.splitlines()
    runs = [list(run) for is_long, run in groupby(lines, key=lambda line: len(line.strip()) >= LONG) if is_long]
    best: list[str] = max(runs, key=size, default=[])
    return "\n".join(best)
