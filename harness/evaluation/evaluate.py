"""Goldens times extractors: runs them and scores what comes out."""

from __future__ import annotations

from collections.abc import Collection, Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.engine.answer import Answer
from harness.engine.base import Engine, Loaded, Task
from harness.engine.cache import OutputCache, Stamp
from harness.evaluation.digests import Digest
from harness.evaluation.kept import KeptRecords
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


@dataclass(frozen=True)
class Unsettled:
    """A record that counts unless no worker at all could load the extractor."""

    record: Record
    """The record of a page that nothing was asked for: it is unreadable, or this worker could not load the extractor."""
    reason: str = ""
    """Why the extractor could not be loaded, in a line; empty for an unreadable page."""


Evaluated = Loaded | Record | Unsettled


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
    a `Loaded` with the extractor's version. An extractor that no worker could load has a `NotLoaded` in place of records.
    engine: what runs the extractors. metrics: names of the metrics to score. repeat: how often an extractor is given a page.
    cache: where answers are looked up before an extractor runs, and kept after it; one that took longer than the engine's
    timeout is not used. done: keys of records that are not needed again.
    """
    evaluator = Evaluator(runnables, engine, metrics, repeat, cache)
    yield from settled(event for block in _blocks(goldens) for event in evaluator.evaluate(block, runnables, done))


def settled(events: Iterable[Evaluated]) -> Iterator[Loaded | NotLoaded | Record]:
    """The events, with each `Unsettled` in the end made a record, or one `NotLoaded` for all of its extractor."""
    loaded: set[str] = set()
    waiting: dict[str, list[Unsettled]] = {}
    for event in events:
        if isinstance(event, Unsettled):
            waiting.setdefault(event.record.extractor, []).append(event)
            continue
        if isinstance(event, Record) and not event.cached:
            loaded.add(event.extractor)
        yield event
    for name, unsettled in waiting.items():
        reason = next((one.reason for one in unsettled if one.reason), "")
        if reason and name not in loaded:
            yield NotLoaded(name, reason)
        else:
            yield from (one.record for one in unsettled)


@dataclass
class Evaluator:
    """Evaluates extractors on one block of goldens after the other."""

    runnables: Sequence[Runnable]
    """The extractors."""
    engine: Engine
    """What runs them."""
    metrics: Sequence[str]
    """Names of the metrics to score."""
    repeat: int = 1
    """How often an extractor is given a page."""
    cache: OutputCache | None = None
    """Where answers are looked up and kept."""
    kept: KeptRecords | None = None
    """Where records of answers that are in the cache are kept."""

    def __post_init__(self) -> None:
        self._told: set[tuple[str, str | None, str]] = set()
        self._failures: dict[str, Answer] = {}  # of extractors that could not be loaded, which are not tried again

    def evaluate(
        self,
        block: Sequence[Golden],
        runnables: Sequence[Runnable],
        done: Collection[Key] = frozenset(),
        digests: Mapping[str, Digest] = {},
    ) -> Iterator[Evaluated]:
        """What becomes of goldens and some of the extractors.

        done: keys of records that are not needed again. digests: those of goldens whose records are kept, by id.
        """
        places: dict[Hashable, tuple[Golden, int]] = {
            (golden.id, number): (golden, number) for golden in block for number in range(self.repeat)
        }
        words = {golden.id: cached_words(golden) for golden in block}

        def record(key: Hashable, runnable: Runnable, answer: Answer, *, cached: bool = False) -> Record:
            golden, number = places[key]
            return record_of(golden, words[golden.id], runnable, answer, self.metrics, repeat=number, cached=cached)

        def keep(key: Hashable, runnable: Runnable, stamp: Stamp | None, version: str | None, made: Record) -> None:
            golden, _ = places[key]
            if self.kept and stamp:
                self.kept.keep_record(digests[golden.id], runnable, stamp, version, made)

        tasks: list[Task] = []
        for runnable in runnables:
            for key, (golden, number) in places.items():
                if (runnable.name, golden.id, number) in done:
                    continue
                if golden.page.unreadable:
                    yield Unsettled(record(key, runnable, Answer("unreadable")))
                    continue
                known = self.cache.lookup(runnable, golden.page, number) if self.cache else None
                if known is None or (known.answer.wall or 0) > self.engine.timeout:
                    if failure := self._failures.get(runnable.name):
                        yield Unsettled(record(key, runnable, failure), _reason(failure))
                        continue
                    tasks.append(Task(key, runnable, golden.page))
                    continue
                yield from self._new(Loaded(runnable, known.version))
                made = record(key, runnable, known.answer, cached=True)
                keep(key, runnable, known.stamp, known.version, made)
                yield made
        versions: dict[str, str | None] = {}
        failures: dict[str, Answer] = {}
        for event in self.engine.run(tasks):
            if isinstance(event, Loaded):
                event = _with_tree(event)
                versions[event.runnable.name] = event.version
                yield from self._new(event)
                continue
            made = record(event.key, event.runnable, event.answer)
            if event.runnable.name not in versions:
                failures[event.runnable.name] = event.answer
                yield Unsettled(made, _reason(event.answer))
                continue
            if self.cache:
                golden, number = places[event.key]
                version = versions[event.runnable.name]
                stamp = self.cache.store(event.runnable, golden.page, number, version, event.answer)
                keep(event.key, event.runnable, stamp, version, made)
            yield made
        self._failures |= {name: answer for name, answer in failures.items() if name not in versions}

    def known(
        self, digest: Digest, runnables: Sequence[Runnable], done: Collection[Key] = frozenset()
    ) -> Iterator[Loaded | Record]:
        """The records that are kept of a golden and some of the extractors: neither is the golden read, nor is any asked."""
        for runnable in runnables if self.kept else ():
            for number in range(self.repeat):
                if (runnable.name, digest.golden, number) in done:
                    continue
                assert self.kept is not None
                if found := self.kept.record(digest, runnable, number, self.engine.timeout):
                    yield from self._new(Loaded(runnable, found.version))
                    yield found.record

    def _new(self, event: Loaded) -> Iterator[Loaded]:
        """The event, unless the same was told before."""
        key = event.runnable.name, event.version, event.runtime
        if key not in self._told:
            self._told.add(key)
            yield event


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
