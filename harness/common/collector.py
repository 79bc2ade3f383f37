"""How a process of ours treats memory: how often it looks for garbage, and what it gives back to the system."""

from __future__ import annotations

import gc
from contextlib import suppress

_M_MMAP_THRESHOLD, _LARGE = -3, 1 << 18  # of malloc.h, and bytes
_YOUNG, _OLDER = 100_000, 50  # new objects before the young are looked at, and how often that before the older ones


def collect_rarely() -> None:
    """Look for garbage in cycles less often: reference counts free nearly all, and looking takes a tenth of the time.

    For processes that are ours alone, not for programs that import the harness.
    """
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)


def return_large_blocks() -> None:
    """Give large blocks back to the system as soon as they are free: those of a page of some MB otherwise leave holes that
    no later page fits into. Where the C library is glibc; for processes that are ours alone, as above.
    """
    import ctypes  # takes as long to import as all of the command line

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
