"""`harness extract`: one extractor on one page, with everything that it prints."""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from bdb import BdbQuit
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from harness.cli.listen import announcer
from harness.cli.options import ENVIRONMENT, extractor_option, output_option, request_options, run_request
from harness.cli.writing import write_text
from harness.common.errors import INTERRUPTED, OK, WORSE, CannotTell, Impossible
from harness.engine.answer import FAILURES
from harness.engine.base import Answered, Loaded, Task
from harness.engine.here import can_run_here, run_here
from harness.engine.local import LocalEngine
from harness.evaluation.extractors import make_ready, select
from harness.pages.packed import page_bytes, page_name
from harness.pages.page import Page
from harness.plugins.runnable import Runnable
from harness.report.kit.numbers import milliseconds
from harness.report.kit.terminal import escape_controls, stderr_console
from harness.runs.request import RunRequest

DEBUG = "run the extractor in this process, where a debugger can stop; what it raises is shown as a traceback"
"""What `--debug` is for with this command."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("page", type=Path, metavar="PAGE", help="a file of HTML, or a text dump (.txt)")
    extractor_option(parser, "extractor to run, named as for `run`", project=False)
    output_option(parser)
    request_options(parser, ("timeout", "memory", *ENVIRONMENT))


def run(arguments: argparse.Namespace) -> int:
    """Run it and write what it returns as it is; what it prints goes to standard error. Exit code 1 if it fails."""
    messages = stderr_console()
    request = run_request(arguments)
    page = _page(arguments.page)
    runnable = _runnable(request, messages)
    if getattr(arguments, "debug", False):
        return _run_here(runnable, page, arguments.output)
    return _run_in_worker(runnable, page, request, arguments.output, messages)


def _page(path: Path) -> Page:
    """The page in a file. Raises Impossible for a folder or no file."""
    if not path.is_file():
        raise Impossible(f"{path}: no such page")
    page = Page(page_bytes(path), "text/plain" if page_name(path).suffix == ".txt" else "text/html")
    if page.unreadable:
        raise CannotTell(f"{path} cannot be read: {page.unreadable}")
    return page


def _runnable(request: RunRequest, messages: Console) -> Runnable:
    """What runs the extractor. Raises Impossible unless one is named, CannotTell if it cannot run."""
    if len(request.extractors) != 1:
        raise Impossible("name one extractor: -e NAME (see `harness list extractors`)")
    selections, _ = select(request)
    if len(selections) != 1:
        raise Impossible(f"-e {request.extractors[0]} stands for {len(selections)} extractors: name one")
    runnables, unavailable = make_ready(selections, request, announcer(messages))
    for item in unavailable:
        raise CannotTell(f"{item.name} cannot run: {item.reason}")
    return runnables[0]


def _run_here(runnable: Runnable, page: Page, output: Path | None) -> int:
    if not can_run_here(runnable):
        why = "it is not in Python, or needs an environment of its own"
        raise CannotTell(f"{runnable.name} cannot run in this process: {why}; leave out --debug")
    try:
        text = run_here(runnable, page)
        if not isinstance(text, str):
            raise TypeError(f"{runnable.name} returned {type(text).__name__}, not str")
    except BdbQuit:  # the user has left the debugger
        return INTERRUPTED
    except Exception:
        traceback.print_exc()
        return WORSE
    _write(text, output)
    return OK


def _run_in_worker(runnable: Runnable, page: Page, request: RunRequest, output: Path | None, messages: Console) -> int:
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "stderr"
        # An engine keeps only the end of what failed extractors print.
        kept = replace(runnable, command=("sh", "-c", 'exec "$@" 2>"$0"', str(printed), *runnable.command))
        events = list(LocalEngine(request.timeout, request.memory).run([Task(0, kept, page)]))
        if printed.is_file():
            sys.stderr.write(escape_controls(printed.read_text(encoding="utf-8", errors="replace")))
    (answer,) = (event.answer for event in events if isinstance(event, Answered))
    loaded = next((event for event in events if isinstance(event, Loaded)), None)
    if loaded is None:
        raise CannotTell(f"{runnable.name} cannot be loaded: {answer.error}")
    about = [f"{runnable.name} {loaded.version or ''}".rstrip(), answer.outcome, runnable.output]
    about += [f"{milliseconds(1000 * answer.wall)} ms"] if answer.wall is not None else []
    failed = answer.outcome in FAILURES
    messages.print(", ".join(about), style="red" if failed else "dim", soft_wrap=True)
    if failed:
        messages.print(answer.error, style="red", soft_wrap=True)
        return WORSE
    _write(answer.text, output)
    return OK


def _write(text: str, output: Path | None) -> None:
    if output is None:
        text = escape_controls(text) if sys.stdout.isatty() else text
        text += "" if text.endswith("\n") or not text else "\n"
    write_text(text, output)
