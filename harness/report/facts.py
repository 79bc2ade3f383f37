"""Facts in the terminal: which of them outputs do not fulfil, a line each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from harness.common.wording import plural
from harness.goldens.facts import Fact
from harness.report.kit.terminal import escape_controls
from harness.runs.record import Record


def print_facts(facts: Sequence[Fact], console: Console) -> None:
    """Print the facts of a golden."""
    for fact in facts:
        console.print(Text(escape_controls(f"{fact.place}  {fact}".strip())), soft_wrap=True)


def print_failed_facts(records: Sequence[Record], console: Console) -> None:
    """Print each fact that does not hold, with its place in the golden and in the output, by extractor and page."""
    for record in records:
        for fact, reason in record.failed_facts.items():
            line = f"{record.extractor}  {record.golden}  {fact}: {reason}"
            console.print(Text(escape_controls(line)), soft_wrap=True)
    number = sum(len(record.failed_facts) for record in records)
    pages = len({record.golden for record in records if record.failed_facts})
    if number:
        console.print(f"{plural(number, 'fact')} failed on {plural(pages, 'page')}", style="bold")
    else:
        console.print("no fact failed", style="bold")
