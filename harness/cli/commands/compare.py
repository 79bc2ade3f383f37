"""`harness compare`: whether one extractor, release or run is better than another."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from harness.analysis.compare import compare, values_in_common
from harness.baseline.file import BASELINE, read_baseline
from harness.cli.metrics import command_to_score
from harness.cli.options import (
    FILTERS,
    choice_of,
    format_name,
    format_options,
    measured_extractor_option,
    request_options,
)
from harness.cli.renames import as_option, renames
from harness.cli.writing import console_for, write_text
from harness.common.errors import OK, CannotTell, Impossible
from harness.common.options import project_value
from harness.common.places import in_project
from harness.common.wording import command_line, did_you_mean, plural
from harness.evaluation.further import under_policies
from harness.metrics import METRICS
from harness.metrics.choice import metric_names
from harness.report.comparison import comparison_markdown, comparison_object, left_out_notes, print_comparison
from harness.runs.chosen import choice_words, chosen
from harness.runs.file import RUNS, RunError, read_run_file
from harness.runs.find import NoRun, SeveralRuns, find_run, list_runs, read_run
from harness.runs.record import Run
from harness.runs.summary import note_unknown_metrics, ranking_metric

_BASELINE = "baseline"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("first", metavar="A", help="an extractor of the run, a run (id, file or latest~N), or `baseline`")
    parser.add_argument("second", metavar="B", help="the same: another extractor of the run, or another run")
    parser.add_argument("--run", dest="run_name", metavar="RUN", help="whose extractors A and B are (default: latest)")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="the file of the baseline (default: reports/baseline.json)"
    )
    measured_extractor_option(parser, "of two runs, compare only this extractor")
    parser.add_argument("-m", "--metric", metavar="METRIC", help="what to compare by (default: F, else a benchmark's F)")
    request_options(parser, [*FILTERS, "policy"])
    as_option(parser)
    format_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compare what was asked for. Exit code 2 for names that say nothing or two things, 3 if no page can be compared."""
    form = format_name(arguments)
    first, second, pairs, names = _request(arguments)
    if arguments.policy:
        first, second = _under(arguments.policy, first, second)
    choice = choice_of(arguments)
    if choice.filters:
        headers = first.header, second.header
        parts = {id(run): chosen(run, choice, headers) for run in (first, second)}
        first, second = parts[id(first)], parts[id(second)]
    try:
        metric = _metric(arguments.metric, first, second, pairs)
    finally:
        for stored in {id(stored): stored for stored in (first, second)}.values():
            note_unknown_metrics(stored)
    compared = compare(first, second, pairs, metric, names=names)
    if not any(item.tracks for item in compared):
        raise CannotTell("\n".join(["no page can be compared", *left_out_notes(compared)]))
    notes = list(_notes(first, second, pairs, metric))
    if choice.filters:
        notes.append(f"only pages that fit {shlex.join(choice_words(choice))}")
    if form == "json":
        written = json.dumps(comparison_object(compared, metric, notes), indent=2, ensure_ascii=False)
        write_text(written + "\n", arguments.output)
    elif form == "md":
        write_text(comparison_markdown(compared, metric, notes), arguments.output)
    else:
        with console_for(arguments.output) as console:
            print_comparison(compared, metric, notes, console)
    return OK


def _under(policy: str, first: Run, second: Run) -> tuple[Run, Run]:
    """Both runs under a policy."""
    if "baseline" in (first.id, second.id):
        raise Impossible("the baseline holds no outputs that --policy could score again: name two runs")
    (judged,) = under_policies(read_run(first.id), [policy]).values()
    if second is first:
        return judged, judged
    (other,) = under_policies(read_run(second.id), [policy]).values()
    return judged, other


def _request(arguments: argparse.Namespace) -> tuple[Run, Run, list[tuple[str, str]], tuple[str, str]]:
    """The two runs, which may be one, the extractors of each that are compared, and the runs' names for `harness show`."""
    operands = arguments.first, arguments.second
    if operands[0] == operands[1]:
        raise Impossible(f"{operands[0]!r} would be compared with itself; name two extractors, or two runs")
    if arguments.baseline and _BASELINE not in operands:
        raise Impossible(f"--baseline needs the baseline as A or B: name `{_BASELINE}` as one of the two")
    read = cache(_read)  # a run that is named and also the latest one is read once
    paths = [_run_path(name) for name in operands]
    is_run = [name == _BASELINE or path is not None for name, path in zip(operands, paths)]
    within = _run_within(arguments.run_name, read, needed=not all(is_run))
    extractors = {record.extractor for record in within[1].records} if within else set()
    is_extractor = [name in extractors for name in operands]
    _require_one_meaning(operands, is_run, is_extractor, within[0] if within else "", extractors)
    if not any(is_run):
        assert within is not None, "extractors are those of a run"
        if arguments.extractor or arguments.judged_as:
            raise Impossible("-e and --as are for extractors of two runs; two extractors are named already")
        name, stored = within
        return stored, stored, [operands], (name, name)
    if arguments.run_name:
        raise Impossible("--run is for comparing two extractors; two runs are named already")
    runs = [read(path) if path else _read(path, arguments.baseline) for path in paths]
    names = (_shown(paths[0]), _shown(paths[1]))
    return runs[0], runs[1], _shared(runs, names, arguments), names


def _run_path(name: str) -> Path | None:
    """The file of a run of that name; None for the baseline and for what is no run."""
    if name == _BASELINE:
        return None
    try:
        return find_run(name)
    except SeveralRuns:
        raise
    except RunError:
        if name.partition("~")[0] == "latest":
            raise
        return None


