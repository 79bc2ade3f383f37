"""Runs extractors over pages in worker processes on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby, islice
from types import TracebackType

from harness.engine.base import DEFAULT_MEMORY, DEFAULT_TIMEOUT, Answered, EngineEvent, Task
from harness.engine.seat import CannotLoad, Seat
from harness.plugins.runnable import Runnable


@dataclass
class LocalEngine:
    """The engine of this machine: gives one page after the other to the extractor's own worker.

    Workers live as long as a `with` block of the engine, whatever is run meanwhile; without one, as long as a run.
    """

    timeout: float = DEFAULT_TIMEOUT
    """Seconds for one page."""
    memory: int = DEFAULT_MEMORY
    """Bytes of address space of one worker, 0 for no limit."""
    _seats: dict[Runnable, Seat] = field(default_factory=dict, init=False, repr=False)
    _entered: bool = field(default=False, init=False, repr=False)

    def __enter__(self) -> LocalEngine:
        self._entered = True
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._entered = False
        while self._seats:
            self._seats.popitem()[1].close()

    def run(self, tasks: Sequence[Task]) -> Iterator[EngineEvent]:
        """Exactly one `Answered` for each task, in their order: see `Engine`."""
        told: set[Runnable] = set()
        with nullcontext() if self._entered else self:
            for runnable, batch in _batches(tasks):
                seat = self._seat(runnable)
                try:
                    loaded = seat.load()
                    if runnable not in told:
                        told.add(runnable)
                        yield loaded
                    answers = seat.ask_batch([task.page for task in batch])
                except CannotLoad as error:
                    answers = [error.answer] * len(batch)
                for task, answer in zip(batch, answers):
                    yield Answered(runnable, task.key, answer)

    def _seat(self, runnable: Runnable) -> Seat:
        if runnable not in self._seats:
            self._seats[runnable] = Seat(runnable, timeout=self.timeout, memory=self.memory)
        return self._seats[runnable]


def _batches(tasks: Sequence[Task]) -> Iterator[tuple[Runnable, list[Task]]]:
    """The tasks in their order, as many of one extractor together as it takes in a call."""
    for runnable, group in groupby(tasks, key=lambda task: task.runnable):
        while batch := list(islice(group, max(1, runnable.declared.batch))):
            yield runnable, batch
