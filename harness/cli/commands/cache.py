"""`harness cache`: the outputs that are known from earlier runs."""

from __future__ import annotations

import argparse

from harness.common.errors import OK, CannotTell
from harness.engine.cache import CacheError, cache_state, clear_cache
from harness.report.kit.terminal import harmless, stdout_console


def run(arguments: argparse.Namespace) -> int:
    """Say where the cache is and what it takes, or empty it."""
    try:
        if arguments.clear:
            clear_cache()
        state = cache_state()
    except CacheError as error:
        raise CannotTell(str(error)) from None
    outputs = f"{state.entries:,} output{'s' if state.entries != 1 else ''}"
    stdout_console().print(f"{harmless(str(state.path))}: {outputs}, {_size(state.bytes)}", soft_wrap=True)
    return OK


def _size(size: int) -> str:
    return f"{size / 1024**2:.1f} MiB" if size >= 1024**2 else f"{size / 1024:.1f} KiB"
