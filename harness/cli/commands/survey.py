"""`harness survey`: what outputs say of extractors on pages without labels."""

from __future__ import annotations

import argparse
from dataclasses import replace

from harness.analysis.survey.survey import survey
from harness.cli.commands import run as run_command
from harness.cli.options import (
    GOLDENS,
    engine_options,
    extractor_option,
    format_name,
    format_options,
    request_options,
    run_request,
)
from harness.cli.writing import console_for, write_text
from harness.common.errors import OK
from harness.datasets.unlabelled import with_format
from harness.report.kit.terminal import stderr_console
from harness.report.survey import print_survey, survey_as_json, survey_as_markdown
from harness.runs.file import read_run


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    about = "a folder of HTML files, a web archive, or what -g takes; labels are not looked at"
    parser.add_argument("paths", nargs="*", metavar="PAGES", help=about)
    parser.add_argument("--run", metavar="RUN", help="survey a stored run: its id, its file, or latest~N")
    extractor_option(parser, "extractor to run (default: all that are installed)")
    request_options(parser, GOLDENS)
    format_options(parser)
    engine_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the extractors, or take a stored run, and show what they return and how far they agree.

    The exit code is that of `run`.
    """
    name, code = arguments.run, OK
    if name is None:
        request = run_request(arguments)
        goldens = tuple(map(with_format, (*arguments.paths, *request.goldens)))
        request = replace(request, goldens=goldens, metrics=("F",))
        finished, code = run_command.execute(request, arguments, stderr_console())
        if finished is None:
            return code
        name = finished.id
    found = survey(read_run(name, texts=False))
    chosen = format_name(arguments)
    if chosen == "table":
        with console_for(arguments.output) as console:
            print_survey(found, console)
    else:
        write_text(survey_as_json(found) if chosen == "json" else survey_as_markdown(found), arguments.output)
    return code
