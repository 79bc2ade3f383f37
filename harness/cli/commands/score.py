"""`harness score`: outputs that were made elsewhere, scored and stored as a run like any other."""

from __future__ import annotations

import argparse
from datetime import datetime, timezone

from rich.console import Console

from harness.cli.choices import choice_of, default_metrics, shown_metrics
from harness.cli.goldens import RunGoldens, common_header, report_goldens, require_pages
from harness.cli.output import write_run
from harness.common.errors import CANNOT_TELL, OK, CannotTell, Impossible
from harness.datasets import DatasetError
from harness.datasets.choice import find_entries
from harness.evaluation.predictions import Predictions, PredictionsError, read_predictions
from harness.evaluation.score_predictions import score_predictions
from harness.goldens.sets import UnknownGoldens, dumps_from
from harness.report.kit.progress import Progress
from harness.report.kit.terminal import harmless, stderr_console
from harness.runs.file import Run, new_run, read_run_file
from harness.runs.summary import unscored

_SHOWN = 3  # ids that are named of those that are missing or surplus


def run(arguments: argparse.Namespace) -> int:
    """Score, store, show. Exit code 3 if a page has no output, or a golden is broken."""
    messages = stderr_console()
    finished, code = execute(arguments, messages)
    write_run(finished, arguments, shown_metrics(finished, arguments.metric))
    messages.print(f"run {finished.id} is stored: harness show {finished.id}", style="dim", soft_wrap=True)
    return code


def execute(arguments: argparse.Namespace, messages: Console) -> tuple[Run, int]:
    """Score what the arguments say: the finished run and the exit code."""
    try:
        found = find_entries(arguments.goldens, dumps_from(arguments.dumps))
        predictions = read_predictions(arguments.predictions)
    except UnknownGoldens as error:
        raise Impossible("\n".join(error.reasons)) from None
    except (DatasetError, PredictionsError) as error:
        raise Impossible(str(error)) from None
    goldens = RunGoldens(found, choice_of(arguments))
    report_goldens(goldens, messages)
    require_pages(goldens, found)
    metrics, notes = default_metrics(arguments.metric, found.metrics)
    for note in notes:
        messages.print(note, style="yellow", soft_wrap=True)
    now = datetime.now(timezone.utc)
    header = {
        **common_header(goldens, metrics, arguments.seed, now),
        "arguments": {
            "goldens": arguments.goldens,
            "extractor": [item.name for item in predictions],
            "predictions": [str(path) for path in arguments.predictions],
            "metric": arguments.metric,
        },
        "extractors": {
            item.name: {"source": item.source, "code": item.sha256, "options": {}, "identity": item.sha256}
            for item in predictions
        },
        "references": [],
    }
    whole = _report_ids(goldens, predictions, messages)
    with (
        new_run(now.strftime("%Y%m%d-%H%M%S"), header) as writer,
        Progress(messages, [item.name for item in predictions], len(goldens.header)) as progress,
    ):
        for item in predictions:
            writer.extractor(item.name, item.version)
        try:
            for record in score_predictions(goldens.entries, predictions, metrics=header["metrics"], jobs=arguments.jobs):
                writer.record(record)
                progress.advance(record.extractor, record.outcome)
        except (DatasetError, PredictionsError) as error:
            raise CannotTell(str(error)) from None
        writer.finish()
    finished = read_run_file(writer.path, texts=False)
    failed = unscored(finished.records)
    for line in failed:
        messages.print(harmless(line), style="yellow", soft_wrap=True)
    return finished, OK if whole and not goldens.mistakes and not failed else CANNOT_TELL


def _report_ids(goldens: RunGoldens, predictions: list[Predictions], messages: Console) -> bool:
    """Say which pages have no output and which outputs have no page. Whether every page has one."""
    whole = True
    for item in predictions:
        missing, surplus = item.missing(goldens.header), item.surplus(goldens.header)
        if missing:
            whole = False
            _say(
                messages,
                f"{item.name}: {len(missing)} of {len(goldens.header)} pages have no output and score worst",
                missing,
            )
        if surplus:
            _say(messages, f"{item.name}: {len(surplus)} outputs belong to none of these pages", surplus)
    return whole


def _say(messages: Console, what: str, ids: list[str]) -> None:
    more = " …" if len(ids) > _SHOWN else ""
    messages.print(harmless(f"{what}: {', '.join(ids[:_SHOWN])}{more}"), style="yellow", soft_wrap=True)
