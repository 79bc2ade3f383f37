"""Scores outputs that were made elsewhere and stores them as a run like any other; yields events."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from harness.common import extensions
from harness.common.errors import Impossible
from harness.engine.cache import OutputCache
from harness.evaluation.events import Begun, Event, Finished, Measured, OutputsMissing, OutputsSurplus, Uncomputed
from harness.evaluation.goldens import RunGoldens
from harness.evaluation.predictions import Predictions, read_predictions
from harness.evaluation.run import header_of, left_out_events
from harness.evaluation.score_predictions import score_predictions
from harness.metrics.choice import metric_names, usual_metrics
from harness.runs.file import new_run, run_id
from harness.runs.header import ExtractorFacts
from harness.runs.request import RunRequest


def score(request: RunRequest, *, jobs: int = 1, folder: Path | None = None) -> Generator[Event, None, None]:
    """Score the predictions of a request, and tell it as it goes on; the last event is `Finished`.

    jobs: processes that score. folder: where the run is stored; None: in the project. Raises Impossible for names and files
    that cannot be used, CannotTell where there is no page.
    """
    extensions.use_plugin_files(request.plugins)
    shown, uncomputed = metric_names(request.metrics), list[str]()
    with closing(OutputCache(lambda warning: None)) as cache:
        goldens = RunGoldens(request, cache)
    predictions = read_predictions(request.predictions)
    if not request.metrics:
        shown, uncomputed = usual_metrics(goldens.groups)
    yield from left_out_events(goldens)
    if uncomputed:
        yield Uncomputed(tuple(uncomputed))
    goldens.require_pages()
    _require_one_golden_each(goldens, predictions)
    now = datetime.now(timezone.utc)
    header = replace(
        header_of(replace(request, extractors=tuple(item.name for item in predictions)), goldens, shown),
        started=now.isoformat(timespec="seconds"),
        extractors={item.name: ExtractorFacts(item.source, item.sha256, {}, item.sha256) for item in predictions},
    )
    yield from _unmatched(goldens, predictions)
    with new_run(run_id(now), header, folder) as writer:
        yield Begun(writer.header)
        for item in predictions:
            writer.extractor(item.name, item.version)
        for record in score_predictions(goldens.entries, predictions, metrics=header.metrics, jobs=jobs):
            writer.record(record)
            yield Measured(record)
        finished = writer.finish()
    yield Finished(finished)


def _require_one_golden_each(goldens: RunGoldens, predictions: Sequence[Predictions]) -> None:
    """Raise Impossible if an output could belong to pages of several sets."""
    for item in predictions:
        if ambiguous := item.ambiguous(goldens.facts):
            key, of = next(iter(ambiguous.items()))
            more = f", and {len(ambiguous) - 1} more like it" if len(ambiguous) > 1 else ""
            raise Impossible(
                f"{item.paths[0]}: the page {key!r} is {' or '.join(of)}{more}; write full ids, or score one set at a time"
            )


def _unmatched(goldens: RunGoldens, predictions: Sequence[Predictions]) -> Iterator[Event]:
    """Which pages have no output, and which outputs have no page."""
    for item in predictions:
        if missing := item.missing(goldens.facts):
            yield OutputsMissing(item.name, tuple(missing), len(goldens.facts))
        if surplus := item.surplus(goldens.facts):
            yield OutputsSurplus(item.name, tuple(surplus))
