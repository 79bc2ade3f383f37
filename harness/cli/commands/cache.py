"""`harness cache`: the outputs and scores that are known from earlier runs."""

from __future__ import annotations

import argparse

from harness.common.errors import OK
from harness.engine.cache import cache_state, clear_cache
from harness.report.kit.terminal import escape_controls, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--clear", action="store_true", help="forget all outputs and scores")


def run(arguments: argparse.Namespace) -> int:
    """Say where the cache is and what it takes, or empty it."""
    if arguments.clear:
        clear_cache()
    state = cache_state()
    outputs = f"{state.entries:,} output{'s' if state.entries != 1 else ''}"
    beside = f", with {state.results:,} scores and hashes of goldens" if state.results else ""
    stdout_console().print(f"{escape_controls(str(state.path))}: {outputs}, {_size(state.bytes)}{beside}", soft_wrap=True)
    return OK


def _size(size: int) -> str:
    return f"{size / 1024**2:.1f} MiB" if size >= 1024**2 else f"{size / 1024:.1f} KiB"
