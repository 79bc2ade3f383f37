"""Processes that work for this one, with the same extensions, and do not outlive it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any

from harness.common import extensions
from harness.common.collector import collect_rarely, return_large_blocks
from harness.common.errors import CannotTell


@contextmanager
def process_pool(jobs: int, begin: Callable[..., None] | None = None, *arguments: Any) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes that start fresh: a fork would share whatever threads and locks the caller has.

    They end with the context, at once where that is left by an exception, and also where this process is killed.
    jobs: processes. begin: is called once in each of them, with these arguments, which are pickled. Raises CannotTell in the
    context if one of them was killed.
    """
    _begin_tracker()
    watched, held = SpawnContext().Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, _Fresh(watched), _begin, (extensions.sources(), begin, arguments))
    try:
        yield pool
    except BrokenProcessPool:
        held.close()
        raise CannotTell(
            "a process of this command was killed, perhaps since memory ran out; run fewer jobs at once"
        ) from None
    except BaseException:
        held.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        held.close()
        watched.close()


def _begin_tracker() -> None:
    """Start the process that cleans up after multiprocessing; where a signal ends this one, it has no need to say so."""
    before = [*sys.warnoptions]
    sys.warnoptions.append("ignore::UserWarning:multiprocessing.resource_tracker")  # which it is started with
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions[:] = before


class _Process(SpawnProcess):
    """A process that does not execute the program of its parent again, so that scripts need no guard against that."""

    watched: Connection

    def __getstate__(self) -> dict[str, Any]:
        """What the new process reads, in this order: it ends with its parent while it imports all that the rest needs."""
        state = dict(vars(self))
        return {"watched": _EndsWith(state.pop("watched")), **state}

    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        # Ctrl-C reaches the new process as well, and would end it with a traceback while it begins.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return SpawnProcess._Popen(process_obj)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            sys.modules["__main__"] = main


class _Fresh(SpawnContext):
    """Starts processes that end as soon as the other side of a pipe is closed."""

    def __init__(self, watched: Connection) -> None:
        self._watched = watched

    def Process(self, *arguments: Any, **named: Any) -> _Process:  # type: ignore[override]
        """A process that is not started yet."""
        process = _Process(*arguments, **named)
        process.watched = self._watched
        return process


class _EndsWith:
    """Where it is unpickled, `end_with` is called."""

    def __init__(self, watched: Connection) -> None:
        self._watched = watched

    def __reduce__(self) -> tuple[Any, ...]:
        return end_with, (self._watched,)


def end_with(watched: Connection) -> None:
    """Let this process end as soon as the other side of a pipe is closed, or its process has ended, in whatever way."""
    threading.Thread(target=_watch, args=[watched], daemon=True).start()


def _watch(watched: Connection) -> None:
    connection.wait([watched])
    os._exit(1)  # workers see their pipes closed, and end


def _begin(
    sources: tuple[extensions.Source, ...],
    begin: Callable[..., None] | None,
    arguments: tuple[Any, ...],
) -> None:
    signal.signal(signal.SIGINT, lambda *_: None)  # the other side hears it, too, and ends this process
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    collect_rarely()
    return_large_blocks()
    os.dup2(2, 1)  # nothing that extensions print here is to stand among the results
    extensions.use(sources)
    if begin is not None:
        begin(*arguments)
