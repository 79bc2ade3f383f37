"""`harness check`: validates goldens, scores each with its own main content, and reports every mistake at once."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from harness.cli.options import request_options
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.common.wording import plural
from harness.datasets.entries import dataset_of, find_entries, load_each
from harness.evaluation.self_test import self_test
from harness.goldens.reader import Dumps, Mistake
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.goldens.vocabulary import FLAGS
from harness.report.kit.terminal import escape_controls, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    about = "folders, sets or files, or FORMAT:PATH for a public dataset (default: all sets)"
    parser.add_argument("paths", nargs="*", metavar="PATH", help=about)
    request_options(parser, ["dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Check the goldens named. Exit code 1 on mistakes, 3 where there was nothing to check."""
    datasets = [name for name in arguments.paths if dataset_of(name)]
    own = [name for name in arguments.paths if name not in datasets]
    files = find_goldens(own) if own or not datasets else []
    loaded = load_goldens(files, dumps_from(arguments.dumps))
    path_of = {file.id: file.path for file in reversed(files)}
    failed = [Mistake(path_of[g.id], 0, g.id, reason) for g in loaded.goldens for reason in self_test(g)]
    console = stdout_console()
    for mistake in [*loaded.mistakes, *failed]:
        console.print(escape_controls(str(mistake)), soft_wrap=True, style="red")
    for golden in loaded.goldens:
        for flag in golden.page.flags:
            console.print(escape_controls(f"{golden.id}: {flag}: {FLAGS[flag]}"), soft_wrap=True, style="yellow")
    for missing in loaded.skipped:
        text = f"{missing.golden_id}: not checked, page not found (supply it with --dumps DIR)"
        console.print(text, style="yellow", soft_wrap=True)
    right = len(loaded.goldens) - len({mistake.label for mistake in failed})
    wrong = len({mistake.path for mistake in [*loaded.mistakes, *failed]})
    readable, unreadable = _check_datasets(datasets, console)
    right, wrong, total = right + readable, wrong + unreadable, len(files) + readable + unreadable
    console.print(f"{plural(total, 'golden')}: {right} right, {wrong} with mistakes, {len(loaded.skipped)} not checked")
    if wrong:
        return WORSE
    return OK if loaded.goldens or readable else CANNOT_TELL


def _check_datasets(names: Sequence[str], console: Console) -> tuple[int, int]:
    """How many goldens of datasets can be read and how many cannot; mistakes and known defects are printed."""
    if not names:
        return 0, 0
    found = find_entries(names, Dumps([]))
    mistakes = list(found.mistakes)
    flags: Counter[str] = Counter()
    readable = 0
    for golden in load_each(found.entries, mistakes.append):
        readable += 1
        flags.update((*golden.flags, *golden.page.flags))
    for mistake in mistakes:
        console.print(escape_controls(str(mistake)), soft_wrap=True, style="red")
    for flag, number in flags.most_common():
        about = FLAGS.get(flag, "a flag of the dataset's own format")
        console.print(f"{plural(number, 'golden')}: {flag}: {about}", soft_wrap=True, style="yellow")
    return readable, len(mistakes)
