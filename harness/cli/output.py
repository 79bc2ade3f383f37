"""Writes a run in the format asked for, to the place asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from harness.cli.options import format_name
from harness.cli.writing import console_for, write_text
from harness.common.errors import CannotTell, Impossible
from harness.common.extensions import error_line, prints_to_stderr
from harness.common.wording import command_line, did_you_mean
from harness.report.run_format import RUN_FORMATS, RunFormat, RunReport
from harness.runs.record import Run


def run_format(arguments: argparse.Namespace) -> RunFormat:
    """The format that is asked for by its name, as `FILE.py:NAME` or `MODULE:NAME`, or by the ending of the output file.

    Raises Impossible.
    """
    name = format_name(arguments, RUN_FORMATS)
    if ":" in name:
        return RUN_FORMATS.take(name)
    if name not in RUN_FORMATS:
        raise Impossible(f"unknown format {name!r}{did_you_mean(name, RUN_FORMATS)}; known: {', '.join(RUN_FORMATS)}")
    return RUN_FORMATS[name]


def write_run(run: Run, output_format: RunFormat, arguments: argparse.Namespace, metrics: Sequence[str]) -> None:
    """Write a run as the arguments `output` and `by` say."""
    asked = bool(arguments.metric or run.header.request.metrics)
    report = RunReport(run, tuple(metrics), arguments.by, asked, arguments.explain)
    if output_format.text:
        write_text(_text_of(output_format.text, output_format, report), arguments.output)
    elif output_format.show:
        with console_for(arguments.output) as console:
            output_format.show(report, console)


def _text_of(text: Callable[[RunReport], str], output_format: RunFormat, report: RunReport) -> str:
    """What a format makes of a report. Raises CannotTell if a format that is not ours fails."""
    if RUN_FORMATS.is_built_in(output_format.name):
        return text(report)
    try:
        with prints_to_stderr():
            made = text(report)
        reason = "" if isinstance(made, str) else f"it returned {type(made).__name__}, not str"
    except (Exception, SystemExit) as error:
        reason = error_line(error)
    if reason:
        where = f"report format {output_format.name!r} ({RUN_FORMATS.origin(output_format.name)})"
        raise CannotTell(f"{where} failed: {reason}; the run is stored: {command_line('show', report.run.id)}")
    return made
