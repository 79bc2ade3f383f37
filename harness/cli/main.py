"""The command line: words in, one command called, an exit code out."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

from harness import __version__
from harness.cli.help import EXIT_CODES, HelpFormatter, described
from harness.cli.streams import keep_stdout_apart, safe_streams
from harness.common.collector import collect_rarely
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, INTERRUPTED, OK, UNEXPECTED, HarnessError
from harness.common.threads import one_thread

COMMANDS = {
    "run": "run extractors over goldens, print a table, store the run",
    "extract": "run one extractor on one page, and show what it returns and prints",
    "history": "run releases of one extractor over the same goldens, and show what changed",
    "score": "score existing outputs from files, print a table, store them as a run",
    "reproduce": "compare a public benchmark's published figures with those measured here",
    "show": "show a stored run again: its table, its worst pages, a page as a diff",
    "compare": "say whether B is better than A: two extractors of a run, or two runs",
    "gate": "say whether a run is worse than the baseline, by the rules of pyproject.toml",
    "accept": "make a run the baseline that later runs are compared with",
    "scorecard": "write a run, or the baseline, as one self-contained file",
    "fuzz": "change the layout of pages, and measure what that does to extractors",
    "exposure": "measure which text that no reader sees comes out of extractors, and which visible text does not",
    "replay": "run extractors on findings of `fuzz` again: fixed or not",
    "merge": "make one run of the shards that `run --shard` made",
    "export": "write a run as a Parquet file, for DuckDB and its likes",
    "cite": "say what a publication of a run's results is to cite: datasets and metrics",
    "cache": "show what is kept from run to run, outputs and environments, and how large it is; or clear it",
    "check": "validate goldens and report every mistake",
    "agree": "say how far two people's labels of the same pages agree, and make one golden of both",
    "workbench": "label pages and read runs in a browser",
    "audit": "find goldens that are probably wrong, by what extractors agree on",
    "survey": "say what extractors do on pages without labels: failures, agreement, leaks, what each adds",
    "dataset": "download a public dataset into the user's cache",
    "list": "list extractors, goldens, metrics, operators, runs and more",
    "docs": "show the documentation of this version: its pages, or one of them",
    "completion": "print what makes a shell complete commands, options and names",
    "upgrade": "rewrite goldens of an earlier format in the newest one",
    "new": "write a starting point: a draft golden, or an extractor",
}
"""Every command with what it does; `harness.cli.commands` has a module for each."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code, whatever happens to standard output meanwhile."""
    if "_ARGCOMPLETE" in os.environ:
        _complete()
    words = sys.argv[1:] if argv is None else list(argv)
    if argv is None:
        collect_rarely()
        keep_stdout_apart()
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt)
    with safe_streams() as (stdout, _):
        code = _call(words)
        stdout.flush()
        if stdout.lost:
            _complain(f"standard output could not be written: {stdout.lost.strerror}")
            return CANNOT_TELL if code == OK else code
        return code


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Interrupt what goes on, once: what a second Ctrl-C would cut short is the end of workers and files."""
    signal.signal(number, signal.SIG_IGN)
    signal.default_int_handler(number, frame)


def _complete() -> None:
    """Answer a shell that completes a command line."""
    from harness.cli.completion import complete, words_so_far
    from harness.common.options import project_values

    named = _command(words_so_far())
    with contextlib.suppress(HarnessError), project_values(_project()):
        complete(parser_for([named] if named in COMMANDS else []))


def _call(words: Sequence[str]) -> int:
    try:
        if not _command(words):
            return _run(words)
        from harness.common.options import project_values  # here, since help needs none of it

        with project_values(_project()):
            return _run(words)
    except HarnessError as error:
        _complain(str(error))
        return error.code
    except KeyboardInterrupt:
        _complain("interrupted")
        return INTERRUPTED
    except BaseException as error:  # before a command has begun, such as of an option that names no possible file
        return _failed(error, debug="--debug" in words)


def _failed(error: BaseException, *, debug: bool) -> int:
    """Tell of an exception that nothing else has caught, and return its exit code. debug: with its traceback."""
    if isinstance(error, OSError):
        _complain(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
        return IMPOSSIBLE if error.filename else CANNOT_TELL
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    if debug:
        import traceback

        traceback.print_exception(error)
        _complain(f"internal error: {what}; please report it with the traceback above")
    else:
        _complain(f"internal error: {what}; run the command again with --debug and report what it prints")
    return UNEXPECTED


def _command(words: Sequence[str]) -> str | None:
    """The command that the words name, if any."""
    return next((word for word in words if not word.startswith("-")), None)


def _project() -> Mapping[str, Any]:
    """What the project says of options."""
    from harness.common.project import project_file

    if project_file() is None:
        return {}
    from harness.cli.project import settings  # only where there is a project that says something

    return settings()


def _attempted(command: str, words: Sequence[str]) -> contextlib.AbstractContextManager[None]:
    """A context that tells of a run that measures nothing."""
    if command != "run":
        return contextlib.nullcontext()
    from harness.common.places import in_project
    from harness.runs.attempt import attempted
    from harness.runs.file import RUNS

    return attempted(in_project(RUNS), words)


def _run(words: Sequence[str]) -> int:
    if not words:
        from harness.cli.welcome import print_welcome  # here, since it looks at what is installed

        print_welcome()
        return OK
    try:
        with one_thread():
            parser = parser_for(words)
        arguments = parser.parse_args(words)
    except SystemExit as ended:  # argparse has said what is wrong, or has shown the help
        return ended.code if isinstance(ended.code, int) else IMPOSSIBLE
    from harness.common import extensions  # here, since help needs none of it
    from harness.common.declarations import MEMORY, TIMEOUT

    memory, timeout = getattr(arguments, "memory", MEMORY), getattr(arguments, "timeout", TIMEOUT)
    all_must_load = arguments.command != "run"  # which measures the others, and tells of these itself
    try:
        command = importlib.import_module(f"harness.cli.commands.{arguments.command}")
        with (
            _attempted(arguments.command, words),
            extensions.plugin_files(
                getattr(arguments, "plugins", ()), memory=memory, timeout=timeout, all_must_load=all_must_load
            ),
        ):
            try:
                code = int(command.run(arguments))
                return CANNOT_TELL if code == OK and extensions.any_failed() else code
            finally:
                for problem in extensions.problems():
                    _tell(problem)
    except (HarnessError, KeyboardInterrupt):
        raise
    except BaseException as error:  # also what a plugin raises to end the process: its code would be taken for ours
        return _failed(error, debug=getattr(arguments, "debug", False))


def _complain(message: str) -> None:
    _tell(f"harness: {message}")


def _tell(message: str) -> None:
    from harness.report.kit.terminal import escape_controls

    print(escape_controls(message), file=sys.stderr)


class _CommandParser(argparse.ArgumentParser):
    """The parser of a command, which refuses unknown options itself: argparse would show the usage of `harness`."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """All words as options of this command."""
        namespace, unknown = super().parse_known_args(args, namespace)
        if unknown:
            known = list(self._option_string_actions)  # argparse tells them in no other way
            from harness.common.wording import did_you_mean

            hints = (did_you_mean(word.partition("=")[0], known) for word in unknown if word.startswith("-"))
            self.error(f"unrecognized arguments: {' '.join(unknown)}{next(filter(None, hints), '')}")
        return namespace, unknown


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; only the command that the words name, if any, is loaded and knows its own options."""
    parser = argparse.ArgumentParser(
        prog="harness",
        description="Scores main-content extractors against hand-labelled pages.",
        epilog="first steps:\n  harness run                  score what is installed on the goldens that come with it\n"
        "  harness show --worst 5       its worst pages\n  harness list extractors      what can run\n\n" + EXIT_CODES,
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"harness {__version__}")
    _debug_option(parser)
    named = _command(words)
    if named is not None and named not in COMMANDS:
        from harness.common.wording import did_you_mean

        parser.error(f"unknown command {named!r}{did_you_mean(named, COMMANDS)}; known: {', '.join(COMMANDS)}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_CommandParser)
    for name, what in COMMANDS.items():
        command = commands.add_parser(name, help=what, **described(what))
        if name == named:
            module = importlib.import_module(f"harness.cli.commands.{name}")
            module.arguments(command)
            _debug_option(command, getattr(module, "DEBUG", _DEBUG))
    return parser


_DEBUG = "show the traceback of an internal error"


def _debug_option(parser: argparse.ArgumentParser, help: str = _DEBUG) -> None:
    parser.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=help)
