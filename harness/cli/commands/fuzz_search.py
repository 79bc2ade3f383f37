"""`harness fuzz --search`: the worst layouts of each extractor as findings, and `--accept`, which accepts them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from typing import Any

from rich.console import Console

from harness import __version__
from harness.cli.writing import console_for, write_text
from harness.common import extensions
from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.common.pool import process_pool
from harness.common.wording import plural
from harness.engine.seat import CannotLoad
from harness.evaluation.goldens import RunGoldens
from harness.fuzz.findings import searches
from harness.fuzz.findings.finding import Finding, find_findings, read_accepted, write_accepted, write_finding
from harness.goldens.golden import Golden
from harness.goldens.hashes import goldens_hash
from harness.goldens.writer import NotExpressible
from harness.metrics.definitions import definitions
from harness.plugins.runnable import Runnable
from harness.report import fuzzing
from harness.report.kit.terminal import escape_controls, stdout_console


def search(
    arguments: argparse.Namespace,
    runnables: Sequence[Runnable],
    chosen: RunGoldens,
    codes: tuple[str, ...],
    messages: Console,
) -> int:
    """Search, keep and tell what is found. Exit code 1 for new findings, 3 for an extractor that could not be searched."""
    known = read_accepted(arguments.accepted)
    goldens = list(chosen)
    done: list[searches.SearchRecord] = []
    states: dict[str, str] = {}  # of findings, by id
    with nullcontext() if arguments.format == "json" else console_for(arguments.output) as console:
        for runnable, found in _findings_by_extractor(arguments, runnables, goldens, codes):
            recorded: list[searches.FindingSummary] = []
            shown: list[Finding] = []
            try:
                for finding in found:
                    states[finding.id], kept = _keep(finding, known, arguments, messages)
                    recorded.append(searches.summary_of(finding, kept))
                    shown.append(finding)
            except _NotSearched as reason:
                messages.print(escape_controls(str(reason)), style="red", soft_wrap=True)
                continue
            pages = {
                golden.id: chosen.facts[golden.id].hashes
                for golden in goldens
                if golden.page.media == runnable.declared.media
            }
            done.append(_record(arguments, runnable, codes, pages, recorded))
            searches.write_search(done[-1], arguments.findings)
            if console:
                fuzzing.print_findings(runnable.name, [(finding, states[finding.id]) for finding in shown], console)
    if arguments.format == "json":
        written = json.dumps(fuzzing.searches_object(done, states), indent=1, ensure_ascii=False)
        write_text(written + "\n", arguments.output)
    if new := list(states.values()).count("new"):
        next_steps = "`harness replay` runs them again, `harness fuzz --accept` accepts them"
        messages.print(f"{plural(new, 'new finding')} in {arguments.findings}; {next_steps}", soft_wrap=True)
    return WORSE if new else CANNOT_TELL if len(done) < len(runnables) else OK


def _keep(finding: Finding, known: frozenset[str], arguments: argparse.Namespace, messages: Console) -> tuple[str, bool]:
    """Write a finding down; what is known of it, and whether its page could be kept."""
    try:
        written = write_finding(finding, arguments.findings)
        kept = True
    except NotExpressible as error:
        messages.print(escape_controls(f"{finding.id} is not kept: {error}"), style="yellow", soft_wrap=True)
        written, kept = None, False
    if finding.id in known:
        return "accepted", kept
    # With a list of what is accepted, everything else is news; without one, what was not found before.
    if written is not None or arguments.accepted.exists():
        return "new", kept
    return "known" if kept else "not kept", kept


def _record(
    arguments: argparse.Namespace,
    runnable: Runnable,
    codes: tuple[str, ...],
    goldens: Mapping[str, tuple[str, str]],
    found: Sequence[searches.FindingSummary],
) -> searches.SearchRecord:
    return searches.SearchRecord(
        extractor=runnable.name,
        identity=runnable.identity,
        harness=__version__,
        definitions=definitions(()),
        goldens=goldens_hash(goldens),
        seed=arguments.search_seed,
        examples=arguments.examples,
        operators=tuple(sorted(set(codes))),
        seconds=arguments.seconds,
        timeout=arguments.timeout,
        found=tuple(sorted(found, key=lambda one: one.id)),
    )


def _findings_by_extractor(
    arguments: argparse.Namespace, runnables: Sequence[Runnable], goldens: Sequence[Golden], codes: tuple[str, ...]
) -> Iterator[tuple[Runnable, Iterator[Finding]]]:
    """The findings of each extractor, in their order; of one process as they are found. They raise _NotSearched."""
    from harness.fuzz.search.extractor_search import SearchOptions

    options = SearchOptions(
        arguments.search_seed, arguments.examples, arguments.seconds, timeout=arguments.timeout, memory=arguments.memory
    )
    jobs = min(arguments.jobs, len(runnables))
    if jobs < 2:
        for runnable in runnables:
            yield runnable, _search_one(runnable, goldens, codes, options)
        return
    with process_pool(jobs) as pool:
        waiting: list[tuple[Runnable, Future[tuple[list[Finding] | str, list[str]]]]] = [
            (runnable, pool.submit(_search_elsewhere, runnable, goldens, codes, options)) for runnable in runnables
        ]
        for runnable, future in waiting:
            yield runnable, _found_elsewhere(future)


def _found_elsewhere(future: Future[tuple[list[Finding] | str, list[str]]]) -> Iterator[Finding]:
    found, failures = future.result()
    extensions.note_failure(*failures)
    if isinstance(found, str):
        raise _NotSearched(found)
    yield from found


def _search_elsewhere(
    runnable: Runnable, goldens: Sequence[Golden], codes: tuple[str, ...], options: Any
) -> tuple[list[Finding] | str, list[str]]:
    """The findings, or why there are none, and which extensions failed."""
    try:
        return list(_search_one(runnable, goldens, codes, options)), extensions.take_failures()
    except _NotSearched as reason:
        return str(reason), extensions.take_failures()


class _NotSearched(Exception):
    """An extractor that cannot be searched; the message says why."""


def _search_one(runnable: Runnable, goldens: Sequence[Golden], codes: tuple[str, ...], options: Any) -> Iterator[Finding]:
    """The findings of an extractor, as they are found. Raises _NotSearched."""
    from harness.fuzz.search.extractor_search import ExtractorSearch
    from harness.fuzz.search.search import strategies_of

    track = [golden for golden in goldens if golden.page.media == runnable.declared.media]
    if not track:
        raise _NotSearched(f"{runnable.name}: no page is {runnable.declared.media}, which it is made for")
    operators = strategies_of(track[0].page.media, codes)
    if not operators:
        raise _NotSearched(f"{runnable.name}: none of these operators is for {runnable.declared.media}")
    left_out: list[str] = []
    one_search = ExtractorSearch(runnable, track, operators, options, left_out.append)
    if len(left_out) == len(track):
        raise _NotSearched(f"{runnable.name}: no page can be searched: {left_out[0]}")
    try:
        yield from one_search.findings()
    except CannotLoad as error:
        raise _NotSearched(str(error)) from None


def accept(arguments: argparse.Namespace) -> int:
    """Add all findings that are there to the accepted ones."""
    paths, _ = find_findings([], arguments.findings)
    known = read_accepted(arguments.accepted)
    found = [found for search in searches.read_searches(arguments.findings) for found in search.found]
    ids = {f"{path.parent.name}/{path.stem}" for path in paths} | {item.id for item in found if not item.kept}
    write_accepted(known | ids, arguments.accepted)
    added = plural(len(ids - known), "finding")
    stdout_console().print(f"{added} accepted now, {len(known | ids)} in all: {arguments.accepted}", soft_wrap=True)
    return OK
