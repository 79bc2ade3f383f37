"""Progress of a run: a bar on a terminal, one line for each extractor elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

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


class ShardProgress:
    """Progress of a run in shards: a bar on a terminal, a line for each tenth of the shards elsewhere. A context manager."""

    def __init__(self, console: Console, shards: int, complete: int) -> None:
        """shards: how many there are. complete: how many of them are complete already."""
        self._console = console
        self._shards, self._complete = shards, complete
        self._pages: Counter[str] = Counter()  # by outcome
        self._bar: Bar | None = None
        if console.is_terminal:
            columns = (TextColumn("shards"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
            self._bar = Bar(*columns, TimeRemainingColumn(), console=console, transient=True)
            self._task = self._bar.add_task("", total=shards, completed=complete)

    def __enter__(self) -> ShardProgress:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, outcomes: Mapping[str, Mapping[str, int]]) -> None:
        """One more shard is complete. outcomes: how many results had which outcome, for each extractor."""
        for counts in outcomes.values():
            self._pages.update(counts)
        before, self._complete = self._complete, self._complete + 1
        failed = sum(self._pages[name] for name in FAILURES)
        results = plural(self._pages.total(), "result") + (f", {failed} failed" if failed else "")
        if self._bar:
            self._bar.update(self._task, advance=1, description=results)
        elif 10 * before // self._shards < 10 * self._complete // self._shards:
            self._console.print(f"{self._complete} of {plural(self._shards, 'shard')}: {results}", soft_wrap=True)
