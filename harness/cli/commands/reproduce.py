"""`harness reproduce`: a public benchmark's published figures beside those that come out here."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from harness.analysis.reproduction import Benchmark, benchmarks, reproduce
from harness.cli.commands import run as run_command
from harness.cli.commands import score as score_command
from harness.common.errors import OK, CannotTell, Impossible
from harness.common.wording import did_you_mean
from harness.report import reproduction as report
from harness.report.kit.terminal import stderr_console
from harness.runs.file import Run, RunError, read_run


def run(arguments: argparse.Namespace) -> int:
    """Score the published outputs, run the extractors or take stored runs of them, write the section.

    The exit code is the higher one of those of scoring and running.
    """
    tables = benchmarks()
    if arguments.benchmark not in tables:
        hint = did_you_mean(arguments.benchmark, tables) or f"; known: {', '.join(tables)}"
        raise Impossible(f"unknown benchmark {arguments.benchmark!r}{hint}")
    benchmark = tables[arguments.benchmark]
    arguments.goldens = arguments.goldens or [benchmark.name]
    arguments.metric = [benchmark.name]
    messages = stderr_console()
    outputs: Run | None = None
    outputs_code = 0
    if arguments.predictions:
        outputs, outputs_code = score_command.execute(arguments, messages)
    if arguments.run_names:
        runs, code = [_stored(name, benchmark) for name in arguments.run_names], OK
    else:
        arguments.extractor = arguments.extractor or _in_table(benchmark)
        finished, code = run_command.execute(arguments, messages)
        if finished is None:
            return code
        runs = [finished]
    text = report.section(benchmark, reproduce(benchmark, outputs, runs), _commands(arguments, runs))
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        _replace(arguments.output, benchmark.name, text)
        messages.print(f"{arguments.output}: section {benchmark.name} is written", soft_wrap=True)
    return max(code, outputs_code)


def _stored(name: str, benchmark: Benchmark) -> Run:
    """A stored run that was scored by the benchmark's metrics. Raises CannotTell."""
    try:
        stored = read_run(name, texts=False)
    except RunError as error:
        raise CannotTell(str(error)) from None
    missing = [metric for metric in benchmark.metrics if metric not in stored.header.get("metrics", [])]
    if missing or not stored.finished:
        why = f"was not scored by {', '.join(missing)}" if missing else "was not finished"
        raise CannotTell(f"run {stored.id} {why}: run again with `-m {benchmark.name}`")
    return stored


def _in_table(benchmark: Benchmark) -> list[str]:
    return list(dict.fromkeys(row.extractor for row in benchmark.rows if row.extractor))


def _commands(arguments: argparse.Namespace, runs: Sequence[Run]) -> list[str]:
    """What to give to get this again: the runs, if they were stored ones, and this command."""
    own = ["harness", "reproduce", arguments.benchmark]
    if arguments.predictions:
        own += ["--outputs", *(path.name for path in arguments.predictions)]
    if not arguments.run_names:
        return [shlex.join([*own, *_goldens(arguments.goldens), *_extractors(arguments.extractor)])]
    before = [
        shlex.join(
            ["harness", "run", "-m", arguments.benchmark, *_goldens(began["goldens"]), *_extractors(began["extractor"])]
        )
        for began in (run.header["arguments"] for run in runs)
    ]
    last = len(runs) - 1
    own += [word for back in range(last, -1, -1) for word in ("--run", f"latest~{back}" if back else "latest")]
    return [*before, shlex.join(own)]


def _goldens(names: Sequence[str]) -> list[str]:
    """Of folders only their names, since they lie elsewhere on other machines."""
    parts = (name.partition(":") for name in names)
    return [word for format, colon, path in parts for word in ("-g", f"{format}:{Path(path).name}" if colon else format)]


def _extractors(names: Sequence[str]) -> list[str]:
    return [word for name in names for word in ("-e", name)]


def _replace(page: Path, name: str, text: str) -> None:
    before = page.read_text(encoding="utf-8") if page.exists() else ""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(report.replace_section(before, name, text), encoding="utf-8")
