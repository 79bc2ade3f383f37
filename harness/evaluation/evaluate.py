"""Goldens times extractors: runs them and scores what comes out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Generator, Hashable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from harness.alignment.counts import WordCounts
from harness.alignment.words import PageWords, page_words
from harness.common.deadline import TookTooLong, deadline
from harness.common.extensions import error_line, prints_to_stderr
from harness.engine.answer import FAILURES, Answer
from harness.engine.base import Answered, Engine, Loaded, Task
from harness.engine.cache import OutputCache
from harness.goldens.golden import Golden
from harness.metrics import FAMILIES, OWN_METRICS, Case
from harness.metrics.facts import judge_facts
from harness.pages.formats import as_html, as_text
from harness.pages.limits import LONGEST
from harness.plugins.runnable import Runnable
from harness.runs.record import Key, Record

_BLOCK = 500  # pages that are in memory at a time, with their words; every extractor runs over a block before the next
_BLOCK_BYTES = 24_000_000
_NO_WORDS: dict[str, dict[str, int]] = {"counts": asdict(WordCounts(0, 0, 0, 0)), "leaks": {}, "misses": {}, "frees": {}}

SCORING_TIMEOUT = 60.0  # seconds for the words of a page, those of an output, and each family of metrics


@dataclass(frozen=True)
class NotLoaded:
    """An extractor could not be loaded: nothing was measured, so it has no records of these pages."""

    name: str
    """The extractor's name."""
    reason: str
    """Why, in a line."""


def evaluate(
    goldens: Iterable[Golden],
    runnables: Sequence[Runnable],
    *,
    engine: Engine,
    metrics: Sequence[str] = OWN_METRICS,
    repeat: int = 1,
    cache: OutputCache | None = None,
    done: Collection[Key] = frozenset(),
) -> Generator[Loaded | NotLoaded | Record, None, None]:
    """Run every extractor on every golden's page and score its answer: one record for each pair and repeat, as they come.

    Goldens are taken a block at a time, so that a dataset is never in memory whole. Before the records of a worker stands
    a `Loaded` with the extractor's version. An extractor that no worker could load has a `NotLoaded` in place of records,
    and is not tried again.
    engine: what runs the extractors. metrics: names of the metrics to score. repeat: how often an extractor is given a page.
    cache: where answers are looked up before an extractor runs, and kept after it; one that took longer than the engine's
    timeout is not used. done: keys of records that are not needed again.
    """
    not_loaded: set[str] = set()
    for block in _blocks(goldens):
        places: dict[Hashable, tuple[Golden, int]] = {
            (golden.id, number): (golden, number) for golden in block for number in range(repeat)
        }
        words = {golden.id: cached_words(golden) for golden in block}
        tasks: list[Task] = []
        unasked: list[tuple[Runnable, Golden, int]] = []
        for runnable in runnables:
            loaded = False
            for key, (golden, number) in places.items():
                if (runnable.name, golden.id, number) in done:
                    continue
                if golden.page.unreadable:
                    unasked.append((runnable, golden, number))
                    continue
                known = cache.lookup(runnable, golden.page, number) if cache else None
                if known is None or (known.answer.wall or 0) > engine.timeout:
                    if runnable.name not in not_loaded:
                        tasks.append(Task(key, runnable, golden.page))
                    continue
                if not loaded:
                    loaded = True
                    yield Loaded(runnable, known.version)
                yield record_of(golden, words[golden.id], runnable, known.answer, metrics, repeat=number, cached=True)
        versions: dict[str, str | None] = {}
        unloaded: dict[str, list[Answered]] = {}  # answers of extractors that no worker has loaded until now
        for event in engine.run(tasks):
            if isinstance(event, Loaded):
                event = _with_tree(event)
                versions[event.runnable.name] = event.version
                yield event
                continue
            if event.runnable.name not in versions:
                unloaded.setdefault(event.runnable.name, []).append(event)
                continue
            golden, number = places[event.key]
            if cache:
                cache.store(event.runnable, golden.page, number, versions[event.runnable.name], event.answer)
            yield record_of(golden, words[golden.id], event.runnable, event.answer, metrics, repeat=number)
        for name, answers in unloaded.items():
            if name not in versions:
                not_loaded.add(name)
                yield NotLoaded(name, _reason(answers[0].answer))
                continue
            for event in answers:  # one worker could not load what another could
                golden, number = places[event.key]
                yield record_of(golden, words[golden.id], event.runnable, event.answer, metrics, repeat=number)
        for runnable, golden, number in unasked:
            if runnable.name not in not_loaded:
                yield record_of(golden, words[golden.id], runnable, Answer("unreadable"), metrics, repeat=number)


def _with_tree(event: Loaded) -> Loaded:
    """The event with a version that tells a source tree from a release and from other trees of the same version."""
    if not event.runnable.tree:
        return event
    version = event.version or "0"
    return replace(event, version=f"{version}{'.' if '+' in version else '+'}tree.{event.runnable.tree}")


def _reason(answer: Answer) -> str:
    """Why an extractor could not be loaded: what it said, and the last line of standard error where it said nothing."""
    last = answer.stderr.splitlines()[-1:] if answer.outcome in ("crash", "memory") else []
    return ": ".join([answer.error, *last])


def _blocks(goldens: Iterable[Golden]) -> Iterator[list[Golden]]:
    block: list[Golden] = []
    size = 0
    for golden in goldens:
        block.append(golden)
        size += len(golden.page.raw)
        if len(block) == _BLOCK or size >= _BLOCK_BYTES:
            yield block
            block, size = [], 0
    if block:
        yield block


