"""`harness reproduce`: compare a public benchmark's published figures with those measured here."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from harness.analysis.reproduction import Benchmark, benchmarks, reproduce
from harness.cli.commands import run as run_command
from harness.cli.commands import score as score_command
from harness.cli.metrics import command_to_score
from harness.cli.options import GOLDENS, engine_options, extractor_option, output_file, request_options, run_request, word
from harness.cli.writing import opened
from harness.common.errors import OK, CannotTell, Impossible
from harness.common.wording import did_you_mean, plural
from harness.datasets.entries import find_entries
from harness.goldens.sets import dumps_from
from harness.report import reproduction as report
from harness.report.kit.terminal import stderr_console
from harness.runs.find import read_run
from harness.runs.record import Run
from harness.runs.request import RunRequest


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("benchmark", metavar="BENCHMARK", help="aeb, wcxb, wcxb-test or trafilatura")
    parser.add_argument(
        "--outputs",
        dest="predictions",
        nargs="+",
        type=Path,
        default=[],
        metavar="PREDICTIONS",
        help="the outputs that the benchmark published, as for `score`",
    )
    parser.add_argument(
        "--run",
        dest="run_names",
        action="append",
        default=[],
        metavar="RUN",
        help="take a stored run instead of running anything; may be given several times",
    )
    extractor_option(
        parser, "extractor to run (default: those of the published table that are in the catalogue)", project=False
    )
    request_options(parser, GOLDENS, project=False)
    parser.add_argument(
        "-o",
        "--output",
        type=word(output_file),
        metavar="FILE",
        help="Markdown page whose section to replace (default: standard output)",
    )
    engine_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Score the published outputs, run the extractors or take stored runs of them, write the section.

    The exit code is the higher one of those of scoring and running.
    """
    tables = benchmarks()
    if arguments.benchmark not in tables:
        hint = did_you_mean(arguments.benchmark, tables) or f"; known: {', '.join(tables)}"
        raise Impossible(f"unknown benchmark {arguments.benchmark!r}{hint}")
    benchmark = tables[arguments.benchmark]
    request = run_request(arguments)
    request = replace(request, goldens=request.goldens or (benchmark.set,), metrics=(benchmark.group,))
    if arguments.predictions or not arguments.run_names:
        entries = find_entries(request.goldens, dumps_from(request.dumps)).entries
        _require_own_pages(benchmark, (entry.id for entry in request.choice.of(entries)))
    messages = stderr_console()
    outputs: Run | None = None
    outputs_code = 0
    if arguments.predictions:
        of_outputs = replace(request, predictions=tuple(arguments.predictions))
        outputs, outputs_code = score_command.execute(of_outputs, arguments.jobs, messages)
        if outputs is None:
            return outputs_code
    if arguments.run_names:
        runs, code = [_stored(name, benchmark) for name in arguments.run_names], OK
    else:
        request = replace(request, extractors=request.extractors or _in_table(benchmark))
        finished, code = run_command.execute(request, arguments, messages)
        if finished is None:
            return code
        runs = [finished]
    text = report.section(benchmark, reproduce(benchmark, outputs, runs), _commands(arguments, request, runs))
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        _replace(arguments.output, benchmark.name, text)
        messages.print(f"{arguments.output}: section {benchmark.name} is written", soft_wrap=True)
    return max(code, outputs_code)


def _stored(name: str, benchmark: Benchmark) -> Run:
    """A stored run that was scored by the benchmark's metrics. Raises CannotTell."""
    stored = read_run(name, texts=False)
    missing = [metric for metric in benchmark.metrics if metric not in stored.header.metrics]
    if missing:
        again = command_to_score(stored, [benchmark.group])
        raise CannotTell(f"run {stored.id} was not scored by {', '.join(missing)}; measure it again by:\n  {again}")
    if not stored.finished:
        raise CannotTell(f"run {stored.id} was not finished; finish it by:\n  harness run --resume {shlex.quote(name)}")
    _require_own_pages(benchmark, (record.golden for record in stored.records))
    return stored


def _require_own_pages(benchmark: Benchmark, ids: Iterable[str]) -> None:
    """Raise Impossible if a page is not of the benchmark, whose published figures say nothing of it."""
    if foreign := benchmark.foreign(dict.fromkeys(ids)):
        raise Impossible(
            f"{plural(len(foreign), 'page')} such as {foreign[0]} are not of {benchmark.title}, whose pages are "
            f"{benchmark.set}/…: name them with -g, or get them with `harness dataset add {benchmark.set}`"
        )


def _in_table(benchmark: Benchmark) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.extractor for row in benchmark.rows if row.extractor))


def _commands(arguments: argparse.Namespace, request: RunRequest, runs: Sequence[Run]) -> list[str]:
    """The commands that made this: those of the runs, if they were stored ones, and this one."""
    own = ["harness", "reproduce", arguments.benchmark]
    if arguments.predictions:
        own += ["--outputs", *map(str, arguments.predictions)]
    if not arguments.run_names:
        return [shlex.join([*own, *replace(request, metrics=()).options_words()])]
    last = len(runs) - 1
    own += [word for back in range(last, -1, -1) for word in ("--run", f"latest~{back}" if back else "latest")]
    if arguments.predictions:
        own += request.page_words()
    return [*(shlex.join(run.header.request.to_words()) for run in runs), shlex.join(own)]


def _replace(page: Path, name: str, text: str) -> None:
    text = report.replace_section(page.read_text(encoding="utf-8") if page.exists() else "", name, text)
    with opened(page) as file:
        file.write(text)
