"""`harness merge`: one run of the shards that `harness run --shard` made."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path

from harness.cli.listen import tell_not_loaded
from harness.common.errors import CANNOT_TELL, OK
from harness.common.wording import command_line, plural
from harness.evaluation.merge import merge
from harness.report.kit.terminal import stderr_console, stdout_console
from harness.runs.find import find_run
from harness.runs.shards import has_plan, shard_files, store_at


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "run_names",
        nargs="+",
        metavar="RUN",
        help="id of a run, its file, or latest~N; or a run folder, for all of its shards",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the merged run.

    Exit code 3 if the runs are no whole set of shards, or do not fit together, or an extractor could not be loaded.
    """
    with ExitStack() as stack:
        shards: dict[str, Path] = {}
        for name in arguments.run_names:
            if has_plan(name):
                shards |= stack.enter_context(shard_files(store_at(name)))
            else:
                shards[name] = find_run(name)
        merged = merge(shards)
    results = f"{plural(merged.results, 'result')} of {plural(len(shards), 'run')}"
    stdout_console().print(f"run {merged.id} has {results}: {command_line('show', merged.id)}", soft_wrap=True)
    for name, reason in merged.not_loaded.items():
        tell_not_loaded(name, reason, stderr_console())
    return CANNOT_TELL if merged.not_loaded else OK
