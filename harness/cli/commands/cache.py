"""`harness cache`: what is kept from run to run: outputs with their scores, and the environments of extractors."""

from __future__ import annotations

import argparse

from harness.common.errors import OK
from harness.engine.cache import cache_state, clear_cache
from harness.plugins.environments import clear_environments, environments_state
from harness.report.kit.terminal import escape_controls, stdout_console

_OUTPUTS, _ENVIRONMENTS = "outputs", "environments"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--clear",
        nargs="?",
        const=_OUTPUTS,
        choices=(_OUTPUTS, _ENVIRONMENTS, "all"),
        help="forget all outputs and scores, remove all environments, or both (default: outputs)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Say where the caches are and what they take, or empty them."""
    if arguments.clear in (_OUTPUTS, "all"):
        clear_cache()
    if arguments.clear in (_ENVIRONMENTS, "all"):
        clear_environments()
    outputs, environments = cache_state(), environments_state()
    beside = f"; scores and hashes of goldens: {outputs.results:,}" if outputs.results else ""
    for path, number, size in (
        (outputs.path, _counted(outputs.entries, "output"), f"{_size(outputs.bytes)}{beside}"),
        (environments.path, _counted(environments.number, "environment"), _size(environments.bytes)),
    ):
        stdout_console().print(f"{escape_controls(str(path))}: {number}, {size}", soft_wrap=True)
    return OK


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def _size(size: int) -> str:
    return f"{size / 1024**2:.1f} MiB" if size >= 1024**2 else f"{size / 1024:.1f} KiB"
