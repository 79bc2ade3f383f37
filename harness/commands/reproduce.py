"""`harness reproduce`: a public benchmark's published figures beside those that come out here."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from harness.commands import run as run_command
from harness.commands import score as score_command
from harness.errors import Impossible
from harness.report import reproduction as report
from harness.report.terminal import stderr_console
from harness.reproduction import Benchmark, benchmarks, reproduce
from harness.store import Run
from harness.suggest import did_you_mean


def run(arguments: argparse.Namespace) -> int:
    """Score the published outputs, run the extractors, write the section. The exit code is the higher one of the two."""
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
    arguments.extractor = arguments.extractor or _in_table(benchmark)
    finished, code = run_command.execute(arguments, messages)
    if finished is None:
        return code
    text = report.section(benchmark, reproduce(benchmark, outputs, finished), [_command(arguments)])
    if arguments.output is None:
        sys.stdout.write(text)
    else:
        _replace(arguments.output, benchmark.name, text)
        messages.print(f"{arguments.output}: section {benchmark.name} is written", soft_wrap=True)
    return max(code, outputs_code)


def _in_table(benchmark: Benchmark) -> list[str]:
    return list(dict.fromkeys(row.extractor for row in benchmark.rows if row.extractor))


def _command(arguments: argparse.Namespace) -> str:
    """The command as it can be given again; of folders only their names, since they lie elsewhere on other machines."""
    words = ["harness", "reproduce", arguments.benchmark]
    for name in arguments.goldens:
        format, colon, path = name.partition(":")
        words += ["-g", f"{format}:{Path(path).name}" if colon else name]
    for name in arguments.extractor:
        words += ["-e", name]
    if arguments.predictions:
        words += ["--outputs", *(path.name for path in arguments.predictions)]
    return shlex.join(words)


def _replace(page: Path, name: str, text: str) -> None:
    before = page.read_text(encoding="utf-8") if page.exists() else ""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(report.replace_section(before, name, text), encoding="utf-8")
