"""`harness accept`: a run becomes the baseline that later ones are compared with."""

from __future__ import annotations

import argparse
import shlex
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path

from rich.console import Console

from harness.baseline.accept import Accepted, accept, goldens_of_whole_sets, why_incomplete
from harness.baseline.file import BASELINE, read_baseline, write_baseline
from harness.baseline.model import EMPTY, Baseline, Pair, baseline_of
from harness.cli.options import baseline_option, run_argument
from harness.common.errors import OK, CannotTell, Impossible
from harness.common.wording import command_line, did_you_mean, plural
from harness.engine.answer import FAILURES
from harness.gate.judge import judge
from harness.gate.rules import Rules
from harness.report.gate.terminal import print_moves
from harness.report.kit.terminal import stdout_console
from harness.runs.file import read_run
from harness.runs.record import Run
from harness.runs.summary import failures

_SHOWN = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    run_argument(parser)
    baseline_option(parser)
    parser.add_argument(
        "--prune", action="store_true", help="delete rows that the run does not have, within the sets of the run"
    )

    parser.add_argument(
        "--failing",
        action="append",
        default=[],
        metavar="NAME",
        help="accept this extractor although it failed on every page; may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the baseline and say what moved.

    Raises CannotTell for a run that is empty or unfinished, has an extractor that failed on every page and is not named, or
    conflicts with rows that are kept. Raises Impossible for a name in --failing that the run does not have.
    """
    stored = read_run(arguments.run_name, texts=False)
    if not stored.finished:
        raise CannotTell(f"run {stored.id} was not finished: {command_line('run', '--resume', stored.id)}")
    if not stored.records:
        raise CannotTell("\n".join([f"run {stored.id} holds no result", *_not_loaded(stored)]))
    _require_measured(stored, arguments.failing)
    _require_working(stored, arguments.failing)
    path: Path = arguments.baseline or BASELINE
    old = read_baseline(path) if path.exists() else EMPTY
    new = baseline_of(stored)
    accepted = accept(old, new, prune=_prune(stored, old, new) if arguments.prune else ())
    if accepted.conflicts:
        raise CannotTell(_conflicts(accepted, path))
    write_baseline(accepted.baseline, path)
    _print(stored, old, accepted, path, stdout_console())
    return OK


def _not_loaded(stored: Run) -> list[str]:
    return [f"{name}, which could not be loaded: {reason}" for name, reason in stored.not_loaded.items()]


def _require_measured(stored: Run, failing: Collection[str]) -> None:
    """Raise Impossible if a name is none of the run's extractors."""
    names = list(dict.fromkeys(record.extractor for record in stored.records))
    lines = [
        f"--failing {shlex.quote(name)}: run {stored.id} has no such extractor{did_you_mean(name, names)}; "
        f"it has {', '.join(names)}"
        for name in failing
        if name not in names
    ]
    if lines:
        raise Impossible("\n".join(lines))


def _require_working(stored: Run, failing: Collection[str]) -> None:
    """Raise CannotTell if an extractor failed on every page and is not among those that may."""
    works = {record.extractor for record in stored.records if record.outcome not in FAILURES}
    lines = [
        f"{name} failed on {reason}; to accept it all the same: --failing {shlex.quote(name)}"
        for name, reason in failures(stored.records).items()
        if name not in works and name not in failing
    ]
    if lines:
        raise CannotTell("\n".join(lines))


def _prune(stored: Run, old: Baseline, new: Baseline) -> set[str]:
    if reasons := why_incomplete(stored, new):
        lines = [f"run {stored.id} covers only some goldens, so --prune could delete rows of existing ones:"]
        raise CannotTell(
            "\n".join([*lines, *(f"  {reason}" for reason in reasons), "Run all of them, then accept that run."])
        )
    return goldens_of_whole_sets(stored, old, new)


def _conflicts(accepted: Accepted, path: Path) -> str:
    reasons = Counter(accepted.conflicts.values())
    names = sorted({extractor for extractor, _ in accepted.conflicts})
    lines = [f"{path} was not changed: rows that only it has could not be compared with the run's:"]
    lines += [f"  {plural(number, 'row')}: {why}" for why, number in reasons.items()]
    lines += [f"  {extractor} on {golden}" for extractor, golden in sorted(accepted.conflicts)[:_SHOWN]]
    return "\n".join([*lines, f"Run {', '.join(names)} on these pages too, or delete the rows with --prune."])


def _print(stored: Run, old: Baseline, accepted: Accepted, path: Path, console: Console) -> None:
    now = accepted.baseline
    size = f"{plural(len(now.rows), 'row')}, {plural(len(now.extractors), 'extractor')}, {plural(len(now.goldens), 'page')}"
    console.print(f"{path}: {size}", style="bold", soft_wrap=True)
    for name, about in now.extractors.items():
        before = old.extractors.get(name)
        if before and before.version != about.version:
            console.print(
                f"{name} {before.version or 'without version'} → {about.version or 'without version'}", soft_wrap=True
            )
    if old.rows:
        verdict = judge(stored, old, Rules(), run_name=stored.id, baseline_name=str(path))
        print_moves(verdict, console)
    for line in _not_loaded(stored):
        console.print(f"no rows were accepted of {line}", style="yellow", soft_wrap=True)
    if accepted.kept:
        console.print(f"kept, though the run does not have them: {_rows(accepted.kept)} (--prune deletes)", soft_wrap=True)
    if accepted.deleted:
        console.print(f"deleted, since the run does not have them: {_rows(accepted.deleted)}", soft_wrap=True)


def _rows(pairs: Iterable[Pair]) -> str:
    numbers = Counter(extractor for extractor, _ in pairs)
    return ", ".join(f"{name} {plural(number, 'row')}" for name, number in sorted(numbers.items()))
