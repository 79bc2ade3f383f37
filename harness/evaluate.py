"""Goldens times extractors: runs them and scores what comes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Generator, Hashable, Sequence
from functools import lru_cache

from harness.align import PageWords, align, page_words
from harness.cache import OutputCache
from harness.engine import local
from harness.engine.answer import FAILURES, Answer
from harness.golden import Golden
from harness.metrics import FAMILIES, METRICS
from harness.page import Page
from harness.runnable import Runnable
from harness.store import Key, Record

_WORDS = 500  # pages whose words are kept for the next extractor; they take ten times the memory of the page


def evaluate(
    goldens: Sequence[Golden],
    runnables: Sequence[Runnable],
    *,
    metrics: Sequence[str] = tuple(METRICS),
    jobs: int = 1,
    timeout: float = local.DEFAULT_TIMEOUT,
    memory: int = local.DEFAULT_MEMORY,
    repeat: int = 1,
    cache: OutputCache | None = None,
    done: Collection[Key] = frozenset(),
) -> Generator[local.Loaded | Record, None, None]:
    """Run every extractor on every golden's page and score its answer: one record for each pair and repeat, as they come.

    Before an extractor's first record stands a `Loaded` with its version, unless it could not be loaded.
    metrics: names of the metrics to score. jobs: worker processes. timeout: seconds for one page. memory: bytes for one
    worker. repeat: how often an extractor is given a page. cache: where answers are looked up before an extractor runs,
    and kept after it. done: keys of records that are not needed again.
    """
    by_id = {golden.id: golden for golden in goldens}

    @lru_cache(_WORDS)
    def words(id: str) -> PageWords:
        return page_words(by_id[id])

    places: dict[Hashable, tuple[Golden, int]] = {
        (golden.id, number): (golden, number) for golden in goldens for number in range(repeat)
    }
    tasks: list[tuple[Runnable, list[tuple[Hashable, Page]]]] = []
    for runnable in runnables:
        unknown: list[tuple[Hashable, Page]] = []
        loaded = False
        for key, (golden, number) in places.items():
            if (runnable.name, golden.id, number) in done:
                continue
            known = cache.lookup(runnable, golden.page, number) if cache else None
            if known is None or (known.answer.wall or 0) > timeout:
                unknown.append((key, golden.page))
                continue
            if not loaded:
                loaded = True
                yield local.Loaded(runnable, known.version)
            yield score(golden, words(golden.id), runnable, known.answer, metrics, repeat=number, cached=True)
        tasks.append((runnable, unknown))
    versions: dict[str, str | None] = {}
    for event in local.run(tasks, jobs=jobs, timeout=timeout, memory=memory):
        if isinstance(event, local.Loaded):
            versions[event.runnable.name] = event.version
            yield event
            continue
        golden, number = places[event.key]
        # What cannot be loaded may be there the next time.
        if cache and event.runnable.name in versions:
            cache.store(event.runnable, golden.page, number, versions[event.runnable.name], event.answer)
        yield score(golden, words(golden.id), event.runnable, event.answer, metrics, repeat=number)


def score(
    golden: Golden,
    words: PageWords,
    runnable: Runnable,
    answer: Answer,
    metrics: Sequence[str] = tuple(METRICS),
    *,
    repeat: int = 0,
    cached: bool = False,
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
        timing=answer.timing,
        page_bytes=len(golden.page.raw),
        repeat=repeat,
        cached=cached,
    )


def labels_hash(golden: Golden) -> str:
    """A hash of all that a golden says of its page: what a score or an output depends on beside the page's bytes."""
    segments = [[segment.text, segment.verdict, segment.kind, segment.line] for segment in golden.segments]
    about = [golden.kind, golden.site, golden.page.media, golden.page.url, golden.page.lang]
    return hashlib.sha256(json.dumps([about, segments]).encode("ascii")).hexdigest()