def _run_within(name: str | None, read: Callable[[Path], Run], *, needed: bool) -> tuple[str, Run] | None:
    """The run whose extractors are compared, and its name for `harness show`: the one given, else the latest if any."""
    try:
        path = find_run(name or "latest")
    except NoRun:
        if name or needed:
            raise
        return None
    return _shown(path), read(path)


def _read(path: Path | None, baseline: Path | None = None) -> Run:
    """The run in a file, or the baseline. Raises Impossible for what cannot be read, CannotTell for a run without result."""
    if path is None:
        stored = read_baseline(baseline or project_value("baseline", in_project(BASELINE))).as_run()
    else:
        stored = read_run_file(path, texts=False)
    if not stored.records:
        raise CannotTell(f"{path or _BASELINE} holds no result; measure something with `harness run`")
    return stored


def _shown(path: Path | None) -> str:
    """The name that `harness show` knows a run by."""
    return _BASELINE if path is None else path.stem if path.parent == in_project(RUNS) else str(path)


def _require_one_meaning(
    operands: tuple[str, str], is_run: Sequence[bool], is_extractor: Sequence[bool], within: str, extractors: set[str]
) -> None:
    """Raise Impossible unless both names are extractors of the run, or both are runs."""
    mistakes = []
    for name, run, extractor in zip(operands, is_run, is_extractor):
        if run and extractor:
            mistakes.append(
                f"{name!r} is an extractor of run {within} and also a run; write ./{name} for the file of the run, "
                "or move it away to mean the extractor"
            )
        elif not run and not extractor:
            releases = sorted(known for known in extractors if known.startswith((f"{name}@", f"{name}/")))
            if releases:
                mistakes.append(f"run {within} has no {name!r} but {', '.join(releases)}: write one of them")
                continue
            known = [*extractors, *(path.stem for path in list_runs()), _BASELINE, "latest"]
            remedy = _run_with(operands) or f"see `{command_line('show', within)}` and `harness list runs`"
            mistakes.append(f"{name!r} is no extractor of run {within} and no run{did_you_mean(name, known)}; {remedy}")
    if not mistakes and is_run[0] != is_run[1]:
        run_named, extractor_named = operands if is_run[0] else operands[::-1]
        mistakes.append(
            f"{run_named!r} is a run and {extractor_named!r} an extractor: name two extractors of one run "
            f"(--run {run_named}), or two runs (-e {extractor_named} for this extractor only)"
        )
    if mistakes:
        raise Impossible("\n".join(mistakes))


def _run_with(names: tuple[str, str]) -> str:
    """The command that compares them in the latest run that has both; empty if none has."""
    for path in reversed(list_runs()):
        try:
            has = {record.extractor for record in read_run_file(path, texts=False).records}
        except RunError:
            continue
        if {*names} <= has:
            return f"run {path.stem} has both: `{command_line('compare', *names, '--run', path.stem)}`"
    return ""


def _shared(runs: Sequence[Run], names: tuple[str, str], arguments: argparse.Namespace) -> list[tuple[str, str]]:
    """The extractors that both runs have, also under two names, or those of them that are wanted."""
    wanted = arguments.extractor
    has = [{record.extractor for record in stored.records} for stored in runs]
    renamed = renames(arguments.judged_as, has[1], has[0])
    pairs = {new: old for new, old in renamed.items()} | {name: name for name in has[0] & has[1]}
    missing = [
        f"run {run} has no extractor {name!r}{did_you_mean(name, own)}"
        for run, own in zip(names, has)
        for name in wanted
        if name not in own and name not in pairs
    ]
    if missing:
        raise Impossible("\n".join(missing))
    if not pairs:
        first, second = (", ".join(sorted(own)) for own in has)
        raise CannotTell(
            f"no extractor is in both runs: {names[0]} has {first}; {names[1]} has {second}; --as NEW=OLD compares two names"
        )
    return [(pairs[name], name) for name in sorted(pairs) if name in wanted or not wanted]


def _metric(asked_for: str | None, first: Run, second: Run, pairs: Sequence[tuple[str, str]]) -> str:
    """The metric asked for, else the one that tables are sorted by, of those that have values on both sides."""
    name = None if asked_for is None else _one_metric(asked_for)
    valued = values_in_common(first, second, pairs)
    if name is None and not valued:
        raise CannotTell("no metric has a value on both sides; compare runs that have a metric and pages in common")
    if name is not None and name not in valued:
        lines = [f"{name} has no value on both sides; metrics with values: {', '.join(valued) or 'none'}"]
        unscored = {stored.id: stored for stored in (first, second) if name not in stored.header.metrics}
        if unscored:
            lines.append("known outputs are scored again by:")
            lines += [f"  {command_to_score(stored, [asked_for or name])}" for stored in unscored.values()]
        raise CannotTell("\n".join(lines))
    return name or ranking_metric(valued)


def _one_metric(name: str) -> str:
    names = metric_names([name])
    if len(names) > 1:
        raise Impossible(f"{name!r} stands for several metrics; name one of them: {', '.join(names)}")
    return names[0]


def _notes(first: Run, second: Run, pairs: Sequence[tuple[str, str]], metric: str) -> Iterator[str]:
    """What a reader must know in addition to the figures."""
    if METRICS[metric].over:
        yield f"{metric} is no mean over pages; pages are won and lost by its values for single pages"
    for side, stored in (("A", first), ("B", second)) if first is not second else (("the run", first),):
        if not stored.finished:
            yield f"{side} was not finished: {plural(len(stored.records), 'result')}"
    if first is not second:
        compared = {name for name, _ in pairs}
        has = [{record.extractor for record in stored.records} for stored in (first, second)]
        for side, own, others in (("A", has[0], has[1]), ("B", has[1], has[0])):
            if alone := sorted(own - others - compared):
                yield f"only in {side}: {', '.join(alone)}"
