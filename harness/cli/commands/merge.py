"""`harness merge`: one run of the shards that `harness run --shard` made."""

from __future__ import annotations

import argparse

from harness.common.errors import OK
from harness.common.wording import command_line, plural
from harness.evaluation.merge import merge
from harness.report.kit.terminal import stdout_console
from harness.runs.file import read_run


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("run_names", nargs="+", metavar="RUN", help="id of a run, its file, or latest~N")


def run(arguments: argparse.Namespace) -> int:
    """Write the merged run. Exit code 3 if the runs are no whole set of shards, or do not fit together."""
    runs = {name: read_run(name) for name in arguments.run_names}
    merged = merge(runs)
    results = f"{plural(len(merged.records), 'result')} of {plural(len(runs), 'run')}"
    stdout_console().print(f"run {merged.id} has {results}: {command_line('show', merged.id)}", soft_wrap=True)
    return OK
