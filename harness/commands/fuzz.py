"""`harness fuzz`: what changes of the layout do to extractors, as statistics, as findings, and at the limits."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console

from harness import __version__
from harness.commands.extractors import ready, select
from harness.commands.goldens import RunGoldens, report_goldens, require_pages
from harness.commands.options import choice_of
from harness.datasets import DatasetError
from harness.entries import find_entries
from harness.errors import CANNOT_TELL, OK, WORSE, CannotTell, Impossible
from harness.fuzz import findings, limits
from harness.fuzz.ask import CannotLoad
from harness.fuzz.catalogue import UnknownOperator, require_codes
from harness.fuzz.findings import Finding, FindingError
from harness.fuzz.golden_labels import NotExpressible
from harness.fuzz.matrix import Cell, Setting, Skipped, run_matrix
from harness.fuzz.robustness import reliances_of, rows_of, totals_of
from harness.golden import Golden
from harness.golden_sets import UnknownGoldens, dumps_from
from harness.report import fuzz_view
from harness.report.progress import Progress
from harness.report.terminal import file_console, harmless, stderr_console, stdout_console
from harness.runnable import Runnable


def run(arguments: argparse.Namespace) -> int:
    """Do what the arguments ask for. Exit code 1 for new findings, 3 for an extractor or golden that could not be used."""
    if arguments.minimal:
        return _print_minimal(arguments.minimal, arguments.findings)
    if arguments.accept:
        return _accept(arguments)
    codes = tuple(code.strip() for part in arguments.operators for code in part.split(",") if code.strip())
    try:
        require_codes(codes)
    except UnknownOperator as error:
        raise Impossible(str(error)) from None
    if arguments.search and not find_spec("hypothesis"):
        raise Impossible("--search needs Hypothesis: pip install 'extraction-harness[fuzz]'")
    messages = stderr_console()
    selections = select(arguments, messages)
    runnables, unavailable = ready(selections, arguments, messages)
    if not runnables:
        raise CannotTell("no extractor to run; see `harness list extractors`")
    asked_for = any(item.name in arguments.extractor for item in unavailable)
    if arguments.limits:
        return max(_probe(arguments, runnables), CANNOT_TELL if asked_for else OK)
    goldens, broken = _goldens(arguments, messages)
    code = _search(arguments, runnables, goldens, codes, messages) if arguments.search else OK
    if not arguments.search:
        _matrix(arguments, runnables, goldens, codes, messages)
    return code or (CANNOT_TELL if asked_for or broken else OK)


def _goldens(arguments: argparse.Namespace, messages: Console) -> tuple[list[Golden], bool]:
    """The goldens asked for, and whether any is broken."""
    try:
        found = find_entries(arguments.goldens, dumps_from(arguments.dumps))
    except UnknownGoldens as error:
        raise Impossible("\n".join(error.reasons)) from None
    except DatasetError as error:
        raise Impossible(str(error)) from None
    chosen = RunGoldens(found, choice_of(arguments))
    report_goldens(chosen, messages)
    require_pages(chosen, found)
    return list(chosen), bool(chosen.mistakes)


def _matrix(
    arguments: argparse.Namespace,
    runnables: Sequence[Runnable],
    goldens: Sequence[Golden],
    codes: tuple[str, ...],
    messages: Console,
) -> None:
    tracks = {runnable.media for runnable in runnables}
    pages = tuple(golden for golden in goldens if golden.page.media in tracks)
    if not pages:
        raise CannotTell("none of the pages is of a track that these extractors are made for")
    setting = Setting(tuple(runnables), pages, codes, arguments.timeout, arguments.memory)
    cells: list[Cell] = []
    skipped: list[Skipped] = []
    with Progress(messages, ["matrix"], len(pages)) as progress:
        try:
            for item in run_matrix(setting, arguments.jobs, lambda golden: progress.advance("matrix", "ok")):
                if isinstance(item, Cell):
                    cells.append(item)
                else:
                    skipped.append(item)
        except CannotLoad as error:
            raise CannotTell(str(error)) from None
    if not cells:
        reason = f"; {skipped[0].golden}: {skipped[0].reason}" if skipped else ""
        raise CannotTell(f"no operator applies to any page{reason}")
    rows = rows_of(cells)
    totals, reliances = totals_of(cells, rows), reliances_of(cells)
    if arguments.format == "json":
        about = {"harness": __version__, "seed": arguments.seed, "pages": len(pages)}
        written = fuzz_view.matrix_object(cells, skipped, rows, totals, reliances, about)
        _write(json.dumps(written, indent=1, ensure_ascii=False) + "\n", arguments.output)
    elif arguments.format == "md":
        _write(fuzz_view.matrix_markdown(rows, totals), arguments.output)
    elif arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        with arguments.output.open("w", encoding="utf-8") as file:
            fuzz_view.print_matrix(rows, totals, reliances, skipped, file_console(file))
    else:
        fuzz_view.print_matrix(rows, totals, reliances, skipped, stdout_console())


def _search(
    arguments: argparse.Namespace,
    runnables: Sequence[Runnable],
    goldens: Sequence[Golden],
    codes: tuple[str, ...],
    messages: Console,
) -> int:
    try:
        known = findings.accepted(arguments.accepted)
    except FindingError as error:
        raise Impossible(str(error)) from None
    console = stdout_console()
    new = failed = 0
    for runnable, found in _hunted(arguments, runnables, goldens, codes):
        if isinstance(found, str):
            messages.print(harmless(found), style="red", soft_wrap=True)
            failed += 1
            continue
        told: list[tuple[Finding, str]] = []
        for finding in found:
            state = "accepted" if finding.id in known else "known"
            try:
                written = findings.save(finding, arguments.findings)
            except NotExpressible as error:
                messages.print(harmless(f"{finding.id} is not kept: {error}"), style="yellow", soft_wrap=True)
                written, state = None, "not kept"
            if finding.id not in known and (written is not None or arguments.accepted.exists()):
                new, state = new + 1, "new"
            told.append((finding, state))
        if told:
            fuzz_view.print_findings(told, console)
        else:
            console.print(f"{harmless(runnable.name)}: nothing found", soft_wrap=True)
    if new:
        next_steps = "harness replay sees them again, harness fuzz --accept makes them no news"
        messages.print(f"{new} new finding{'s' if new != 1 else ''} in {arguments.findings}; {next_steps}", soft_wrap=True)
    return WORSE if new else CANNOT_TELL if failed else OK


def _hunted(
    arguments: argparse.Namespace, runnables: Sequence[Runnable], goldens: Sequence[Golden], codes: tuple[str, ...]
) -> Iterator[tuple[Runnable, list[Finding] | str]]:
    """The findings of each extractor, in their order; a text says why there are none."""
    from harness.fuzz.hunt import Options

    options = Options(arguments.seed, arguments.examples, arguments.seconds, arguments.timeout)
    jobs = min(arguments.jobs, len(runnables))
    if jobs < 2:
        for runnable in runnables:
            yield runnable, _hunt(runnable, goldens, codes, options)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        waiting: list[tuple[Runnable, Future[list[Finding] | str]]] = [
            (runnable, pool.submit(_hunt, runnable, goldens, codes, options)) for runnable in runnables
        ]
        try:
            for runnable, future in waiting:
                yield runnable, future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _hunt(runnable: Runnable, goldens: Sequence[Golden], codes: tuple[str, ...], options: Any) -> list[Finding] | str:
    from harness.fuzz.hunt import Hunt
    from harness.fuzz.search import strategies_of

    track = [golden for golden in goldens if golden.page.media == runnable.media]
    if not track:
        return f"{runnable.name}: no page is {runnable.media}, which it is made for"
    operators = strategies_of(track[0].page.media, codes)
    if not operators:
        return f"{runnable.name}: none of these operators is for {runnable.media}"
    try:
        return Hunt(runnable, track, operators, options).findings()
    except CannotLoad as error:
        return str(error)


def _probe(arguments: argparse.Namespace, runnables: Sequence[Runnable]) -> int:
    results = []
    for result in limits.run_probes(runnables, timeout=arguments.timeout, memory=arguments.memory):
        results.append(result)
    if arguments.format == "json":
        rows = [{**vars(result), "verdict": result.verdict} for result in results]
        _write(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", arguments.output)
    else:
        fuzz_view.print_probes(results, stdout_console())
    return OK


def _print_minimal(name: str, folder: Path) -> int:
    """The page of a finding as it is, for a bug report; what it is about goes to standard error."""
    finding = _one(name, folder)
    messages = stderr_console()
    version = f" {finding.version}" if finding.version else ""
    messages.print(f"{finding.extractor}{version}: {finding.kind}, {finding.python}", soft_wrap=True)
    sys.stdout.write(finding.page.page.content.rstrip("\n") + "\n")
    return OK


def promote(name: str, folder: Path) -> int:
    """`harness new golden --from FINDING`: its page becomes a golden of the set `found`."""
    finding = _one(name, folder)
    target = Path("goldens/found") if Path("goldens").is_dir() else Path("found")
    try:
        golden = findings.promote(finding, target)
    except FileExistsError as error:
        raise Impossible(f"{error.filename} is there already: the finding is a golden") from None
    except NotExpressible as error:
        raise CannotTell(f"{finding.id}: {error}") from None
    console = stdout_console()
    console.print(f"{golden} has the page of {finding.id} with its labels. Look at them, then:", soft_wrap=True)
    console.print(f"  harness check {golden}", soft_wrap=True)
    return OK


def _one(name: str, folder: Path) -> Finding:
    paths, unknown = findings.find([name], folder)
    if unknown:
        raise Impossible("\n".join(unknown))
    if len(paths) > 1:
        raise Impossible(f"{name!r} stands for {len(paths)} findings: {', '.join(path.stem for path in paths)}")
    try:
        return findings.load(paths[0])
    except FindingError as error:
        raise Impossible(str(error)) from None


def _accept(arguments: argparse.Namespace) -> int:
    paths, _ = findings.find([], arguments.findings)
    try:
        known = findings.accepted(arguments.accepted)
    except FindingError as error:
        raise Impossible(str(error)) from None
    ids = {f"{path.parent.name}/{path.stem}" for path in paths}
    findings.accept(known | ids, arguments.accepted)
    stdout_console().print(f"{len(ids - known)} findings are accepted now, {len(known | ids)} in all: {arguments.accepted}")
    return OK


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
