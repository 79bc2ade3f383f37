"""Goldens times extractors: runs them and scores what comes out."""

from __future__ import annotations

from collections.abc import Collection, Generator, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.engine.answer import Answer
from harness.engine.base import Answered, Engine, Loaded, Task
from harness.engine.cache import OutputCache
from harness.evaluation.scoring import cached_words, record_of
from harness.goldens.golden import Golden
from harness.metrics import USUAL_METRICS
from harness.plugins.runnable import Runnable
from harness.runs.record import Key, Record

_BLOCK = 500  # pages that are in memory at a time, with their words; every extractor runs over a block before the next
_BLOCK_BYTES = 24_000_000


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
    metrics: Sequence[str] = USUAL_METRICS,
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
