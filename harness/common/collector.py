"""How often a process of ours looks for garbage: reference counts free nearly all, and looking takes a tenth of its time."""

from __future__ import annotations

import gc

_YOUNG, _OLDER = 100_000, 50  # new objects before the young are looked at, and how often that before the older ones


def collect_rarely() -> None:
    """Look for garbage in cycles less often. For processes that are ours alone, not for programs that import the harness."""
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
