"""Threads of libraries: numpy starts one for each core, and what we compute is too small to gain from them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")  # which numpy's library reads once, when it is loaded


@contextmanager
def one_thread() -> Iterator[None]:
    """Load numpy inside, and it computes in one thread, unless the user has chosen a number: threads that wait for each
    other take several times the time on a machine that does other work, too.

    The variables are only set meanwhile, since extractors get those of this process.
    """
    if any(name in os.environ for name in _VARIABLES):
        yield
        return
    os.environ[_VARIABLES[0]] = "1"
    try:
        yield
    finally:
        del os.environ[_VARIABLES[0]]
