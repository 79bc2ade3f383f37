"""Does a run shard by shard, here or on a cluster, in a folder from which any of it can go on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from harness.common.errors import IMPOSSIBLE, CannotTell, HarnessError, Impossible
from harness.common.stores import Store
from harness.common.wording import Announce, command_line
from harness.engine.base import Loaded
from harness.evaluation.events import Begun, Event, Finished, LeftInShards, Measured, ShardDone, ShardsBegun, Told, Totals
from harness.evaluation.extractors import pinned
from harness.evaluation.merge import merge
from harness.evaluation.run import run
from harness.runs.file import read_records, read_run_file
from harness.runs.request import RunRequest
from harness.runs.shards import Plan, keep_plan, shard_files, store_at

MOST_MERGED = 100_000
"""Results that are merged without being asked for: a run of more takes gigabytes of memory to be shown."""

MeasureShards = Callable[[Plan, Sequence[int], str], Iterator[ShardDone]]
"""Makes the shards of these numbers in the folder of that place, and tells each as it is done; closing it ends all work."""


def planned(request: RunRequest, shards: int, store: Store, announce: Announce = lambda message: None) -> Plan:
    """The plan of a folder: a new one, or the one that it has if it asks for the same. Raises CannotTell if it does not."""
    whole = replace(request, choice=replace(request.choice, shard=None))
    return keep_plan(store, Plan(pinned(whole, announce), shards))


def run_shard(
    plan: Plan,
    number: int,
    store: Store,
    *,
    jobs: int = 1,
    fresh: bool = False,
    announce: Announce = lambda message: None,
) -> Generator[Event, None, None]:
    """Do one shard as `run` does a run; its file is in the folder when `Finished` comes."""
    with (
        store.workplace() as work,
        closing(
            run(plan.of_shard(number), jobs=jobs, fresh=fresh, folder=work, may_be_empty=True, announce=announce)
        ) as events,
    ):
        for event in events:
            if isinstance(event, Finished):
                store.put(work / f"{event.run.id}.jsonl", plan.file_of(number))
                event = Finished(replace(event.run, texts={}))  # which were in the file before it moved
            yield event


def shard_done(plan: Plan, number: int, place: str, *, jobs: int = 1, fresh: bool = False) -> ShardDone:
    """Do one shard unless it is complete, and tell what came of it."""
    outcomes: dict[str, Counter[str]] = {}
    told: list[Told] = []
    lines: list[str] = []
    try:
        store = store_at(place)
        if number in plan.missing(store):
            with closing(run_shard(plan, number, store, jobs=jobs, fresh=fresh, announce=lines.append)) as events:
                for event in events:
                    if isinstance(event, Measured):
                        outcomes.setdefault(event.record.extractor, Counter())[event.record.outcome] += 1
                    elif not isinstance(event, (Begun, Loaded, Finished, LeftInShards, ShardsBegun, ShardDone)):
                        told.append(event)
    except (HarnessError, OSError) as error:
        failure = str(error) or type(error).__name__
        return ShardDone(number, {}, tuple(told), tuple(lines), failure, getattr(error, "code", None) == IMPOSSIBLE)
    return ShardDone(number, {name: dict(counts) for name, counts in outcomes.items()}, tuple(told), tuple(lines))


def shards_here(jobs: int, fresh: bool) -> MeasureShards:
    """Makes one shard after the other on this machine. jobs: processes."""

    def measure(plan: Plan, numbers: Sequence[int], place: str) -> Iterator[ShardDone]:
        return (shard_done(plan, number, place, jobs=jobs, fresh=fresh) for number in numbers)

    return measure


def run_in_shards(
    plan: Plan,
    place: str,
    measure: MeasureShards,
    *,
    folder: Path | None = None,
    announce: Announce = lambda message: None,
) -> Generator[Event, None, None]:
    """Make the shards that are missing, merge all, and yield events meanwhile; the last event is `Finished`, or
    `LeftInShards` for more than MOST_MERGED results.

    place: the run's folder, which has the plan. folder: where the merged run is stored; None is the project's.
    Raises CannotTell if a shard could not be made; the others are made all the same, and kept.
    """
    store = store_at(place)
    missing = plan.missing(store)
    yield ShardsBegun(place, plan.shards, plan.shards - len(missing))
    failed: dict[str, int] = {}  # the first shard, by the reason
    told: set[str] = set()
    done = measure(plan, missing, place)
    with ExitStack() as stack:
        if isinstance(done, Generator):
            stack.enter_context(closing(done))
        for shard in done:
            for line in shard.lines:
                if line not in told:
                    told.add(line)
                    announce(line)
            for event in shard.told:
                if repr(event) not in told:  # most shards tell the same
                    told.add(repr(event))
                    yield event
            yield replace(shard, told=(), lines=())
            if shard.is_impossible:
                raise Impossible(shard.failure)
            if shard.failure:
                failed.setdefault(shard.failure, shard.number)
    if failed:
        reasons = [f"shard {number} of {plan.shards}: {reason}" for reason, number in failed.items()]
        raise CannotTell("\n".join([*reasons, f"The others are kept: {command_line('run', '--resume', place)}"]))
    with shard_files(store) as files:
        totals: dict[str, Totals] = defaultdict(Totals)
        for path in files.values():
            for _, record in read_records(path):
                totals[record.extractor].add(record)
        store.tidy()
        if sum(one.outcomes.total() for one in totals.values()) > MOST_MERGED:
            yield LeftInShards(totals)
            return
        merged = merge(files, folder)
    yield Finished(read_run_file(merged.path, texts=False))
