"""Processes that work for this one, with the same extensions, and do not outlive it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import Any

from harness.common import extensions
from harness.common.collector import collect_rarely


@contextmanager
def process_pool(jobs: int, begin: Callable[..., None] | None = None, *arguments: Any) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes that start fresh: a fork would share whatever threads and locks the caller has.

    They end with the context, at once where that is left by an exception, and also where this process is killed.
    jobs: processes. begin: is called once in each of them, with these arguments, which are pickled.
    """
    fresh = get_context("spawn")
    watched, held = fresh.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, fresh, _begin, (watched, extensions.sources(), begin, arguments))
    try:
        yield pool
    except BaseException:
        held.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        held.close()
        watched.close()


def end_with(watched: Connection) -> None:
    """Let this process end as soon as the other side of a pipe is closed, or its process has ended, in whatever way."""
    threading.Thread(target=_watch, args=[watched], daemon=True).start()


def _watch(watched: Connection) -> None:
    connection.wait([watched])
    os._exit(1)  # workers see their pipes closed, and end


def _begin(
    watched: Connection,
    sources: tuple[extensions.Source, ...],
    begin: Callable[..., None] | None,
    arguments: tuple[Any, ...],
) -> None:
    end_with(watched)
    collect_rarely()
    os.dup2(2, 1)  # nothing that extensions print here is to stand among the results
    extensions.use(sources)
    if begin is not None:
        begin(*arguments)
