"""`harness accept`: a run becomes the baseline that later ones are compared with."""

from __future__ import annotations

import argparse
import shlex
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from harness.baseline.accept import (
    Accepted,
    accept,
    goldens_of_whole_sets,
    lost_scores,
    metrics_to_ask_for,
    part_of,
    why_incomplete,
    with_reasons,
)
from harness.baseline.file import BASELINE, read_baseline, write_baseline
from harness.baseline.model import EMPTY, Baseline, RowKey, baseline_of
from harness.cli.options import baseline_option, measured_extractor_option, run_argument
from harness.cli.renames import as_option, renames
from harness.common.errors import OK, CannotTell, Impossible
from harness.common.places import in_project
from harness.common.wording import command_line, did_you_mean, plural
from harness.gate.judge import judge
from harness.gate.rules import Rules
from harness.report.gate.terminal import print_moves
from harness.report.kit.terminal import stdout_console
from harness.runs.attempt import last_attempt, why_unmeasured
from harness.runs.file import RUNS
from harness.runs.find import read_run
from harness.runs.record import Run
from harness.runs.summary import failures

_SHOWN = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    run_argument(parser)
    baseline_option(parser)
    measured_extractor_option(parser, "accept only this extractor; may be repeated (default: all of the run)")
    parser.add_argument(
        "--page", action="append", default=[], metavar="ID", help="accept only this page; may be repeated (default: all)"
    )
    parser.add_argument("--only", choices=("better",), help="accept only pages that are better and break no strict rule")
    parser.add_argument("--why", default="", metavar="TEXT", help="keep this reason in the rows that change")
    as_option(parser)
    parser.add_argument(
        "--prune", action="store_true", help="delete rows and scores that the run does not have, within the sets of the run"
    )

    parser.add_argument(
        "--failing",
        action="append",
        default=[],
        metavar="NAME",
        help="accept this extractor although it failed or gave no text on every page; may be repeated",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the baseline and say what moved.

    Raises CannotTell for a run that is empty or unfinished, lacks scores of the baseline, conflicts with rows that are kept,
    or has an extractor without an answer on any page that is not named. Raises Impossible for a name that the run lacks.
    """
    stored = read_run(arguments.run_name, texts=False)
    if arguments.run_name in (None, "latest") and (attempt := last_attempt(in_project(RUNS))):
        earlier = f"{command_line('accept', stored.id)} accepts the run before, of {stored.header.started}"
        raise CannotTell(f"{why_unmeasured(attempt)}; mend that and run it again; {earlier}")
    if not stored.finished:
        raise CannotTell(f"run {stored.id} was not finished: {command_line('run', '--resume', stored.id)}")
    if not stored.records:
        raise CannotTell("\n".join([f"run {stored.id} holds no result", *_not_loaded(stored)]))
    path: Path = arguments.baseline or in_project(BASELINE)
    old = read_baseline(path) if path.exists() else EMPTY
    new = baseline_of(stored)
    _require_measured(stored, new, arguments)
    renamed = renames(arguments.judged_as, new.extractors, old.extractors)
    old = old.renamed({before: now for now, before in renamed.items()})
    part = _part(stored, old, new, arguments)
    _require_working(stored, part.extractors, arguments.failing)
    if not arguments.prune:
        _require_scores(stored, old, part, path)
    is_part = part.rows.keys() != new.rows.keys()
    new = with_reasons(old, part, arguments.why)
    accepted = accept(old, new, prune=_prune(stored, old, new) if arguments.prune else ())
    if accepted.conflicts:
        raise CannotTell(_conflicts(accepted, path))
    write_baseline(accepted.baseline, path)
    _print(stored, old, new, accepted, path, is_part, stdout_console())
    return OK


def _not_loaded(stored: Run) -> list[str]:
    return [f"{name}, which could not be loaded: {reason}" for name, reason in stored.not_loaded.items()]


def _require_measured(stored: Run, new: Baseline, arguments: argparse.Namespace) -> None:
    """Raise Impossible if a name is none of the run's extractors or pages, or options contradict each other."""
    lines = [
        f"{flag} {shlex.quote(name)}: run {stored.id} has no such extractor{did_you_mean(name, new.extractors)}; "
        f"it has {', '.join(new.extractors)}"
        for flag, names in (("--failing", arguments.failing), ("-e", arguments.extractor))
        for name in names
        if name not in new.extractors
    ]
    lines += [
        f"--page {shlex.quote(name)}: run {stored.id} has no such page{did_you_mean(name, new.goldens)}"
        for name in arguments.page
        if name not in new.goldens
    ]
    if arguments.prune and (arguments.extractor or arguments.page or arguments.only):
        lines.append("--prune deletes what the run does not have, so it cannot go with -e, --page or --only")
    if lines:
        raise Impossible("\n".join(lines))


def _part(stored: Run, old: Baseline, new: Baseline, arguments: argparse.Namespace) -> Baseline:
    """What is to be accepted of what was measured. Raises CannotTell if that is nothing."""
    pairs = [
        (name, golden)
        for name, golden in new.rows
        if (name in arguments.extractor or not arguments.extractor) and (golden in arguments.page or not arguments.page)
    ]
    if arguments.only:
        verdict = judge(stored, old, Rules(), run_name=stored.id, baseline_name="")
        better = {(p.extractor, p.golden) for p in verdict.pages if p.state in ("better", "fixed") and not p.rules}
        pairs = [pair for pair in pairs if pair in better]
    if not pairs:
        which = "page is better than in the baseline" if arguments.only else "extractor was run on these pages"
        raise CannotTell(f"nothing to accept of run {stored.id}: no {which}")
    return part_of(new, pairs)


def _require_working(stored: Run, names: Collection[str], failing: Collection[str]) -> None:
    """Raise CannotTell if one of these extractors failed or gave no text on every page and is not among those that may.

    A reference may be one that gives no text, to show what that is worth.
    """
    works = {record.extractor for record in stored.records if record.answers}
    works |= {record.extractor for record in stored.records if record.outcome == "empty"} & {*stored.header.references}
    reasons = failures(stored.records)
    lines = [
        f"{name} {f'failed on {reasons[name]}' if name in reasons else 'gave no text on any page'}; "
        f"to accept it all the same: --failing {shlex.quote(name)}"
        for name in names
        if name not in works and name not in failing
    ]
    if lines:
        raise CannotTell("\n".join(lines))


def _require_scores(stored: Run, old: Baseline, part: Baseline, path: Path) -> None:
    """Raise CannotTell if rows of the baseline would lose scores that the run was not asked for."""
    if lost := lost_scores(old, part):
        again = stored.header.request.with_metrics(metrics_to_ask_for(old))
        raise CannotTell(
            f"{path} was not changed: run {stored.id} was not scored by {', '.join(lost)}, which rows of {path} have\n"
            f"  {shlex.join(again.to_words())}\nTo delete these scores, accept the run with --prune."
        )


def _prune(stored: Run, old: Baseline, new: Baseline) -> set[str]:
    if stored.not_loaded:
        lines = [f"run {stored.id} lacks extractors that still exist, so --prune could delete their rows:"]
        raise CannotTell("\n".join([*lines, *(f"  {line}" for line in _not_loaded(stored))]))
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


def _print(
    stored: Run, old: Baseline, new: Baseline, accepted: Accepted, path: Path, is_part: bool, console: Console
) -> None:
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
        pages = tuple(page for page in verdict.pages if not is_part or (page.extractor, page.golden) in new.rows)
        print_moves(replace(verdict, pages=pages), console)
    for line in _not_loaded(stored):
        console.print(f"no rows were accepted of {line}", style="yellow", soft_wrap=True)
    if accepted.kept and is_part:
        console.print(f"left as they were: {_rows(accepted.kept)}", soft_wrap=True)
    elif accepted.kept:
        console.print(f"kept, though the run does not have them: {_rows(accepted.kept)} (--prune deletes)", soft_wrap=True)
    if accepted.deleted:
        console.print(f"deleted, since the run does not have them: {_rows(accepted.deleted)}", soft_wrap=True)


def _rows(pairs: Iterable[RowKey]) -> str:
    numbers = Counter(extractor for extractor, _ in pairs)
    return ", ".join(f"{name} {plural(number, 'row')}" for name, number in sorted(numbers.items()))
