"""A run as tables for people: in the terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from harness.analysis.fabrication import worst_passages
from harness.common.wording import command_line
from harness.metrics import METRICS
from harness.metrics.own.fabrication import FABRICATED
from harness.report import leaderboard
from harness.report.kit.numbers import number
from harness.report.kit.terminal import escape_controls
from harness.report.run_format import RunFormat, RunReport
from harness.runs.record import Record
from harness.runs.summary import best_extractor, metrics_with_values, ranking_metric, summarise_by, worst_pages


def print_table(report: RunReport, console: Console) -> None:
    """Print the tables, the groups that are asked for, and the worst page of the extractor that leads each track."""
    run, metrics = report.run, report.metrics
    leaderboard.print_leaderboards(
        report.tracks,
        run.versions,
        report.references,
        metrics,
        console,
        report.notes,
        asked=report.asked,
        explained=report.explained,
    )
    if report.by:
        for media, summaries in report.tracks.items():
            order = [summary.extractor for summary in summaries]
            groups = summarise_by([record for record in run.records if record.media == media], report.by)
            title, metric = leaderboard.TRACKS[media], ranking_metric(metrics)
            leaderboard.print_by(order, groups, f"{title}, {metric} by {report.by}", metric, console)
            if report.by == "size":
                leaderboard.print_times_by(order, groups, f"{title}, ms and ms 95% by size", console)
    ranked = [record for record in run.records if record.set not in report.unranked]
    for media, name in leaderboard.TRACKS.items():
        if track := [record for record in ranked if record.media == media]:
            _print_worst(track, report.references, console, name if len(track) < len(ranked) else "")
    if FABRICATED in metrics:
        _print_fabrication(run.records, console)


def markdown(report: RunReport) -> str:
    """The tables as Markdown."""
    versions = report.run.versions
    return leaderboard.leaderboards_markdown(report.tracks, versions, report.references, report.metrics, report.notes)


def _print_worst(track: Sequence[Record], references: frozenset[str], console: Console, name: str) -> None:
    """The worst page of the extractor that leads a track, and how to see it; nothing if all its pages are perfect.

    name: of the track, where there are several.
    """
    leader = best_extractor(track, references)
    for page in worst_pages((record for record in track if record.extractor == leader), 1):
        metric = METRICS[ranking_metric(metrics_with_values(page.scores))]
        if page.scores[metric.name] == metric.best:
            continue
        where = f" ({name})" if name else ""
        score = f"{metric.name} {number(page.scores[metric.name])}"
        console.print(
            f"Worst page of {escape_controls(leader)}{where}: {page.golden} ({score}, {page.outcome})", soft_wrap=True
        )
        console.print(f"  {command_line('show', '--page', page.golden, '-e', leader)}", soft_wrap=True)


def _print_fabrication(records: Sequence[Record], console: Console) -> None:
    """The passage with most words that its page does not have, and how to see the others; nothing if there is none."""
    found = [record for record in records if record.fabricated]
    if found:
        most = max(found, key=lambda record: max(record.fabricated.values()))
        (passage,) = worst_passages([most], 1)
        console.print(escape_controls(f"Not on the page, {most.extractor}: {passage}"), soft_wrap=True, markup=False)
        console.print(f"  {command_line('show', '--fabricated', '-e', most.extractor)}", soft_wrap=True)


TABLE = RunFormat("table", "tables for a terminal", show=print_table, order=1)
MARKDOWN = RunFormat("md", "tables in Markdown", text=markdown, order=4)
