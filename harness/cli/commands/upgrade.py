"""`harness upgrade`: rewrites files of an earlier format."""

from __future__ import annotations

import argparse

from harness.cli.help import described
from harness.common.errors import OK, WORSE
from harness.common.wording import plural
from harness.goldens.sets import find_goldens
from harness.goldens.upgrade import NotUpgraded, upgrade
from harness.report.kit.terminal import escape_controls, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    about = "rewrite goldens in the newest format, comments and all else as they are"
    goldens = kinds.add_parser("goldens", help=about, **described(about))
    goldens.add_argument("paths", nargs="*", metavar="PATH", help="folders, sets or files (default: all sets)")


def run(arguments: argparse.Namespace) -> int:
    """Rewrite the goldens named. Exit code 1 if one cannot be."""
    files = find_goldens(arguments.paths)
    rewritten, failed = 0, 0
    console = stdout_console()
    for file in files:
        try:
            rewritten += upgrade(file.path)
        except NotUpgraded as error:
            failed += 1
            console.print(escape_controls(f"{file.path}: {error}"), soft_wrap=True, style="red")
    console.print(
        f"{plural(len(files), 'golden')}: {rewritten} rewritten, {len(files) - rewritten - failed} already in the newest "
        f"format, {failed} left as they are",
        soft_wrap=True,
    )
    return WORSE if failed else OK
