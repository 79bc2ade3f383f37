"""`harness fuzz`: what changes of the layout do to extractors, as statistics and at the limits."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from harness import __version__
from harness.cli.commands.fuzz_search import accept, search
from harness.cli.listen import ready_extractors, tell_left_out
from harness.cli.options import (
    ENVIRONMENT,
    GOLDENS,
    extractor_option,
    findings_option,
    format_name,
    format_options,
    jobs_option,
    request_options,
    run_request,
    word,
    worker_options,
)
from harness.cli.writing import console_for, write_text
from harness.common.errors import CANNOT_TELL, OK, CannotTell, Impossible
from harness.common.options import integer, positive_integer, seconds
from harness.common.places import ACCEPTED_FINDINGS, in_project, of_project
from harness.common.wording import command_line, pip_install
from harness.evaluation.goldens import RunGoldens
from harness.fuzz.catalogue import require_codes
from harness.fuzz.findings.finding import Finding, find_findings, promote_finding, read_finding
from harness.fuzz.measure import limits
from harness.fuzz.measure.matrix import MatrixCell, MatrixSetting, SkippedPage, run_matrix
from harness.fuzz.measure.robustness import reliances_of, rows_of, totals_of
from harness.goldens.golden import Golden
from harness.goldens.writer import NotExpressible
from harness.plugins.runnable import Runnable
from harness.report import fuzzing
from harness.report.kit.progress import Progress
from harness.report.kit.terminal import stderr_console, stdout_console


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    extractor_option(parser, "extractor to break (default: all that are installed here)")
    request_options(parser, GOLDENS)
    parser.add_argument(
        "--operators",
        action="append",
        default=[],
        metavar="CODES",
        help="only these changes of the layout, such as T4,D18 (default: all but sizes)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--search", action="store_true", help="look for the worst layouts; write the smallest of each kind as findings"
    )
    what.add_argument("--limits", action="store_true", help="a fixed list of pages at the limits: depth, number, size")
    what.add_argument("--minimal", metavar="FINDING", help="print the page of a finding, for a bug report")
    what.add_argument("--accept", action="store_true", help="accept the findings that are there: they count as known")
    parser.add_argument(
        "--search-seed", type=word(integer), default=0, metavar="S", help="which layouts --search tries (default: 0)"
    )
    parser.add_argument(
        "--examples",
        type=word(positive_integer),
        default=300,
        metavar="N",
        help="layouts that --search looks at, for each extractor (default: 300)",
    )
    parser.add_argument(
        "--seconds", type=word(seconds), metavar="N", help="end looking after so long; results then depend on the machine"
    )
    findings_option(parser)
    parser.add_argument(
        "--accepted",
        type=Path,
        default=in_project(ACCEPTED_FINDINGS),
        metavar="FILE",
        help=f"list of accepted findings (default: {ACCEPTED_FINDINGS})",
    )
    format_options(parser)
    jobs_option(parser)
    worker_options(parser)
    parser.add_argument("--fresh", action="store_true", help="in a matrix, ask extractors even where the answer is cached")
    request_options(parser, (*ENVIRONMENT, "dumps"))


def run(arguments: argparse.Namespace) -> int:
    """Do what the arguments ask for. Exit code 1 for new findings, 3 for an extractor or golden that could not be used."""
    if arguments.minimal:
        return _print_minimal(arguments.minimal, arguments.findings)
    if arguments.accept:
        return accept(arguments)
    arguments.format = format_name(arguments)
    codes = tuple(code.strip() for part in arguments.operators for code in part.split(",") if code.strip())
    require_codes(codes)
    if arguments.format == "md" and (arguments.search or arguments.limits):
        raise Impossible("Markdown is written of the matrix only; --search and --limits write a table or --format json")
    if arguments.search and not find_spec("hypothesis"):
        raise Impossible(f"--search needs Hypothesis: {pip_install('fuzz')}")
    messages = stderr_console()
    request = run_request(arguments)
    runnables, complete = ready_extractors(request, messages)
    if arguments.limits:
        return max(_probe(arguments, runnables), OK if complete else CANNOT_TELL)
    goldens = RunGoldens(request)
    tell_left_out(goldens, messages)
    goldens.require_pages()
    code = search(arguments, runnables, goldens, codes, messages) if arguments.search else OK
    if not arguments.search:
        _matrix(arguments, runnables, list(goldens), codes, messages)
    return code or (OK if complete and not goldens.mistakes else CANNOT_TELL)


def _matrix(
    arguments: argparse.Namespace,
    runnables: Sequence[Runnable],
    goldens: Sequence[Golden],
    codes: tuple[str, ...],
    messages: Console,
) -> None:
    tracks = {runnable.declared.media for runnable in runnables}
    pages = tuple(golden for golden in goldens if golden.page.media in tracks)
    if not pages:
        raise CannotTell("none of the pages is of a track that these extractors are made for")
    setting = MatrixSetting(tuple(runnables), pages, codes, arguments.timeout, arguments.memory, arguments.fresh)
    cells: list[MatrixCell] = []
    skipped: list[SkippedPage] = []
    with Progress(messages, ["matrix"], len(pages)) as progress:
        for item in run_matrix(setting, arguments.jobs, lambda golden: progress.advance("matrix", "ok")):
            if isinstance(item, MatrixCell):
                cells.append(item)
            else:
                skipped.append(item)
    if not cells:
        reason = f"; {skipped[0].golden}: {skipped[0].reason}" if skipped else ""
        raise CannotTell(f"no operator applies to any page{reason}")
    rows = rows_of(cells)
    totals, reliances = totals_of(cells, rows), reliances_of(cells)
    if arguments.format == "json":
        about = {"harness": __version__, "seed": arguments.seed, "pages": len(pages)}
        written = fuzzing.matrix_object(cells, skipped, rows, totals, reliances, about)
        write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", arguments.output)
    elif arguments.format == "md":
        write_text(fuzzing.matrix_markdown(rows, totals), arguments.output)
    else:
        with console_for(arguments.output) as console:
            fuzzing.print_matrix(rows, totals, reliances, skipped, console)


def _probe(arguments: argparse.Namespace, runnables: Sequence[Runnable]) -> int:
    results = []
    for result in limits.run_probes(runnables, timeout=arguments.timeout, memory=arguments.memory):
        results.append(result)
    if arguments.format == "json":
        rows = [{**vars(result), "verdict": result.conclusion} for result in results]
        write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", arguments.output)
    else:
        with console_for(arguments.output) as console:
            fuzzing.print_probes(results, console)
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
    goldens = of_project("goldens")
    target = goldens / "found" if goldens.is_dir() else Path("found")
    try:
        golden = promote_finding(finding, target)
    except FileExistsError as error:
        raise Impossible(f"{error.filename} is there already: the finding is a golden") from None
    except NotExpressible as error:
        raise CannotTell(f"{finding.id}: {error}") from None
    console = stdout_console()
    console.print(f"{golden} has the page of {finding.id} with its labels. Look at them, then:", soft_wrap=True)
    console.print(f"  {command_line('check', golden)}", soft_wrap=True)
    return OK


def _one(name: str, folder: Path) -> Finding:
    paths, unknown = find_findings([name], folder)
    if unknown:
        raise Impossible("\n".join(unknown))
    if len(paths) > 1:
        raise Impossible(f"{name!r} stands for {len(paths)} findings: {', '.join(path.stem for path in paths)}")
    return read_finding(paths[0])
