"""`harness survey`: what outputs say of extractors on pages without labels."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from harness.analysis.survey.survey import survey
from harness.cli.commands import run as run_command
from harness.cli.drafts import write_drafts
from harness.cli.options import (
    GOLDENS,
    engine_options,
    extractor_option,
    format_name,
    format_options,
    request_options,
    run_request,
    word,
)
from harness.cli.writing import console_for, write_text
from harness.common.errors import OK, Impossible
from harness.common.options import positive_integer
from harness.common.wording import command_line, plural
from harness.datasets.unlabelled import with_format
from harness.report.kit.terminal import escape_controls, stderr_console
from harness.report.survey import print_survey, survey_as_json, survey_as_markdown
from harness.runs.find import read_run

_NAMED = 3  # drafts in the command that checks them


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    about = "a folder of HTML files, a web archive, or what -g takes; labels are not looked at"
    parser.add_argument("paths", nargs="*", metavar="PAGES", help=about)
    parser.add_argument("--run", metavar="RUN", help="survey a stored run: its id, its file, or latest~N")
    extractor_option(parser, "extractor to run (default: all that are installed)")
    request_options(parser, GOLDENS)
    parser.add_argument(
        "--label",
        type=word(positive_integer),
        metavar="N",
        help="draft goldens for the N pages that are most worth a label, with the votes of extractors as proposals",
    )
    parser.add_argument("--to", type=Path, metavar="DIR", help="where drafts go (default: drafts)")
    format_options(parser)
    engine_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the extractors, or take a stored run, and show what they return and how far they agree.

    The exit code is that of `run`.
    """
    if arguments.to and not arguments.label:
        raise Impossible("--to says where drafts go: add how many, as --label 20")
    name, code, chosen = arguments.run, OK, format_name(arguments)
    request = run_request(arguments)
    if name is not None and (given := [*arguments.paths, *(item.flag for item in request.given(but=("plugins", "dumps")))]):
        raise Impossible(f"--run surveys the pages and extractors of a run: leave out {', '.join(given)}")
    if name is None:
        goldens = tuple(map(with_format, (*arguments.paths, *request.goldens)))
        request = replace(request, goldens=goldens, metrics=("F",))
        finished, code = run_command.execute(request, arguments, stderr_console())
        if finished is None:
            return code
        name = finished.id
    surveyed = read_run(name, texts=False)
    found = survey(surveyed)
    if chosen == "table":
        with console_for(arguments.output) as console:
            print_survey(found, console)
    else:
        write_text(survey_as_json(found) if chosen == "json" else survey_as_markdown(found), arguments.output)
    if arguments.label:
        _tell_drafts(write_drafts(surveyed, found, arguments.label, arguments.to or Path("drafts")))
    return code


def _tell_drafts(written: Sequence[Path]) -> None:
    messages = stderr_console()
    folder = written[0].parent
    where = f"{plural(len(written), 'draft')} written to {folder}, the most disputed first; check each label:"
    messages.print(escape_controls(where), soft_wrap=True)
    messages.print(f"  {command_line('workbench', folder)}", soft_wrap=True)
    messages.print(f"  {command_line('show', '--golden', written[0])}", soft_wrap=True)
    messages.print(f"  {command_line('check', *written[:_NAMED])}{' …' if written[_NAMED:] else ''}", soft_wrap=True)
