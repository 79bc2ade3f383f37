"""Evaluates extractors on the cores of this machine: processes that load goldens, ask workers of their own, and score."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Collection, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.util import Finalize

from harness.common import extensions
from harness.common.errors import CannotTell
from harness.common.pool import process_pool
from harness.datasets import Entry
from harness.engine.base import Loaded
from harness.engine.cache import OutputCache
from harness.engine.local import LocalEngine
from harness.evaluation.digests import Digest, facts_hash, labels_hash
from harness.evaluation.evaluate import Evaluated, Evaluator, NotLoaded, settled
from harness.evaluation.goldens import RunGoldens, load
from harness.evaluation.kept import KeptRecords
from harness.goldens.golden import Golden
from harness.plugins.runnable import Runnable
from harness.runs.record import Key, Record

_ALONE = 0.3  # seconds until processes are started: that takes as long, and most runs of a few pages are done by then


@dataclass(frozen=True)
class Setting:
    """What is evaluated. Can be pickled."""

    runnables: tuple[Runnable, ...]
    """The extractors."""
    metrics: tuple[str, ...]
    """Names of the metrics to score."""
    repeat: int
    """How often an extractor is given a page."""
    timeout: float
    """Seconds for one page."""
    memory: int
    """Bytes of address space of one worker, 0 for no limit."""
    fresh: bool
    """Whether nothing is looked up in the cache."""


@dataclass(frozen=True)
class _Work:
    """One page for some of the extractors, or several for one that takes many in a call."""

    pages: tuple[tuple[Entry, Digest], ...]
    numbers: tuple[int, ...]
    """Of the extractors."""
    done: frozenset[Key]
    """Keys of records of these pages that are not needed again."""


@dataclass(frozen=True)
class _Done:
    """What a process has done, and what it has to report."""

    events: tuple[Evaluated, ...]
    unkept: tuple[str, ...]
    reads: dict[str, tuple[str, ...]]
    warnings: tuple[str, ...]
    failures: tuple[str, ...]


def evaluate_on_cores(
    goldens: RunGoldens, setting: Setting, *, jobs: int, cache: OutputCache, done: Collection[Key] = frozenset()
) -> Generator[Loaded | NotLoaded | Record, None, None]:
    """Run every extractor on every golden's page and score its answer, like `evaluate`, a page at a time.

    jobs: processes; with one, this process does it. cache: of this process; the others open it, too. done: keys of records
    that are not needed again. Records that the cache has are taken from there. Raises CannotTell for a golden that has
    changed since the run began.
    """
    with closing(_events(goldens, setting, jobs, cache, done)) as events:
        yield from settled(events)


def _events(
    goldens: RunGoldens, setting: Setting, jobs: int, cache: OutputCache, done: Collection[Key]
) -> Generator[Evaluated, None, None]:
    works = _works(goldens, setting, jobs, done)
    with ExitStack() as stack:
        page_runner = _PageRunner(setting, cache, stack)
        began = time.monotonic()
        for number, work in enumerate(works):
            if jobs > 1 and time.monotonic() - began > _ALONE and number < len(works) - 1:
                break
            yield from page_runner.events(work)
        else:
            return
    yield from _in_processes(works[number:], setting, jobs, cache)


def _in_processes(works: Sequence[_Work], setting: Setting, jobs: int, cache: OutputCache) -> Iterator[Evaluated]:
    with process_pool(min(jobs, len(works)), _begin, setting) as pool:
        waiting: set[Future[_Done]] = set()
        for number, work in enumerate(works, 1):
            waiting.add(pool.submit(_evaluate, work))
            while len(waiting) > 2 * jobs or (waiting and number == len(works)):
                ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ended:
                    told = future.result()
                    cache.take_over(told.unkept, told.reads, told.warnings)
                    extensions.note_failure(*told.failures)
                    yield from told.events


def _works(goldens: RunGoldens, setting: Setting, jobs: int, done: Collection[Key]) -> list[_Work]:
    """What there is to do, page by page; extractors are apart from each other where there are fewer pages than jobs. For
    those that take many pages in a call, it is so many pages at a time."""
    of_page: dict[str, set[Key]] = defaultdict(set)
    for key in done:
        of_page[key[1]].add(key)
    batches = {number: runnable.declared.batch for number, runnable in enumerate(setting.runnables)}
    alone = [number for number, batch in batches.items() if batch < 2]
    parts = min(len(alone), math.ceil(jobs / max(1, len(goldens.entries))))
    whole = len(batches) * setting.repeat
    left = [(entry, goldens.digests[entry.id]) for entry in goldens.entries if len(of_page[entry.id]) < whole]
    works = [
        _Work((page,), tuple(alone[part::parts]), frozenset(of_page[page[0].id])) for page in left for part in range(parts)
    ]
    for number, batch in batches.items():
        for first in range(0, len(left), batch) if batch > 1 else ():
            pages = tuple(left[first : first + batch])
            works.append(_Work(pages, (number,), frozenset(key for entry, _ in pages for key in of_page[entry.id])))
    return works


_runner: list[_PageRunner] = []  # of this process, if it is one of the pool's


def _begin(setting: Setting) -> None:
    stack = ExitStack()
    Finalize(None, stack.close, exitpriority=1)  # at the end of a process of a pool, `atexit` is not asked
    cache = stack.enter_context(closing(OutputCache(lambda warning: None, fresh=setting.fresh, memory=setting.memory)))
    _runner.append(_PageRunner(setting, cache, stack))


def _evaluate(work: _Work) -> _Done:
    (page_runner,) = _runner
    cache = page_runner.cache
    events = tuple(page_runner.events(work))
    return _Done(events, cache.unkept, cache.reads, cache.warnings, tuple(extensions.take_failures()))


class _PageRunner:
    """Evaluates extractors on one page after the other; workers are kept from page to page."""

    def __init__(self, setting: Setting, cache: OutputCache, stack: ExitStack) -> None:
        engine = stack.enter_context(LocalEngine(setting.timeout, setting.memory))
        self.cache = cache
        self._setting = setting
        kept = KeptRecords(cache, setting.metrics)
        self._evaluator = Evaluator(setting.runnables, engine, setting.metrics, setting.repeat, cache, kept)

    def events(self, work: _Work) -> Iterator[Evaluated]:
        runnables = [self._setting.runnables[number] for number in work.numbers]
        keys = {
            entry.id: {(r.name, entry.id, number) for r in runnables for number in range(self._setting.repeat)}
            for entry, _ in work.pages
        }
        done = {*work.done}
        for _, digest in work.pages:
            for event in self._evaluator.known(digest, runnables, done):
                if isinstance(event, Record):
                    done.add(event.key)
                yield event
        left = [(entry, digest) for entry, digest in work.pages if not done >= keys[entry.id]]
        if left:
            digests = {entry.id: digest for entry, digest in left}
            yield from self._evaluator.evaluate([_loaded(*page) for page in left], runnables, done, digests)


def _loaded(entry: Entry, digest: Digest) -> Golden:
    golden = load(entry)
    if golden.page.sha256 != digest.page.sha256:
        changed = "the page"
    elif (labels_hash(golden), facts_hash(golden)) != (digest.facts.labels, digest.facts.facts):
        changed = "what is said"
    else:
        return golden
    raise CannotTell(
        f"{changed} of {golden.id} has changed since the run began, or while its file kept size and time: run it again "
        "with --fresh, which reads all pages"
    )
