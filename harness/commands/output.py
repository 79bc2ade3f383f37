"""What `run` and `show` share: a run in the format asked for, to the place asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness.errors import Impossible
from harness.metrics import METRICS
from harness.report import data, table
from harness.report.terminal import harmless, stdout_console
from harness.store import Record, Run
from harness.suggest import did_you_mean
from harness.summary import ranking_metric, summarise, summarise_by, worst


def metric_names(names: Sequence[str]) -> list[str]:
    """The metrics asked for, or the usual ones. Raises Impossible with all unknown names."""
    unknown = [
        f"unknown metric {name!r}{did_you_mean(name, METRICS) or '; known: ' + ', '.join(METRICS)}"
        for name in names
        if name not in METRICS
    ]
    if unknown:
        raise Impossible("\n".join(unknown))
    return list(dict.fromkeys(names)) or list(table.DEFAULT_METRICS)


def write_run(run: Run, arguments: argparse.Namespace, metrics: Sequence[str]) -> None:
    """Write the run's summary as the arguments say: `format`, `output`, `by`."""
    references = frozenset(run.header["references"])
    tracks = summarise_by(run.records, "media")
    if arguments.format == "json":
        _write(json.dumps(data.run_object(run, arguments.by), indent=2, ensure_ascii=False) + "\n", arguments.output)
    elif arguments.format == "csv":
        _write(data.run_csv(run), arguments.output)
    elif arguments.format == "md":
        _write(table.leaderboards_markdown(tracks, run.versions, references, metrics), arguments.output)
    elif arguments.output:
        arguments.output.parent.mkdir(parents=True, exist_ok=True)
        with arguments.output.open("w", encoding="utf-8") as file:
            _print_table(run, arguments.by, metrics, Console(file=file, width=160))
    else:
        _print_table(run, arguments.by, metrics, stdout_console())


def _print_table(run: Run, by: str | None, metrics: Sequence[str], console: Console) -> None:
    references = frozenset(run.header["references"])
    table.print_leaderboards(summarise_by(run.records, "media"), run.versions, references, metrics, console)
    if by:
        order = [summary.extractor for summary in summarise(run.records)]
        table.print_by(order, summarise_by(run.records, by), by, ranking_metric(metrics), console)
    for media in table.TRACKS:
        if page := _worst_of_best([record for record in run.records if record.media == media], references):
            score = ranking_metric(page.scores)
            extractor = harmless(page.extractor)
            console.print(
                f"Worst page of {extractor}: {page.golden} ({score} {table.number(page.scores[score])}, {page.outcome})\n"
                f"  harness show --page {page.golden} -e {extractor}",
                soft_wrap=True,
            )


def _worst_of_best(track: Sequence[Record], references: frozenset[str]) -> Record | None:
    """The worst page of the extractor that leads its own track."""
    own = [record for record in track if not record.coerced]
    records = [record for record in own if record.extractor not in references] or own or list(track)
    for summary in summarise(records):
        return worst((record for record in records if record.extractor == summary.extractor), 1)[0]
    return None


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
