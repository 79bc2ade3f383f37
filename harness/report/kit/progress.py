"""Progress of a run: a bar on a terminal, one line for each extractor elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from harness.common.wording import plural
from harness.engine.answer import FAILURES


class Progress:
    """Shows how far a run is. Use as a context manager."""

    def __init__(self, console: Console, extractors: Sequence[str], pages: int) -> None:
        """Show progress of every extractor over `pages` pages on a console."""
        self._console = console
        self._pages = pages
        self._done: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._bar: Bar | None = None
        if console.is_terminal:
            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[failed]}", style="red"),
                TimeRemainingColumn(),
                console=console,
                transient=True,
            )
            self._task = self._bar.add_task("running", total=pages * len(extractors), failed="")

    def __enter__(self) -> Progress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, extractor: str, outcome: str) -> None:
        """One more page of an extractor is done."""
        self._done[extractor] += 1
        self._failed[extractor] += outcome in FAILURES
        if self._bar:
            total = self._failed.total()
            self._bar.update(self._task, advance=1, description=extractor, failed=f"{total} failed" if total else "")
        elif self._done[extractor] == self._pages:
            failed = f", {self._failed[extractor]} failed" if self._failed[extractor] else ""
            self._console.print(f"{extractor}: {plural(self._pages, 'page')}{failed}", soft_wrap=True)
