"""Several processes that do the same work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from harness.common import extensions


@contextmanager
def process_pool(jobs: int, initializer: Callable[..., object] | None = None, *arguments: Any) -> Iterator[Executor]:
    """A pool of processes that use the same extensions as this one.

    jobs: processes, at least 1. initializer: what each of them calls first, with these arguments.

    At the end, and after an exception, work that has not begun is cancelled, and what has begun is waited for. A pool that
    is left without waiting closes its pipes in a thread, and `concurrent.futures` may write to them when the interpreter
    exits: OSError, "Bad file descriptor". Waiting later does not help, since `shutdown(wait=False)` forgets that thread.
    """
    begin = extensions.sources(), initializer, arguments
    # Processes start fresh: a fork would share whatever threads and locks the caller has.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, begin)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(
    sources: tuple[extensions.Source, ...], initializer: Callable[..., object] | None, arguments: tuple[Any, ...]
) -> None:
    extensions.use(sources)
    if initializer is not None:
        initializer(*arguments)
