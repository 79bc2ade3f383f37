"""One run of the shards that several runs measured."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from harness.common.errors import CannotTell
from harness.common.options import options_of, values_of
from harness.common.wording import command_line
from harness.runs.comparable import why_not
from harness.runs.file import new_run, read_records, read_run_file, run_id
from harness.runs.header import RunHeader
from harness.runs.record import Key, Record, Run
from harness.runs.request import RunRequest

_MAY_DIFFER = frozenset(
    {"shard", "goldens", "dumps", "plugins", "local_packages", "isolated", "own_requirements", "extractors", "metrics"}
)
"""Options in which shards may differ: paths are others on each machine, and what the rest leads to is compared instead."""


@dataclass(frozen=True)
class Merged:
    """The run that shards were merged to."""

    path: Path
    """Its file."""
    id: str
    """Its id."""
    results: int
    """How many records it has."""
    not_loaded: Mapping[str, str]
    """Extractors that could not be loaded in one of the shards at least, each with the reason."""


def merge(shards: Mapping[str, Path], folder: Path | None = None) -> Merged:
    """Store the merged run. shards: files of whole runs, by the names that messages call them.

    One shard is in memory at a time, of the others only what their headers say. Raises CannotTell if they are no whole set
    of shards, or do not fit together.
    """
    runs: dict[str, Run] = {}
    by_golden: dict[str, list[str]] = {}
    for name, path in shards.items():
        run = read_run_file(path, texts=False)
        for golden_id in {*run.header.goldens, *(record.golden for record in run.records)}:
            by_golden.setdefault(golden_id, []).append(name)
        runs[name] = replace(run, records=(), texts={})
    _require_shards(runs)
    _require_same(runs)
    if not by_golden:
        raise CannotTell("no page to run on: none of the shards has one")
    shared = {golden_id for golden_id, names in by_golden.items() if len(names) > 1}
    if conflicts := _conflicts(shards, runs, shared):
        raise CannotTell("\n".join(["the runs have different results for", *(f"  {line}" for line in conflicts)]))
    parts = list(runs.values())
    versions = {name: version for run in parts for name, version in run.versions.items()}
    now = datetime.now(timezone.utc)
    header = replace(_header(parts), started=now.isoformat(timespec="seconds"))
    with new_run(run_id(now), header, folder) as writer:
        for name, version in sorted(versions.items()):
            writer.extractor(name, version)
        not_loaded = {name: reason for run in parts for name, reason in sorted(run.not_loaded.items())}
        for name, reason in not_loaded.items():
            writer.not_loaded(name, reason)
        for name in sorted({name for run in parts for name in run.not_cached}):
            writer.not_cached(name)
        for name, keys in ((name, keys) for run in parts for name, keys in run.reads.items()):
            writer.reads(name, keys)
        results = 0
        written: set[Key] = set()  # of the goldens that several shards have
        for path in shards.values():
            for line, record in read_records(path):
                if record.golden in shared:
                    if record.key in written:
                        continue
                    written.add(record.key)
                writer.line(line)
                results += 1
        writer.seal()
        return Merged(writer.path, writer.header.id, results, not_loaded)


def _require_shards(runs: Mapping[str, Run]) -> None:
    """Raise CannotTell unless the runs are finished and all the shards of one number."""
    shards = {name: run.header.request.choice.shard or "" for name, run in runs.items()}
    problems = [f"{name} is no shard; `harness run --shard 1/2` makes one" for name, shard in shards.items() if not shard]
    problems += [
        f"{name} is not finished: {command_line('run', '--resume', name)}" for name, run in runs.items() if not run.finished
    ]
    numbers = {int(shard.partition("/")[2]) for shard in shards.values() if shard}
    if len(numbers) > 1:
        problems.append("shards of different numbers: " + ", ".join(f"{name} is {shard}" for name, shard in shards.items()))
    elif not problems:
        (number,) = numbers
        whole = [f"{i}/{number}" for i in range(1, number + 1)]
        problems += [f"shard {part} is missing" for part in whole if part not in shards.values()]
    if problems:
        raise CannotTell("\n".join(problems))


def _require_same(runs: Mapping[str, Run]) -> None:
    """Raise CannotTell with everything in which a run differs from the first one."""
    (first_name, first), *others = runs.items()
    problems = []
    versions = {extractor: (first_name, version) for extractor, version in first.versions.items()}
    for name, other in others:
        wanted, found = _made_by(first), _made_by(other)
        for what in sorted({*wanted, *found}):
            if wanted.get(what) != found.get(what):
                problems.append(f"{what} is not the same in {first_name} and in {name}")
        for extractor, version in other.versions.items():  # what has no page in a shard is not loaded there
            if versions.setdefault(extractor, (first_name, version))[1] != version:
                before = versions[extractor][0]
                problems.append(f"the version of extractor {extractor} is not the same in {before} and in {name}")
        if why := why_not(first.header, other.header):
            problems.append(f"{first_name} and {name} cannot be compared: {why}")
    if problems:
        raise CannotTell("\n".join(problems))


def _made_by(run: Run) -> dict[str, Any]:
    """All that the records of a run depend on, apart from its pages, by a name for messages."""
    header, asked_for = run.header, values_of(run.header.request)
    made_by: dict[str, Any] = {"the version of harness": header.harness, "the list of metrics": header.metrics}
    made_by["the definitions of metrics"] = header.definitions
    made_by |= {item.flag: asked_for[item.key] for item in options_of(RunRequest) if item.name not in _MAY_DIFFER}
    for name, extractor in header.extractors.items():
        made_by[f"extractor {name}"] = (extractor.identity, extractor.options)
    return made_by


def _conflicts(shards: Mapping[str, Path], runs: Mapping[str, Run], shared: Collection[str]) -> list[str]:
    """The goldens and pairs that several shards have and that differ; timings do not count."""
    goldens: dict[str, Any] = {}
    records: dict[Key, Record] = {}
    conflicts = []
    for golden_id, golden in (item for run in runs.values() for item in run.header.goldens.items() if item[0] in shared):
        if goldens.setdefault(golden_id, golden) != golden:
            conflicts.append(f"golden {golden_id}, which has changed between them")
    for path in shards.values() if shared else ():
        for _, record in read_records(path, texts=True):
            if record.golden not in shared:
                continue
            known = records.setdefault(record.key, record)
            if replace(known, timing={}, cached=False) != replace(record, timing={}, cached=False):
                conflicts.append(f"{record.extractor} on {record.golden}")
    return conflicts


def _header(runs: Sequence[Run]) -> RunHeader:
    first = runs[0].header
    return replace(
        first,
        request=replace(first.request, choice=replace(first.request.choice, shard=None)),
        goldens={golden_id: golden for run in runs for golden_id, golden in run.header.goldens.items()},
        skipped=_sorted(golden_id for run in runs for golden_id in run.header.skipped),
        broken=_sorted(path for run in runs for path in run.header.broken),
        merged=tuple(run.id for run in runs),
    )


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({*names}))
