"""`harness exposure`: which text that no reader sees comes out of extractors, and which visible text does not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from harness.cli.listen import ready_extractors
from harness.cli.options import (
    ENVIRONMENT,
    extractor_option,
    format_name,
    format_options,
    request_options,
    run_request,
    worker_options,
)
from harness.cli.writing import console_for, write_text
from harness.common.errors import CANNOT_TELL, OK, CannotTell
from harness.common.wording import command_line, plural
from harness.engine.seat import CannotLoad
from harness.exposure.measure import expose
from harness.exposure.pages import placements
from harness.exposure.record import ACCEPTED, ExposureRecord, read_records, record_of, write_records
from harness.plugins.runnable import Runnable
from harness.report.exposure import exposure_markdown, exposure_object, print_exposure
from harness.report.kit.progress import Progress
from harness.report.kit.terminal import escape_controls, stderr_console, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    extractor_option(parser, "extractor to measure (default: all that are installed here)")
    parser.add_argument(
        "--accept", action="store_true", help=f"make what was measured last what the gate allows ({ACCEPTED})"
    )
    format_options(parser)
    worker_options(parser)
    parser.add_argument("--fresh", action="store_true", help="ask extractors even where the answer is cached")
    request_options(parser, ENVIRONMENT)


def run(arguments: argparse.Namespace) -> int:
    """Measure, store and show it. Exit code 3 for an extractor that could not be measured."""
    if arguments.accept:
        return _accept(arguments.extractor)
    written_as = format_name(arguments)
    messages = stderr_console()
    request = run_request(arguments)
    runnables, complete = ready_extractors(request, messages)
    own = [runnable for runnable in runnables if runnable.declared.media == "text/html"]
    if not own:
        raise CannotTell("none of these extractors is made for HTML pages, and a text dump hides nothing")
    measured, failed = _measure(arguments, own)
    _show(arguments, written_as, measured)  # first, so that it is not lost where it cannot be stored
    write_records({**read_records(), **{record.extractor: record for record in measured}})
    return OK if complete and not failed else CANNOT_TELL


def _measure(arguments: argparse.Namespace, runnables: Sequence[Runnable]) -> tuple[list[ExposureRecord], bool]:
    """The records of the extractors, and whether one could not be measured, which is told."""
    messages = stderr_console()
    number = sum(1 for _ in placements())
    records, failed = [], False
    with Progress(messages, [runnable.name for runnable in runnables], number) as progress:
        for runnable in runnables:
            try:
                exposure = expose(
                    runnable,
                    timeout=arguments.timeout,
                    memory=arguments.memory,
                    fresh=arguments.fresh,
                    done=partial(progress.advance, runnable.name),
                )
            except CannotLoad as error:
                messages.print(escape_controls(str(error)), style="red", soft_wrap=True)
                failed = True
                continue
            if exposure.unmeasured == number:
                reason = "the story came out of none of the pages, so that nothing was measured"
                messages.print(escape_controls(f"{runnable.name}: {reason}"), style="red", soft_wrap=True)
                failed = True
                continue
            records.append(record_of(exposure))
    if not records:
        raise CannotTell("no extractor could be measured")
    return records, failed


def _show(arguments: argparse.Namespace, written_as: str, records: Sequence[ExposureRecord]) -> None:
    if written_as == "json":
        write_text(json.dumps(exposure_object(records), indent=1, ensure_ascii=False) + "\n", arguments.output)
    elif written_as == "md":
        write_text(exposure_markdown(records), arguments.output)
    else:
        with console_for(arguments.output) as console:
            print_exposure(records, console)


def _accept(names: Sequence[str]) -> int:
    measured = read_records()
    chosen = {name: record for name, record in measured.items() if not names or name in names}
    missing = [name for name in names if name not in measured]
    if missing or not chosen:
        what = f"the exposure of {', '.join(missing)}" if missing else "no exposure"
        measure = command_line("exposure", *(word for name in missing for word in ("-e", name)))
        raise CannotTell(f"{what} was {'not ' if missing else ''}measured in this project yet: {measure}")
    write_records({**read_records(ACCEPTED), **chosen}, ACCEPTED)
    stdout_console().print(f"{plural(len(chosen), 'extractor')} accepted in {Path(ACCEPTED)}", soft_wrap=True)
    return OK
