"""Runs extractors over pages in worker processes on this machine."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.engine.answer import Answer
from harness.engine.process import WorkerGone, WorkerProcess
from harness.pages.page import Page
from harness.plugins.runnable import Runnable

DEFAULT_TIMEOUT = 30.0
DEFAULT_MEMORY = 2 * 1024**3
START_TIMEOUT = 120.0
CHUNK = 64  # pages that one worker takes at a time
RECYCLE = 1000  # pages after which a worker is replaced, since libraries leak


@dataclass(frozen=True)
class Loaded:
    """An extractor was loaded, in this version, by this runtime, such as `Python 3.11.7`."""

    runnable: Runnable
    version: str | None
    runtime: str = ""


@dataclass(frozen=True)
class Result:
    """One extractor's answer to the page with this key."""

    runnable: Runnable
    key: Hashable
    answer: Answer


def run(
    tasks: Sequence[tuple[Runnable, Sequence[tuple[Hashable, Page]]]],
    *,
    jobs: int,
    timeout: float = DEFAULT_TIMEOUT,
    memory: int = DEFAULT_MEMORY,
) -> Iterator[Loaded | Result]:
    """Every extractor's answers to its pages, as they come: exactly one for each pair.

    tasks: each extractor with its (key, page) pairs. jobs: number of worker processes. timeout: seconds for one page.
    memory: bytes for one worker. Closing the iterator kills the workers.
    """
    chunks = [(runnable, pages[start : start + CHUNK]) for runnable, pages in tasks for start in range(0, len(pages), CHUNK)]
    events: queue.Queue[Loaded | Result | BaseException] = queue.Queue(maxsize=256)
    stopped = threading.Event()
    desks: list[Desk] = []
    lock = threading.Lock()

    def next_chunk(current: Runnable | None) -> tuple[Runnable, Sequence[tuple[Hashable, Page]]] | None:
        with lock:
            if not chunks or stopped.is_set():
                return None
            same = (index for index, (runnable, _) in enumerate(chunks) if runnable is current)
            return chunks.pop(next(same, 0))

    def work() -> None:
        try:
            desk = Desk(timeout, memory, events.put)
            desks.append(desk)
            try:
                while chunk := next_chunk(desk.runnable):
                    for key, page in chunk[1]:
                        if stopped.is_set():
                            return
                        events.put(Result(chunk[0], key, desk.ask(chunk[0], page)))
            finally:
                desk.close()
        except BaseException as error:  # handed to the caller, who raises it
            events.put(error)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(max(1, min(jobs, len(chunks))))]
    for thread in threads:
        thread.start()
    try:
        remaining = sum(len(pages) for _, pages in tasks)
        while remaining:
            event = events.get()
            if isinstance(event, BaseException):
                raise event
            remaining -= isinstance(event, Result)
            yield event
    finally:
        stopped.set()
        while any(thread.is_alive() for thread in threads):
            for desk in desks:
                desk.kill()
            with contextlib.suppress(queue.Empty):
                events.get(timeout=0.05)  # make room, so that no thread hangs in a full queue


class Desk:
    """One thread's worker process: kept from page to page, replaced when it is gone or another extractor is due."""

    def __init__(self, timeout: float, memory: int, announce: Callable[[Loaded], None]) -> None:
        self._timeout, self._memory, self._announce = timeout, memory, announce
        self._worker: WorkerProcess | None = None
        self._broken: Answer | None = None  # why the extractor cannot be loaded
        self._asked = 0  # pages that the worker was given
        self.runnable: Runnable | None = None

    def ask(self, runnable: Runnable, page: Page) -> Answer:
        """The answer of an extractor to a page, by a worker that is started if there is none for it."""
        if runnable is not self.runnable:
            self.close()
            self.runnable, self._broken = runnable, None
        if self._broken:
            return self._broken
        if self._asked >= RECYCLE:
            self.close()
        if self._worker is None:
            self._asked = 0
            self._worker = WorkerProcess(runnable)
            try:
                version, runtime = self._worker.load(memory=self._memory, timeout=START_TIMEOUT)
            except WorkerGone as error:
                self.close()
                self._broken = error.answer
                return error.answer
            self._announce(Loaded(runnable, version, runtime))
        try:
            answer = self._worker.ask(page, self._timeout)
            self._asked += 1
            return replace(answer, first=self._asked == 1)
        except WorkerGone as error:
            self.close()
            return error.answer

    def kill(self) -> None:
        """End the worker at once, from whatever thread."""
        worker = self._worker
        if worker is not None:
            worker.kill()

    def close(self) -> None:
        """End the worker, if there is one."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
