"""Ends work of this process that takes too long or too much memory."""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.1  # seconds until the timer rings again, for work that has caught what it was to end by


_ADDRESS_SPACE = "/proc/self/statm"  # in pages, as the first of its numbers


class TookTooLong(BaseException):
    """The time is over. Not an Exception, so that the work that it ends does not take it for one of its own."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in what runs meanwhile once the time is over.

    Works in the main thread, by a timer of the process, which is put back afterwards; elsewhere nothing is stopped. Code in
    another language is stopped when it comes back to Python.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        raise TookTooLong(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, end)
    remaining, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, remaining, interval)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def bounds(seconds: float, memory: int) -> Iterator[None]:
    """Raise TookTooLong in what runs meanwhile once the time is over, and MemoryError where it asks for too much memory.

    memory: bytes of address space beyond what this process has now, for all its threads; on Linux only. `deadline` has the
    limits of the time.
    """
    before = soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = _address_space()
    limit = soft if used is None else used + memory
    if soft == resource.RLIM_INFINITY or limit < soft:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        with deadline(seconds):
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _address_space() -> int | None:
    """Bytes that this process has of it; None where the system does not tell."""
    try:
        file = os.open(_ADDRESS_SPACE, os.O_RDONLY)
    except OSError:
        return None
    try:
        return int(os.read(file, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(file)
