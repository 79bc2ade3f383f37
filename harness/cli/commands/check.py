"""`harness check`: validates goldens, scores each with its own main content, and reports every mistake at once."""

from __future__ import annotations

import argparse

from harness.cli.options import request_options
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.common.wording import plural
from harness.evaluation.self_test import self_test
from harness.goldens.reader import Mistake
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.report.kit.terminal import escape_controls, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="folders, sets or files (default: all sets)")
    request_options(parser, ["dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Check the goldens named. Exit code 1 on mistakes, 3 where there was nothing to check."""
    files = find_goldens(arguments.paths)
    loaded = load_goldens(files, dumps_from(arguments.dumps))
    path_of = {file.id: file.path for file in reversed(files)}
    failed = [Mistake(path_of[g.id], 0, g.id, reason) for g in loaded.goldens for reason in self_test(g)]
    console = stdout_console()
    for mistake in [*loaded.mistakes, *failed]:
        console.print(escape_controls(str(mistake)), soft_wrap=True, style="red")
    for golden in loaded.goldens:
        if declared := golden.page.wrong_encoding:
            warning = (
                f"{path_of[golden.id]}: {golden.id}: the page is UTF-8 and declares {declared}: extractors that read bytes"
            )
            console.print(
                escape_controls(f"{warning} see other characters; correct its <meta>"), soft_wrap=True, style="yellow"
            )
    for missing in loaded.skipped:
        console.print(f"{missing.golden_id}: not checked, page not found (supply it with --dumps DIR)", style="yellow")
    wrong = len({mistake.path for mistake in [*loaded.mistakes, *failed]})
    right = len(loaded.goldens) - len({mistake.label for mistake in failed})
    console.print(f"{plural(len(files), 'golden')}: {right} right, {wrong} with mistakes, {len(loaded.skipped)} not checked")
    if wrong:
        return WORSE
    return OK if loaded.goldens else CANNOT_TELL
