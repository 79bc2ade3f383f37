"""Writes a run in the format asked for, to the place asked for."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from harness.cli.writing import console_for, write_text
from harness.common.errors import Impossible
from harness.common.wording import did_you_mean
from harness.report.run_format import RUN_FORMATS, RunFormat, RunReport
from harness.runs.record import Run


def run_format(name: str) -> RunFormat:
    """The format of this name, or that `FILE.py:NAME` or `MODULE:NAME` stands for. Raises Impossible."""
    if ":" in name:
        return RUN_FORMATS.take(name)
    if name not in RUN_FORMATS:
        raise Impossible(f"unknown format {name!r}{did_you_mean(name, RUN_FORMATS)}; known: {', '.join(RUN_FORMATS)}")
    return RUN_FORMATS[name]


def write_run(run: Run, output_format: RunFormat, arguments: argparse.Namespace, metrics: Sequence[str]) -> None:
    """Write a run as the arguments `output` and `by` say."""
    report = RunReport(run, tuple(metrics), arguments.by)
    if output_format.text:
        write_text(output_format.text(report), arguments.output)
    elif output_format.show:
        with console_for(arguments.output) as console:
            output_format.show(report, console)
