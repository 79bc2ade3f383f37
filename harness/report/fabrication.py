"""Words that outputs have and their pages do not, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from harness.analysis.fabrication import FabricationSummary
from harness.common.wording import plural
from harness.metrics.own.fabrication import FABRICATED
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls

PASSAGES = 10
"""How many passages of an extractor are printed."""


def print_fabrication(found: Sequence[FabricationSummary], console: Console) -> None:
    """Print for each extractor the share of such words, the pages with some, and its worst passages."""
    for one in found:
        head = f"{one.extractor}: {FABRICATED} {number(one.share)}, on {one.with_some} of {plural(one.pages, 'page')}"
        console.print(Text(escape_controls(head)), style="bold", soft_wrap=True)
        for line in one.passages:
            console.print(Text(escape_controls(f"  {line}")), soft_wrap=True)
