"""`harness score`: outputs that were made elsewhere, scored and stored as a run like any other."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from harness.cli.listen import listen
from harness.cli.metrics import shown_metrics
from harness.cli.options import GOLDENS, by_option, jobs_option, request_options, run_format_options, run_request
from harness.cli.output import run_format, write_run
from harness.common.wording import command_line
from harness.evaluation.score import score
from harness.report.kit.terminal import stderr_console
from harness.runs.record import Run
from harness.runs.request import RunRequest


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "predictions",
        nargs="+",
        type=Path,
        metavar="PREDICTIONS",
        help="JSON or JSONL as AEB, WCXB, WCEB or WebMainBench publish it, or a folder of text files",
    )
    request_options(parser, GOLDENS)
    request_options(parser, ["metrics"])
    by_option(parser)
    run_format_options(parser)
    jobs_option(parser)
    request_options(parser, ["plugins", "dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Score, store, show. Exit code 3 if a page has no output, or a golden is broken."""
    messages = stderr_console()
    output_format = run_format(arguments)
    finished, code = execute(score_request(arguments), arguments.jobs, messages)
    if finished is not None:
        try:
            write_run(finished, output_format, arguments, shown_metrics(finished, arguments.metric))
        finally:  # wherever the report could not be written
            stored = f"run {finished.id} is stored: {command_line('show', finished.id)}"
            messages.print(stored, style="dim", soft_wrap=True)
    return code


def score_request(arguments: argparse.Namespace) -> RunRequest:
    """What the words of the command line ask for."""
    return replace(run_request(arguments), predictions=tuple(arguments.predictions))


def execute(request: RunRequest, jobs: int, messages: Console) -> tuple[Run | None, int]:
    """Score the predictions of a request: the finished run, None if it was interrupted, and the exit code."""
    return listen(score(request, jobs=jobs), request, messages)
