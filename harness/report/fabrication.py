"""Words that outputs have and their pages do not: how many, and the passages with most of them, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from harness.common.wording import plural
from harness.metrics import METRICS
from harness.metrics.own.fabrication import FABRICATED
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls
from harness.runs.record import Record

_PASSAGES = 10  # of an extractor


def print_fabrication(records: Sequence[Record], console: Console) -> None:
    """Print for each extractor the share of such words, the pages with some, and its worst passages."""
    for name in sorted({record.extractor for record in records}):
        own = [record for record in records if record.extractor == name]
        value = METRICS[FABRICATED].over_pages(own)
        pages = sum(bool(record.fabricated) for record in own)
        head = f"{name}: {FABRICATED} {number(value)}, on {pages} of {plural(len(own), 'page')}"
        console.print(Text(escape_controls(head)), style="bold", soft_wrap=True)
        for line in worst_passages(own, _PASSAGES):
            console.print(Text(escape_controls(f"  {line}")), soft_wrap=True)


def worst_passages(records: Sequence[Record], most: int) -> list[str]:
    """The passages with most words that their pages do not have, in a line each with the page and their number."""
    found = [(words, record.golden, quote) for record in records for quote, words in record.fabricated.items()]
    found.sort(key=lambda passage: (-passage[0], passage[1]))
    return [f"{golden} ({plural(words, 'word')}): {quote}" for words, golden, quote in found[:most]]
