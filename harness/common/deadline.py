"""Ends work of this process that takes too long."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN = 0.1  # seconds until the timer rings again, for work that has caught what it was to end by


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
