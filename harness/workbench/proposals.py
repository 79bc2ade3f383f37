"""What extractors say of a page: for each block, the share of them that return it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.analysis.line_votes import line_votes
from harness.engine.base import Answered, Task
from harness.engine.local import LocalEngine
from harness.evaluation.extractors import make_ready, select
from harness.pages import visible
from harness.pages.formats import as_text
from harness.pages.page import Page
from harness.pages.words import words
from harness.plugins.runnable import Runnable
from harness.runs.request import RunRequest
from harness.workbench.index import IndexedRun
from harness.workbench.layout import Layout

FEWEST = 3
"""With the outputs of fewer extractors, nothing is proposed."""
MOST = 5
"""How many vote, at most."""
UNDECIDED = (0.2, 0.8)
"""Shares between which the extractors do not agree on a block."""

_PREFERRED = ("trafilatura", "readability", "resiliparse", "justext", "boilerpy3")  # of five kinds, good on most pages


@dataclass(frozen=True)
class Votes:
    """What extractors return of a page."""

    voters: tuple[str, ...]
    """The extractors."""
    lines: Mapping[int, float]
    """The mean share of each line of the page that they return, 0 to 1."""
    blocks: tuple[float, ...]
    """The same for each block."""

    @property
    def undecided(self) -> list[int]:
        """The numbers of the blocks on which they do not agree."""
        return [number for number, share in enumerate(self.blocks) if UNDECIDED[0] < share < UNDECIDED[1]]


def votes_of(page: Page, layout: Layout, outputs: Mapping[str, str]) -> Votes | None:
    """The votes of the outputs of a page, as text; None if they are too few."""
    texts = {name: text for name, text in sorted(outputs.items()) if text.strip()}
    if len(texts) < FEWEST:
        return None
    chosen = [name for name in _PREFERRED if name in texts]
    chosen += [name for name in texts if name not in chosen]
    voters = tuple(chosen[:MOST])
    lines = line_votes(page, {name: texts[name] for name in voters})
    sums = [[0.0, 0] for _ in layout.blocks]
    if layout.tree is None:
        for line, block in layout.block_of.items():
            sums[block] = [lines.get(line, 0.0), 1]
    else:
        for piece in visible.pieces(layout.tree):
            block = layout.block_of.get(piece.node, -1) if not piece.is_beside else -1
            if block >= 0 and (size := len(words(piece.text))):
                sums[block] = [sums[block][0] + size * lines.get(piece.line, 0.0), sums[block][1] + size]
    return Votes(voters, lines, tuple(total / size if size else 0.0 for total, size in sums))


class Voters:
    """Extractors that vote on pages: with the outputs of a run where it has the page, else by being run."""

    def __init__(self, run: Callable[[], IndexedRun] | None) -> None:
        """run: gives the run whose outputs vote; it is asked when a page is opened, since runs may be large."""
        self._run_of_votes = run
        self._engine: LocalEngine | None = None
        self._runnables: list[Runnable] = []
        self._known: dict[str, Votes | None] = {}
        self._lock = threading.Lock()

    def of(self, page: Page, layout: Layout) -> Votes | None:
        """The votes on a page; it takes seconds to run the extractors the first time. None if too few return text."""
        with self._lock:
            if page.sha256 not in self._known:
                stored = self._stored(page)
                outputs = stored if len(stored) >= FEWEST else self._run(page)
                self._known[page.sha256] = votes_of(page, layout, outputs)
            return self._known[page.sha256]

    def _stored(self, page: Page) -> dict[str, str]:
        """What the run has of a page."""
        run = self._run_of_votes() if self._run_of_votes else None
        golden = next((one for one, facts in run.header.goldens.items() if facts.page == page.sha256), None) if run else None
        if run is None or golden is None:
            return {}
        part = run.page(golden)
        return {
            record.extractor: part.text_of(record)
            for record in part.records
            if record.repeat == 0
            and not record.coerced
            and record.extractor not in run.header.references
            and record.outcome == "ok"
            and part.has_text_of(record)
        }

    def close(self) -> None:
        """End the extractors."""
        with self._lock:
            if self._engine is not None:
                self._engine.__exit__(None, None, None)
                self._engine = None

    def _run(self, page: Page) -> dict[str, str]:
        if self._engine is None:
            self._engine = LocalEngine().__enter__()
            selections, _ = select(RunRequest())
            plain = [one for one in selections if one.variant is None and not one.plugin.declared.reference]
            preferred = [one for one in plain if one.plugin.declared.media == "text/plain" or one.name in _PREFERRED]
            self._runnables, _ = make_ready(preferred, RunRequest(), lambda line: None)
        fitting: Sequence[Runnable] = [one for one in self._runnables if one.declared.media == page.media]
        tasks = [Task(number, runnable, page) for number, runnable in enumerate(fitting)]
        events = [event for event in self._engine.run(tasks) if isinstance(event, Answered)]
        return {
            event.runnable.name: as_text(event.answer.text, event.runnable.output)
            for event in events
            if event.answer.outcome == "ok"
        }
