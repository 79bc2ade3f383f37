"""Goldens times extractors: runs them and scores what comes out."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from harness.align import PageWords, align, page_words
from harness.engine import local
from harness.engine.answer import FAILURES, Answer
from harness.golden import Golden
from harness.metrics import FAMILIES, METRICS
from harness.registry import Runnable
from harness.store import Record


def evaluate(
    goldens: Sequence[Golden],
    runnables: Sequence[Runnable],
    *,
    metrics: Sequence[str] = tuple(METRICS),
    jobs: int = 1,
    timeout: float = local.DEFAULT_TIMEOUT,
    memory: int = local.DEFAULT_MEMORY,
) -> Generator[local.Loaded | Record, None, None]:
    """Run every extractor on every golden's page and score its answer: one record for each pair, as they come.

    Before an extractor's first record stands a `Loaded` with its version, unless it could not be loaded.
    metrics: names of the metrics to score. jobs: worker processes. timeout: seconds for one page. memory: bytes for one
    worker.
    """
    by_id = {golden.id: golden for golden in goldens}
    words = {golden.id: page_words(golden) for golden in goldens}
    pages = [(golden.id, golden.page) for golden in goldens]
    for event in local.run(runnables, pages, jobs=jobs, timeout=timeout, memory=memory):
        if isinstance(event, local.Result):
            yield score(by_id[event.key], words[event.key], event.runnable, event.answer, metrics)
        else:
            yield event


def score(
    golden: Golden, words: PageWords, runnable: Runnable, answer: Answer, metrics: Sequence[str] = tuple(METRICS)
) -> Record:
    """The record of one answer. A failure scores the worst value of every metric; everything counts as missed."""
    alignment = align(words, answer.text)
    if answer.outcome in FAILURES:
        scores = {name: METRICS[name].worst for name in metrics}
    else:
        families = [family for family in FAMILIES if any(metric.name in metrics for metric in family.metrics)]
        computed = {name: value for family in families for name, value in family.score(alignment).items()}
        scores = {name: computed[name] for name in metrics}
    return Record(
        extractor=runnable.name,
        golden=golden.id,
        media=golden.page.media,
        kind=golden.kind,
        lang=golden.lang,
        site=golden.site,
        coerced=runnable.media != golden.page.media,
        outcome=answer.outcome,
        error=answer.error + (f"\n{answer.stderr}" if answer.stderr else ""),
        text=answer.text,
        scores=scores,
        counts={
            "kept": alignment.kept,
            "missed": alignment.missed,
            "leaked": alignment.leaked,
            "free": len(alignment.free),
        },
        leaks=alignment.leaks_by_kind(),
        misses=alignment.misses_by_kind(),
        timing={"wall": answer.wall, "cpu": answer.cpu},
    )
