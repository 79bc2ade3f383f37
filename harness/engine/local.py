"""Runs extractors over pages in worker processes on this machine."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.engine.base import DEFAULT_MEMORY, DEFAULT_TIMEOUT, Answered, Event, Task
from harness.engine.seat import CannotLoad, Seat
from harness.plugins.runnable import Runnable

CHUNK = 64  # pages that one worker takes at a time


@dataclass(frozen=True)
class LocalEngine:
    """The engine of this machine: some workers at a time, each with a thread that waits for it."""

    jobs: int = 1
    """Worker processes at a time."""
    timeout: float = DEFAULT_TIMEOUT
    """Seconds for one page."""
    memory: int = DEFAULT_MEMORY
    """Bytes of address space of one worker, 0 for no limit."""

    def run(self, tasks: Sequence[Task]) -> Iterator[Event]:
        """Exactly one `Answered` for each task, as the answers come: see `Engine`. With one job, extractor by extractor."""
        chunks = _chunks(tasks)
        events: queue.Queue[Event | BaseException] = queue.Queue(maxsize=256)
        stopped = threading.Event()
        seats: list[Seat] = []  # of all threads, those that are closed, too
        lock = threading.Lock()

        def next_chunk(of: Runnable | None = None) -> Sequence[Task]:
            """A chunk of this extractor, or of any; none is left if it is empty."""
            with lock:
                if stopped.is_set():
                    return ()
                fitting = (index for index, chunk in enumerate(chunks) if of is None or chunk[0].runnable is of)
                index = next(fitting, None)
                return () if index is None else chunks.pop(index)

        def work() -> None:
            try:
                while chunk := next_chunk():
                    with Seat(chunk[0].runnable, timeout=self.timeout, memory=self.memory) as seat:
                        seats.append(seat)
                        while chunk:
                            for task in chunk:
                                if stopped.is_set():
                                    return
                                _answer(seat, task, events.put)
                            chunk = next_chunk(of=seat.runnable)
            except BaseException as error:  # handed to the caller, who raises it
                events.put(error)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(max(1, min(self.jobs, len(chunks))))]
        for thread in threads:
            thread.start()
        try:
            remaining = len(tasks)
            while remaining:
                event = events.get()
                if isinstance(event, BaseException):
                    raise event
                remaining -= isinstance(event, Answered)
                yield event
        finally:
            stopped.set()
            while any(thread.is_alive() for thread in threads):
                for seat in seats:
                    seat.kill()
                with contextlib.suppress(queue.Empty):
                    events.get(timeout=0.05)  # make room, so that no thread hangs in a full queue


def _chunks(tasks: Sequence[Task]) -> list[Sequence[Task]]:
    """The tasks in pieces of one extractor each, extractor by extractor in the order in which they first occur."""
    by_runnable: dict[Runnable, list[Task]] = {}
    for task in tasks:
        by_runnable.setdefault(task.runnable, []).append(task)
    return [group[start : start + CHUNK] for group in by_runnable.values() for start in range(0, len(group), CHUNK)]


def _answer(seat: Seat, task: Task, tell: Callable[[Event], None]) -> None:
    """Ask a seat for a task's page, and report the answer; before the first answer, report that the extractor was loaded."""
    try:
        if seat.loaded is None:
            tell(seat.load())
        answer = seat.ask(task.page)
    except CannotLoad as error:
        answer = error.answer
    tell(Answered(task.runnable, task.key, answer))
