"""`harness export`: a run as a Parquet file, for queries over many pages."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path

from harness.common.errors import OK, Impossible
from harness.common.wording import plural
from harness.report.kit.terminal import stdout_console
from harness.report.parquet import write_parquet, write_texts
from harness.runs.find import find_run
from harness.runs.shards import has_plan, shard_files, store_at

_SUFFIX = ".parquet"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "run_name",
        nargs="?",
        default="latest",
        metavar="RUN",
        help="id of a run, its file, latest~N (default: latest), or a run folder, which need not be merged",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=f"the file to write, which ends in {_SUFFIX}"
    )
    parser.add_argument("--texts", type=Path, metavar="FILE", help="also write the texts of the outputs, to this file")


def run(arguments: argparse.Namespace) -> int:
    """Write the file. Exit code 3 if the run is not finished."""
    for file in filter(None, (arguments.output, arguments.texts)):
        if file.suffix != _SUFFIX:
            raise Impossible(f"{file}: only Parquet files are written, which end in {_SUFFIX}")
    with ExitStack() as stack:
        if has_plan(arguments.run_name):
            parts = list(stack.enter_context(shard_files(store_at(arguments.run_name))).values())
        else:
            parts = [find_run(arguments.run_name)]
        told = f"{plural(write_parquet(parts, arguments.output), 'row')} in {arguments.output}"
        if arguments.texts:
            told += f", {plural(write_texts(parts, arguments.texts), 'text')} in {arguments.texts}"
    stdout_console().print(told, soft_wrap=True)
    return OK
