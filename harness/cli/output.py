"""What `run` and `show` share: a run in the format asked for, to the place asked for."""

from __future__ import annotations

import argparse
import json
import shlex
from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from harness.cli.writing import console_for, write_text
from harness.metrics import METRICS
from harness.report import data, leaderboard
from harness.report.kit.numbers import number
from harness.report.kit.terminal import harmless
from harness.runs.record import Record, Run
from harness.runs.summary import Summary, leading, measured, ranking_metric, summarise, summarise_by, worst


def write_run(run: Run, arguments: argparse.Namespace, metrics: Sequence[str]) -> None:
    """Write the run's summary as the arguments say: `format`, `output`, `by`."""
    references = frozenset(run.header.references)
    if arguments.format == "json":
        write_text(json.dumps(data.run_object(run, arguments.by), indent=2, ensure_ascii=False) + "\n", arguments.output)
    elif arguments.format == "csv":
        write_text(data.run_csv(run), arguments.output)
    elif arguments.format == "md":
        written = leaderboard.leaderboards_markdown(_tracks(run), run.versions, references, metrics, _notes(run))
        write_text(written, arguments.output)
    else:
        with console_for(arguments.output) as console:
            _print_table(run, arguments.by, metrics, console)


def _print_table(run: Run, by: str | None, metrics: Sequence[str], console: Console) -> None:
    references = frozenset(run.header.references)
    leaderboard.print_leaderboards(_tracks(run), run.versions, references, metrics, console, _notes(run))
    if by:
        order = [summary.extractor for summary in summarise(run.records)]
        groups = summarise_by(run.records, by)
        leaderboard.print_by(order, groups, by, ranking_metric(metrics), console)
        if by == "size":
            leaderboard.print_times_by(order, groups, by, console)
    for media in leaderboard.TRACKS:
        if track := [record for record in run.records if record.media == media and record.set not in _unranked(run)]:
            _print_worst(track, references, console)


def _tracks(run: Run) -> dict[str, list[Summary]]:
    """Summaries by track, the best extractor first, or by name where no page can rank them."""
    tracks = summarise_by(run.records, "media")
    ranked = {record.media for record in run.records if record.set not in _unranked(run)}
    return {
        media: summaries if media in ranked else sorted(summaries, key=lambda summary: summary.extractor)
        for media, summaries in tracks.items()
    }


def _unranked(run: Run) -> frozenset[str]:
    return frozenset(run.header.unranked)


def _notes(run: Run) -> list[str]:
    """What a reader must know of the run's goldens: known defects, and sets that no extractor can be ranked by."""
    pages = {record.golden for record in run.records}
    flags = Counter(flag for id in pages for flag in run.header.golden(id).flags)
    flagged = ", ".join(f"{flag} {number}" for flag, number in flags.most_common())
    notes = (
        [f"known defects, in pages of {len(pages)}: {flagged} (harness list flags; --without-flag FLAG)"] if flagged else []
    )
    if sets := sorted(_unranked(run) & {record.set for record in run.records}):
        notes.append(f"not ranked: the main content of {', '.join(sets)} is the output of an extractor")
    return notes


def _print_worst(track: Sequence[Record], references: frozenset[str], console: Console) -> None:
    """The worst page of the extractor that leads a track, and how to see it; nothing if all its pages are perfect."""
    leader = leading(track, references)
    for page in worst((record for record in track if record.extractor == leader), 1):
        metric = METRICS[ranking_metric(measured(page.scores))]
        if page.scores[metric.name] == metric.best:
            continue
        name = harmless(leader)
        score = f"{metric.name} {number(page.scores[metric.name])}"
        console.print(f"Worst page of {name}: {page.golden} ({score}, {page.outcome})", soft_wrap=True)
        console.print(f"  harness show --page {page.golden} -e {shlex.quote(name)}", soft_wrap=True)
