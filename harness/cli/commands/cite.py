"""`harness cite`: what a publication of a run's results is to cite."""

from __future__ import annotations

import argparse

from harness.analysis.citations import citations_of
from harness.cli.options import format_name, format_options, run_argument
from harness.cli.writing import console_for, write_text
from harness.common.errors import OK
from harness.report.kit.terminal import stderr_console
from harness.report.listing import Listing, listing_csv, listing_json, print_listing
from harness.runs.find import read_run

_FORMATS = ("table", "json", "csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    run_argument(parser)
    format_options(parser, _FORMATS)


def run(arguments: argparse.Namespace) -> int:
    """Write the citations."""
    found = citations_of(read_run(arguments.run_name, texts=False))
    rows = [{"text": one.text, "licence": one.licence or None, "cited_for": list(one.cited_for)} for one in found.known]
    notes = [f"nothing to cite is known of {', '.join(found.unknown)}"] if found.unknown else []
    listing = Listing({"text": "cite", "licence": "licence", "cited_for": "for"}, rows, notes)
    form = format_name(arguments, _FORMATS)
    if form == "table":
        with console_for(arguments.output) as console:
            print_listing(listing, console)
        return OK
    write_text(listing_json(listing) if form == "json" else listing_csv(listing), arguments.output)
    for note in notes:
        stderr_console().print(note, soft_wrap=True)
    return OK