def cached_words(golden: Golden) -> Callable[[], PageWords]:
    """The words of a golden's page, read when they are first asked for."""
    return functools.cache(lambda: page_words(golden))


def record_of(
    golden: Golden,
    words: Callable[[], PageWords],
    runnable: Runnable,
    answer: Answer,
    metrics: Sequence[str],
    *,
    repeat: int = 0,
    cached: bool = False,
) -> Record:
    """The record of one answer, as `score` makes it, of a page whose words have yet to be read; that may be impossible."""
    if golden.page.unreadable:
        return unmeasured(golden, runnable, Answer("unreadable", error=golden.page.unreadable), metrics, repeat)
    try:
        with deadline(SCORING_TIMEOUT):
            known = words()
    except (TookTooLong, MemoryError) as error:
        return unmeasured(golden, runnable, Answer("unreadable", error=error_line(error)), metrics, repeat)
    return score(golden, known, runnable, answer, metrics, repeat=repeat, cached=cached)


def unmeasured(golden: Golden, runnable: Runnable, answer: Answer, metrics: Sequence[str], repeat: int = 0) -> Record:
    """The record of an answer that says nothing of the extractor: no metric has a value, and its error is the reason."""
    families = [family for family in FAMILIES.all() if any(metric.name in metrics for metric in family.metrics)]
    wanted = [metric.name for family in families for metric in family.metrics if metric.name in metrics]
    counts = [name for family in families for name in family.counts]
    return _record(
        golden,
        runnable,
        answer,
        outcome=answer.outcome,
        error=answer.error,
        text="",
        scores=dict.fromkeys([*wanted, *counts]),
        **_NO_WORDS,
        repeat=repeat,
        unscored=dict.fromkeys(wanted, answer.error),
    )


def _record(golden: Golden, runnable: Runnable, answer: Answer, **measured: Any) -> Record:
    return Record(
        extractor=runnable.name,
        golden=golden.id,
        media=golden.page.media,
        kind=golden.kind,
        lang=golden.lang,
        site=golden.site,
        coerced=runnable.declared.media != golden.page.media,
        timing=answer.timing,
        page_bytes=len(golden.page.raw),
        **measured,
    )


def score(
    golden: Golden,
    words: PageWords,
    runnable: Runnable,
    answer: Answer,
    metrics: Sequence[str] = OWN_METRICS,
    *,
    repeat: int = 0,
    cached: bool = False,
) -> Record:
    """The record of one answer. A failure scores the worst value of every metric; everything counts as missed.

    A metric that fails or takes longer than SCORING_TIMEOUT has no value; the record says why. An output that cannot be laid
    beside its golden in that time, or is longer than LONGEST, has the outcome `unscored`.
    """
    if len(answer.text) > LONGEST:
        reason = f"it has more than {LONGEST:,} characters"
        return unmeasured(golden, runnable, replace(answer, outcome="unscored", error=reason), metrics, repeat)
    try:
        with deadline(SCORING_TIMEOUT):
            text = as_text(answer.text, runnable.output)
            markdown = answer.text if runnable.output == "markdown" else None
            case = Case(golden, text, words, as_html(answer.text, runnable.output), markdown)
            counted = _words_of(case)  # before the metrics, which could change what they are given
    except (TookTooLong, MemoryError) as error:
        return unmeasured(golden, runnable, replace(answer, outcome="unscored", error=error_line(error)), metrics, repeat)
    scores, unscored = _scored(case, metrics, failed=answer.outcome in FAILURES)
    outcome = "empty" if answer.outcome == "ok" and not text.strip() else answer.outcome  # markup around nothing
    return _record(
        golden,
        runnable,
        answer,
        outcome=outcome,
        error=answer.error + (f"\n{answer.stderr}" if answer.stderr else ""),
        text=text,
        scores=scores,
        **counted,
        characters=len(answer.text),
        repeat=repeat,
        cached=cached,
        unscored=unscored,
        failed_facts={str(judged): judged.reason for judged in judge_facts(case) if judged.reason},
    )


def _words_of(case: Case) -> dict[str, dict[str, int]]:
    """A record's numbers of words; all are 0 where the main content is not known."""
    if not case.golden.has_main_content:
        return _NO_WORDS
    laid = case.alignment
    return {
        "counts": asdict(laid.counts),
        "leaks": laid.leaks_by_kind(),
        "misses": laid.misses_by_kind(),
        "frees": laid.frees_by_kind(),
    }


def scores_of(case: Case, metrics: Sequence[str], *, failed: bool = False) -> dict[str, float | None]:
    """The values of metrics, and of the counts that belong to them; None where the golden lacks what a metric needs, or
    the metric fails."""
    return _scored(case, metrics, failed=failed)[0]


def _scored(case: Case, metrics: Sequence[str], *, failed: bool) -> tuple[dict[str, float | None], dict[str, str]]:
    """The values of metrics and counts, and why metrics failed that did."""
    scores: dict[str, float | None] = {}
    unscored: dict[str, str] = {}
    for family in FAMILIES.all():
        wanted = [metric.name for metric in family.metrics if metric.name in metrics]
        if not wanted:
            continue
        names = (*wanted, *family.counts)
        try:
            with deadline(SCORING_TIMEOUT), prints_to_stderr():
                values = family.values(case, failed=failed)
        except (Exception, SystemExit, TookTooLong) as error:
            values = dict.fromkeys(names)
            unscored.update(dict.fromkeys(wanted, error_line(error)))
        scores.update((name, values[name]) for name in names)
    return scores, unscored
