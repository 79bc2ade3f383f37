"""`harness replay`: whether findings of `harness fuzz` still fail."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from harness.cli.listen import announcer
from harness.cli.options import ENVIRONMENT, findings_option, request_options, run_request, worker_options
from harness.common.errors import CANNOT_TELL, OK, WORSE, CannotTell, Impossible
from harness.engine.seat import Seat
from harness.evaluation.extractors import make_ready
from harness.fuzz.findings.finding import FindingError, find_findings, read_finding, remove_finding
from harness.fuzz.findings.replay import ReplayResult, replay
from harness.plugins.ready import Unavailable
from harness.plugins.registry import Registry
from harness.plugins.runnable import Runnable
from harness.report import fuzzing
from harness.report.kit.terminal import stderr_console, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "names", nargs="*", metavar="FINDING", help="EXTRACTOR/KIND_ID, an ID, an extractor, or a file (default: all)"
    )
    parser.add_argument(
        "-e",
        "--extractor",
        dest="instead",
        metavar="EXTRACTOR",
        help="run this one instead of the extractor that the finding is about",
    )
    parser.add_argument("--keep", action="store_true", help="keep findings that are fixed")
    findings_option(parser)
    worker_options(parser)
    request_options(parser, ENVIRONMENT)


def run(arguments: argparse.Namespace) -> int:
    """Replay findings; those that are fixed are removed unless they are to be kept.

    Exit code 1 if any fails, in the same way or another, else 3 if of any it could not be told, else 0.
    """
    paths, unknown = find_findings(arguments.names, arguments.findings)
    if unknown:
        raise Impossible("\n".join(unknown))
    if not paths:
        raise CannotTell(f"there are no findings in {arguments.findings}; `harness fuzz --search` looks for some")
    messages = stderr_console()
    extractors = _Extractors(arguments, messages)
    replayed: list[tuple[str, ReplayResult | str]] = []
    for path in paths:
        replayed.append((f"{path.parent.name}/{path.stem}", _replayed(path, extractors, arguments)))
        fuzzing.print_replays(replayed[-1:], stdout_console())
    states = ["ERROR" if isinstance(result, str) else result.state for _, result in replayed]
    # With another extractor in its place, a finding says nothing of the one that it is about.
    if not arguments.keep and not arguments.instead:
        fixed = [path for path, state in zip(paths, states) if state == "FIXED"]
        for path in fixed:
            remove_finding(path)
        if fixed:
            messages.print(f"{len(fixed)} fixed and removed (--keep keeps them)", style="dim")
    if "FAILED" in states or "CHANGED" in states:
        return WORSE
    return CANNOT_TELL if "ERROR" in states else OK


def _replayed(path: Path, extractors: _Extractors, arguments: argparse.Namespace) -> ReplayResult | str:
    try:
        finding = read_finding(path)
        runnable = extractors.of(finding.extractor)
    except (FindingError, Impossible) as error:
        return str(error)
    if isinstance(runnable, Unavailable):
        return f"{runnable.name} cannot run: {runnable.reason}"
    with Seat(runnable, timeout=arguments.timeout, memory=arguments.memory) as seat:
        return replay(finding, seat)


class _Extractors:
    """Extractors by name, each made ready once."""

    def __init__(self, arguments: argparse.Namespace, messages: Console) -> None:
        self._arguments, self._messages = arguments, messages
        self._known: dict[str, Runnable | Unavailable] = {}
        self._registry = Registry(arguments.plugins)

    def of(self, name: str) -> Runnable | Unavailable:
        """The extractor that a finding is about, or the one given by `-e` in its place. Raises Impossible."""
        name = self._arguments.instead or name
        if name not in self._known:
            selections = self._registry.select([name])
            runnables, unavailable = make_ready(selections, run_request(self._arguments), announcer(self._messages))
            self._known[name] = runnables[0] if runnables else unavailable[0]
        return self._known[name]
