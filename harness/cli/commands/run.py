"""`harness run`: extractors over goldens, scored, stored, shown."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from harness.cli.in_shards import execute_in_shards, is_in_shards, shard_options
from harness.cli.listen import announcer, listen
from harness.cli.metrics import shown_metrics
from harness.cli.options import (
    GOLDENS,
    by_option,
    engine_options,
    extractor_option,
    request_options,
    run_format_options,
    run_request,
)
from harness.cli.output import run_format, write_run
from harness.common.errors import WORSE, CannotTell, Impossible
from harness.common.places import in_project
from harness.common.wording import command_line
from harness.evaluation import run as evaluation
from harness.report.kit.terminal import escape_controls, stderr_console
from harness.runs.file import RUNS, read_run_file
from harness.runs.find import find_run, latest_unfinished
from harness.runs.header import RunHeader
from harness.runs.record import Run
from harness.runs.request import RunRequest
from harness.runs.summary import failures, retries


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    extractor_option(
        parser,
        "extractor to run: NAME, NAME/VARIANT, NAME@RELEASE, module:function, FILE.py:function, cmd:COMMAND, "
        "union:A+B, vote:A+B+C, or `all`",
    )
    request_options(parser, GOLDENS)
    request_options(parser, ["metrics", "policy", "keep_texts"])
    by_option(parser)
    run_format_options(parser)
    engine_options(parser)
    shard_options(parser)
    parser.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help="finish an interrupted run (default: the latest unfinished one)",
    )
    parser.add_argument(
        "--locked", metavar="RUN", help="make a run again, with the same versions of all packages of its extractors"
    )
    parser.add_argument("--fail-on-errors", action="store_true", help="exit with 1 if an extractor failed on any page")


def run(arguments: argparse.Namespace) -> int:
    """Run, score, show.

    Exit code 3 if a golden was broken or an extractor asked for by name could not run, 1 with `--fail-on-errors` if an
    extractor failed on a page, or crashed and was asked once more.
    """
    messages = stderr_console()
    output_format = run_format(arguments)
    request = run_request(arguments)
    if is_in_shards(arguments):
        finished, code = execute_in_shards(request, arguments, messages)
    else:
        finished, code = execute(request, arguments, messages, resume=arguments.resume, locked=arguments.locked)
    if finished is not None:
        failed = failures(finished.records)
        try:
            write_run(finished, output_format, arguments, shown_metrics(finished, arguments.metric))
        finally:  # wherever the report could not be written
            for name, reason in failed.items():
                messages.print(escape_controls(f"{name} failed on {reason}"), style="yellow", soft_wrap=True)
            stored = f"run {finished.id} is stored: {command_line('show', finished.id)}"
            messages.print(stored, style="dim", soft_wrap=True)
        if (failed or retries(finished.records)) and arguments.fail_on_errors:
            return WORSE
    return code


def execute(
    request: RunRequest,
    arguments: argparse.Namespace,
    messages: Console,
    *,
    resume: str | None = None,
    locked: str | None = None,
    stored: bool = True,
) -> tuple[Run | None, int]:
    """Run and score what a request asks for, or what the run to be resumed, or to be made again, was asked for.

    Returns the finished run, None if it was interrupted, and the exit code. resume: the run to be finished, empty for the
    latest unfinished one. locked: the run to be made again. stored: whether the run is kept; one that is not has the texts
    of its outputs.
    """
    resumed: Path | None = None
    again: RunHeader | None = None
    given = [item.flag for item in request.given(but=("metrics",))]
    if resume is not None:
        if given or locked:
            options = ", ".join([*given, *["--locked"] * bool(locked)])
            raise Impossible(f"--resume goes on with what the run was begun with: leave out {options}")
        resumed = find_run(resume) if resume else latest_unfinished()
        request = _header_of(resumed).request
    elif locked:
        if given:
            raise Impossible(f"--locked takes what the run was made with: leave out {', '.join(given)}")
        again = _header_of(find_run(locked))
        asked = any(item.name == "metrics" for item in request.given())
        request = again.request.with_metrics(request.metrics if asked else ())
    events = evaluation.run(
        request,
        jobs=arguments.jobs,
        fresh=arguments.fresh,
        folder=in_project(RUNS) if stored else None,
        resumed=resumed,
        again=again,
        announce=announcer(messages),
    )
    return listen(events, request, messages, stored=stored)


def _header_of(path: Path) -> RunHeader:
    """The header of the run to be resumed or made again. Raises CannotTell if it does not say the whole request."""
    header = read_run_file(path, texts=False).header
    if not header.states_choice or header.request.predictions:
        raise CannotTell(f"{path}: its header does not have the run's arguments; start a new run")
    return header
