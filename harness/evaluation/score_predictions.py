"""Scores outputs that were made elsewhere, on all cores."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from harness.common.pool import process_pool
from harness.datasets import Entry
from harness.engine.answer import Answer
from harness.evaluation.predictions import Predictions
from harness.evaluation.scoring import cached_words, record_of
from harness.metrics import USUAL_METRICS
from harness.plugins.runnable import Runnable
from harness.runs.record import Record
from harness.worker.plugin import Declaration

_AHEAD = 64  # pages handed out at a time; more would only take memory
_TOGETHER = 4  # pages that a process takes at once: for less than that it is not worth starting one


def score_predictions(
    entries: Iterable[Entry],
    predictions: Sequence[Predictions],
    *,
    metrics: Sequence[str] = USUAL_METRICS,
    jobs: int = os.cpu_count() or 1,
) -> Iterator[Record]:
    """A record for each page and each of the predictions, page by page; a page that they lack is an error.

    jobs: processes that score; 1 is this one. Raises DatasetError for a page that cannot be read.
    """
    if jobs == 1:
        for entry in entries:
            yield from _score_page(entry, [(item.name, item.lookup(entry.id)) for item in predictions], tuple(metrics))
        return
    remaining = iter(entries)
    with process_pool(jobs) as pool:
        while block := list(islice(remaining, _AHEAD)):
            texts = [[(item.name, item.lookup(entry.id)) for item in predictions] for entry in block]
            for records in pool.map(_score_page, block, texts, [tuple(metrics)] * len(block), chunksize=_TOGETHER):
                yield from records


def _score_page(entry: Entry, texts: Sequence[tuple[str, str | None]], metrics: Sequence[str]) -> list[Record]:
    golden = entry.load()
    words = cached_words(golden)
    records = []
    for name, text in texts:
        if text is None:
            answer = Answer("error", error="there is no output for this page")
        else:
            answer = Answer("ok" if text.strip() else "empty", text=text if text.strip() else "")
        runnable = Runnable(name, declared=Declaration(media=golden.page.media))
        records.append(record_of(golden, words, runnable, answer, metrics))
    return records
