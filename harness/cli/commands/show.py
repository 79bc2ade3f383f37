"""`harness show`: a stored run again, its worst pages, or one page as a diff."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.analysis.agreement import agreement
from harness.analysis.confidence import confidence_of
from harness.analysis.fabrication import fabrication_of
from harness.analysis.policies import by_policy
from harness.analysis.ranks import ranks
from harness.cli.metrics import command_to_score, shown_metrics
from harness.cli.options import (
    FILTERS,
    by_option,
    choice_of,
    format_name,
    measured_extractor_option,
    request_options,
    run_argument,
    run_format_options,
    word,
)
from harness.cli.output import run_format, write_run
from harness.cli.writing import console_for, write_text
from harness.common.errors import OK, WORSE, CannotTell, Impossible
from harness.common.options import positive_integer
from harness.common.wording import did_you_mean, plural
from harness.datasets.choice import Choice
from harness.engine.answer import FAILURES
from harness.evaluation.digests import facts_of
from harness.evaluation.further import under_policies, with_failed_facts, with_metrics
from harness.evaluation.goldens import golden_of
from harness.goldens.golden import Golden, Snippets, undecided_golden
from harness.goldens.reader import GoldenError, Mistake, PageNotFound, read_golden
from harness.goldens.sets import dumps_from, find_goldens
from harness.metrics import METRICS
from harness.metrics.choice import metric_names
from harness.metrics.own.fabrication import FABRICATED
from harness.report.agreement import print_agreement
from harness.report.confidence import print_confidence
from harness.report.diff import print_diff
from harness.report.fabrication import PASSAGES, print_fabrication
from harness.report.facts import print_failed_facts
from harness.report.golden import print_golden
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls, stderr_console, stdout_console
from harness.report.leaderboard import TRACKS
from harness.report.policies import policies_markdown, print_policies
from harness.report.ranks import print_ranks
from harness.report.snippets import print_snippets
from harness.report.three_way import print_three_way
from harness.report.worst import print_worst_pages
from harness.runs.chosen import chosen
from harness.runs.comparable import why_not_golden
from harness.runs.find import NoRun, read_run
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run
from harness.runs.summary import best_extractor, metrics_with_values, ranking_metric, summarise, worst_pages


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    run_argument(parser)
    parser.add_argument("--page", metavar="ID", help="one page: as a diff for each -e, or its labels without -e")
    parser.add_argument(
        "--golden", metavar="ID", help="the labels of a golden or golden file, over its page; also of one with mistakes"
    )
    parser.add_argument(
        "--worst", type=word(positive_integer), metavar="N", help="the N worst pages (of the extractors given by -e)"
    )
    parser.add_argument("--facts", action="store_true", help="each fact that an output does not fulfil, a line each")
    parser.add_argument("--fabricated", action="store_true", help="passages of words that the page does not have")
    parser.add_argument("--confidence", action="store_true", help="what the confidence that extractors give is worth")
    parser.add_argument("--ranks", action="store_true", help="where metrics rank the extractors differently")
    parser.add_argument("--agreement", action="store_true", help="how many of their words two extractors have in common")
    parser.add_argument(
        "--policy",
        action="append",
        default=[],
        metavar="NAME",
        help="score the outputs again under a policy (`harness list policies`) or FILE.yaml; give several to compare",
    )
    measured_extractor_option(parser, "extractor to show")
    request_options(parser, ["metrics"])
    request_options(parser, FILTERS)
    by_option(parser)
    run_format_options(parser)
    request_options(parser, ["plugins", "dumps"])


def run(arguments: argparse.Namespace) -> int:
    """Show what was asked for."""
    _require_one_view(arguments)
    console = stdout_console()
    if arguments.golden:
        return _show_golden(arguments, console)
    if arguments.page and not arguments.extractor:
        print_golden(_golden(arguments, arguments.page), console)
        return OK
    choice = choice_of(arguments)
    asked = (arguments.page, arguments.agreement, arguments.facts, arguments.fabricated, arguments.metric, arguments.policy)
    texts = any(asked)
    stored = read_run(arguments.run_name, texts=texts)
    if not stored.records:
        raise CannotTell(f"run {stored.id} holds no result")
    _require_extractors(stored, arguments.extractor)
    if len(set(arguments.policy)) > 1:
        _show_policies(_filtered(stored, choice, arguments.extractor), arguments)
        return OK
    if arguments.policy:
        (stored,) = under_policies(stored, arguments.policy).values()
    if arguments.page:
        _show_page(stored, arguments, console)
        return OK
    stored = _filtered(stored, choice, arguments.extractor)
    if arguments.facts:
        stored = with_failed_facts(stored)
    if arguments.metric:
        stored = _with_metrics(stored, arguments)
    metrics = shown_metrics(stored, arguments.metric)
    if arguments.ranks:
        _show_ranks(stored, arguments, console)
    elif arguments.facts:
        print_failed_facts([record for record in stored.records if record.repeat == 0], console)
    elif arguments.fabricated:
        first = tuple(record for record in stored.records if record.repeat == 0)
        scored = with_metrics(replace(stored, records=first), [FABRICATED]).records
        print_fabrication(fabrication_of(scored, PASSAGES), console)
    elif arguments.confidence:
        _show_confidence(stored, console)
    elif arguments.agreement:
        stored.require_texts(stored.records)
        print_agreement(agreement(stored.records), console)
    elif arguments.worst:
        _show_worst(stored, arguments, console)
    else:
        if not stored.finished:
            results = plural(len(stored.records), "result")
            stderr_console().print(f"run {stored.id} was not finished: {results}", style="yellow")
        write_run(stored, run_format(arguments), arguments, metrics)
    return OK


def _show_policies(stored: Run, arguments: argparse.Namespace) -> None:
    tracks = by_policy(under_policies(stored, arguments.policy))
    if format_name(arguments) == "md":
        write_text(policies_markdown(tracks), arguments.output)
        return
    with console_for(arguments.output) as console:
        print_policies(tracks, console)


def _with_metrics(stored: Run, arguments: argparse.Namespace) -> Run:
    """The run with the metrics that are asked for. Raises CannotTell with the command that measures those that its texts do
    not tell."""
    try:
        return with_metrics(stored, metric_names(arguments.metric))
    except CannotTell as error:
        command = command_to_score(stored, arguments.metric)
        raise CannotTell(f"{error}; its known outputs are scored by:\n  {command}") from None


def _require_one_view(arguments: argparse.Namespace) -> None:
    """Raise Impossible for views that exclude each other, and for a format of what has only one."""
    names = ("golden", "page", "worst", "facts", "fabricated", "confidence", "ranks", "agreement")
    views = [f"--{name}" for name in names if getattr(arguments, name)]
    several = ["several --policy"] if len(set(arguments.policy)) > 1 else []
    if len(views + several) > 1:
        raise Impossible(f"{' and '.join(views + several)} exclude each other: choose one")
    if several and format_name(arguments) not in ("table", "md"):
        raise Impossible(f"several --policy are written as table or md, not as {format_name(arguments)}")
    if views and (arguments.format not in (None, "table") or arguments.output):
        raise Impossible(f"--format and --output are for the table of a run; {views[0]} prints to the terminal")


def _filtered(stored: Run, choice: Choice, extractors: Sequence[str]) -> Run:
    """The run with the records of the pages and extractors that are asked for. Raises CannotTell if there are none."""
    own = tuple(record for record in stored.records if record.extractor in extractors or not extractors)
    return chosen(replace(stored, records=own), choice)


def _show_golden(arguments: argparse.Namespace, console: Console) -> int:
    """What labels say of a page, before anything is run. Exit code 1 if some have mistakes, which are named."""
    dumps = dumps_from(arguments.dumps)
    mistakes: list[Mistake] = []
    for file in find_goldens([arguments.golden]):
        try:
            print_golden(read_golden(file.path, dumps, file.id), console)
        except GoldenError as error:
            if error.golden is not None:
                print_golden(error.golden, console)
            mistakes += error.mistakes
        except PageNotFound as error:
            raise CannotTell(f"{error}: supply it with --dumps DIR") from None
    for mistake in mistakes:
        console.print(escape_controls(str(mistake)), soft_wrap=True, style="red")
    return WORSE if mistakes else OK


def _show_page(stored: Run, arguments: argparse.Namespace, console: Console) -> None:
    asked_for = [r for r in stored.records if r.golden == arguments.page and r.extractor in arguments.extractor]
    records = [record for record in asked_for if record.repeat == 0]
    if not records:
        known = {record.golden for record in stored.records}
        raise Impossible(f"run {stored.id} has no page {arguments.page!r}{did_you_mean(arguments.page, known)}")
    stored.require_texts(records)
    metrics = list(METRICS)
    if arguments.metric:
        page = _with_metrics(replace(stored, records=tuple(records)), arguments)
        metrics, records = shown_metrics(page, arguments.metric), list(page.records)
    golden = _golden(arguments, arguments.page, stored)
    if why := why_not_golden(stored.header.golden(golden.id), facts_of(golden)):
        again = shlex.join(stored.header.request.to_words())
        raise CannotTell(f"{golden.id}: {why} since run {stored.id}; measure it again by:\n  {again}")
    if not golden.has_main_content and len(records) == 2 and golden.snippets is None:
        golden = undecided_golden(golden)
    if not golden.has_main_content:
        for record in records:
            _show_heading(golden, record, stored, console, metrics)
            print_snippets(golden.snippets or Snippets((), ()), console, record.text)
        return
    if len(records) == 2:
        first, second = sorted(records, key=lambda record: arguments.extractor.index(record.extractor))
        for record in (first, second):
            _show_heading(golden, record, stored, console, metrics)
        _show_two(golden, first, second, console)
        return
    for record in records:
        _show_heading(golden, record, stored, console, metrics)
        print_diff(align(page_words(golden), record.text), console)


def _show_two(golden: Golden, first: Record, second: Record, console: Console) -> None:
    """Two outputs and the golden as one text."""
    words = page_words(golden)
    laid = align(words, first.text), align(words, second.text)
    print_three_way(words, *laid, (first.extractor, second.extractor), console)


def _show_heading(golden: Golden, record: Record, stored: Run, console: Console, metrics: Sequence[str]) -> None:
    version = stored.versions.get(record.extractor) or ""
    note = " (converted for it)" if record.coerced else ""
    if (repeats := stored.header.request.repeat) > 1:
        note += f" (the first of {repeats} times)"
    console.print(escape_controls(f"{golden.id}   {record.extractor} {version}   {record.outcome}{note}"), style="bold")
    if record.outcome in FAILURES:
        console.print(escape_controls(record.error), style="red", soft_wrap=True)
    console.print(
        "   ".join(f"{name} {number(value)}" for name, value in record.scores.items() if name in metrics), style="dim"
    )


def _show_confidence(stored: Run, console: Console) -> None:
    """By track. Raises CannotTell where no extractor gave one."""
    tracks = {title: confidence_of([r for r in stored.records if r.media == media]) for media, title in TRACKS.items()}
    if not any(tracks.values()):
        raise CannotTell(f"no extractor of run {stored.id} gave a confidence: see `page.confidence` in docs/models.md")
    for title, found in tracks.items():
        if found:
            print_confidence(found, title, console)


def _show_ranks(stored: Run, arguments: argparse.Namespace, console: Console) -> None:
    """By track, the metrics asked for, else every F of the run, over the extractors asked for, else those that compete."""
    computed = [name for name in METRICS if name in stored.header.metrics]
    metrics = metric_names(arguments.metric) or [name for name in computed if name in ("F", "MER") or name.endswith(".F")]
    references = frozenset(stored.header.references)
    records = list(stored.records)
    if not arguments.extractor:
        records = [r for r in records if r.extractor not in references and not r.coerced] or records
    tracks = {title: summarise([r for r in records if r.media == media]) for media, title in TRACKS.items()}
    if not any(len(summaries) > 1 for summaries in tracks.values()):
        raise CannotTell(f"run {stored.id} has no two extractors to rank on the pages of one track")
    for title, summaries in tracks.items():
        if len(summaries) > 1:
            print_ranks(ranks(summaries, metrics), title, console)


def _show_worst(stored: Run, arguments: argparse.Namespace, console: Console) -> None:
    records = stored.records if arguments.extractor else list(_own_pages_of_leaders(stored))
    names = sorted({record.extractor for record in records})
    metric = ranking_metric(metric_names(arguments.metric) or metrics_with_values(records[0].scores))
    rows = worst_pages(records, arguments.worst, metric)
    if not rows:
        raise CannotTell(f"run {stored.id} has no page with a value of {metric}")
    print_worst_pages(rows, metric, names, console)
    named = [arguments.run_name] if arguments.run_name else []
    words = ["harness", "show", *named, "--page", escape_controls(rows[0].golden), "-e", escape_controls(rows[0].extractor)]
    console.print(f"\n  {shlex.join(words)}", soft_wrap=True)


def _own_pages_of_leaders(stored: Run) -> Iterator[Record]:
    """For each track the pages of the extractor that leads it, of those that are made for it."""
    for track in TRACKS:
        records = [record for record in stored.records if record.media == track]
        if records:
            leader = best_extractor(records, frozenset(stored.header.references))
            yield from (record for record in records if record.extractor == leader)


def _require_extractors(stored: Run, names: list[str]) -> None:
    known = {record.extractor for record in stored.records}
    unknown = [name for name in names if name not in known]
    if unknown:
        lines = [f"run {stored.id} has no extractor {name!r}{did_you_mean(name, known)}" for name in unknown]
        raise Impossible("\n".join(lines))


def _golden(arguments: argparse.Namespace, golden_id: str, stored: Run | None = None) -> Golden:
    """The golden with this id, of the goldens that a run was over: the given one, else the one named if it has the id."""
    if stored is None:
        try:
            named = read_run(arguments.run_name, texts=False)
        except NoRun:
            if arguments.run_name:
                raise
            named = None  # labels can be shown before anything was run
        stored = named if named and golden_id in named.header.goldens else None
    header = stored.header if stored else RunHeader("")
    return golden_of(replace(header.request, dumps=tuple(arguments.dumps)), golden_id, header.policy)
