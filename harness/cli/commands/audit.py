"""`harness audit`: goldens that are probably wrong, by what extractors agree on."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from harness.analysis.audit import FEWEST_EXTRACTORS, audit, outputs_of
from harness.cli.commands import run as run_command
from harness.cli.options import (
    GOLDENS,
    engine_options,
    extractor_option,
    format_name,
    format_options,
    request_options,
    run_request,
)
from harness.cli.writing import console_for, write_text
from harness.common.errors import OK, CannotTell, Impossible
from harness.datasets.entries import find_entries, load_each
from harness.datasets.suspected import main_checksum
from harness.goldens.golden import Golden
from harness.goldens.reader import Mistake
from harness.goldens.sets import dumps_from
from harness.report.audit import audit_as_json, audit_as_suspects, print_audit
from harness.report.kit.terminal import escape_controls, stderr_console
from harness.runs.find import read_run
from harness.runs.record import Run
from harness.runs.request import RunRequest

_FORMATS = ("table", "json", "suspects")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("paths", nargs="*", metavar="GOLDENS", help="what -g takes (default: all sets)")
    parser.add_argument("--run", metavar="RUN", help="judge by the outputs of a stored run: its id, its file, or latest~N")
    extractor_option(parser, "extractor that votes (default: all that are installed)")
    request_options(parser, GOLDENS)
    format_options(parser, _FORMATS)
    engine_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the extractors, or take a stored run, and show which goldens they contradict.

    Exit code 3 where no golden has the outputs of enough extractors, else that of `run`.
    """
    written_as = format_name(arguments, _FORMATS)
    request = replace(run_request(arguments), metrics=("F",))
    if arguments.paths:
        asked_for = request.goldens if any(item.name == "goldens" for item in request.given()) else ()
        request = replace(request, goldens=(*arguments.paths, *asked_for))
    judged, code = _judged(request, arguments)
    if judged is None:
        return code
    asked = judged.header.request
    main: dict[str, str] = {}

    def noted() -> Iterator[Golden]:
        for golden in _goldens(judged, request.goldens or asked.goldens, request.dumps or asked.dumps):
            main[golden.id] = main_checksum(golden)
            yield golden

    found = audit(noted(), outputs_of(judged))
    if not found.voted:
        raise CannotTell(
            f"no golden has text of {FEWEST_EXTRACTORS} extractors that are made for its kind of page: "
            "name more with -e, or another run with --run"
        )
    if written_as == "json":
        write_text(audit_as_json(found), arguments.output)
    elif written_as == "suspects":
        _require_one_set(main)
        write_text(audit_as_suspects(found, main, _voters(judged)), arguments.output)
    else:
        with console_for(arguments.output) as console:
            print_audit(found, console)
    return code


def _require_one_set(golden_ids: Iterable[str]) -> None:
    sets = sorted({golden_id.rpartition("/")[0] for golden_id in golden_ids})
    if len(sets) > 1:
        raise Impossible(f"a list of suspects is of one set, and these are of {', '.join(sets)}: name one")


def _voters(judged: Run) -> list[str]:
    """The extractors of a run that compete, with their versions."""
    names = sorted({record.extractor for record in judged.records} - {*judged.header.references})
    return [f"{name} {version}" if (version := judged.versions.get(name)) else name for name in names]


def _judged(request: RunRequest, arguments: argparse.Namespace) -> tuple[Run | None, int]:
    """The stored run that is named; else a new one, which is not stored: it is not what the gate is to judge."""
    if arguments.run is not None:
        return read_run(arguments.run), OK
    return run_command.execute(request, arguments, stderr_console(), stored=False)


def _goldens(judged: Run, names: Sequence[str], dumps: Sequence[Path]) -> Iterator[Golden]:
    """The goldens of a run that these names select, as they are now; those that changed since the run are left out."""
    messages = stderr_console()

    def broken(mistake: Mistake) -> None:
        messages.print(escape_controls(str(mistake)), style="red", soft_wrap=True)

    entries = find_entries(names, dumps_from(dumps)).entries
    for golden in load_each((entry for entry in entries if entry.id in judged.header.goldens), broken):
        if golden.page.sha256 == judged.header.golden(golden.id).page:
            yield golden
        else:
            messages.print(escape_controls(f"{golden.id}: left out, its page has changed since the run"), soft_wrap=True)
