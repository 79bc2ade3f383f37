"""`harness history`: releases of one extractor over the same goldens."""

from __future__ import annotations

import argparse
from dataclasses import replace

from harness.analysis.history import history
from harness.cli.commands import run as run_command
from harness.cli.options import GOLDENS, engine_options, request_options, run_request, word
from harness.common.errors import CannotTell
from harness.common.options import positive_integer
from harness.common.wording import command_line
from harness.plugins.registry import Registry
from harness.plugins.releases import releases
from harness.report.history import print_history
from harness.report.kit.terminal import stderr_console, stdout_console
from harness.report.leaderboard import TRACKS
from harness.runs.summary import metrics_with_values, ranking_metric


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("name", metavar="NAME", help="extractor whose releases to run: NAME or NAME/VARIANT")
    parser.add_argument("releases", nargs="*", metavar="RELEASE", help="releases, oldest first (default: the last ones)")
    parser.add_argument(
        "--last", type=word(positive_integer), default=5, metavar="N", help="how many of the last releases (default: 5)"
    )
    request_options(parser, GOLDENS)
    engine_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the releases asked for, oldest first, and show how they differ. Exit codes as for `run`."""
    messages = stderr_console()
    releases_wanted = arguments.releases or _last(arguments.name.partition("/")[0], arguments)
    names = [f"{arguments.name}@{release}" for release in releases_wanted]
    request = replace(run_request(arguments), extractors=tuple(names))
    finished, code = run_command.execute(request, arguments, messages)
    if finished is None:
        return code
    if not finished.records:
        raise CannotTell(f"no release of {arguments.name} could run")
    for media, title in TRACKS.items():
        if track := [record for record in finished.records if record.media == media]:
            metric = ranking_metric(metrics_with_values(track[0].scores))
            print_history(history(track, names), title, metric, stdout_console())
    messages.print(f"\nrun {finished.id}: {command_line('show', finished.id)}", style="dim", soft_wrap=True)
    return code


def _last(name: str, arguments: argparse.Namespace) -> list[str]:
    """The last releases that the package index lists."""
    (selection,) = Registry(arguments.plugins).select([name])
    return releases(selection.plugin)[-arguments.last :]
