"""One run of the shards that several runs measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from harness.common.errors import CannotTell
from harness.common.options import options_of, values_of
from harness.common.wording import command_line
from harness.runs.comparable import why_not
from harness.runs.file import new_run, run_id
from harness.runs.header import RunHeader
from harness.runs.record import Key, Record, Run
from harness.runs.request import RunRequest

_MAY_DIFFER = frozenset({"shard", "goldens", "dumps", "plugins", "local_packages", "isolated", "extractors", "metrics"})
"""Options in which shards may differ: paths are others on each machine, and what the rest leads to is compared instead."""


def merge(runs: Mapping[str, Run], folder: Path | None = None) -> Run:
    """Store the merged run. runs: whole runs, by the names that messages call them.

    Raises CannotTell if they are no whole set of shards, or do not fit together.
    """
    _require_shards(runs)
    _require_same(runs)
    shards = list(runs.values())
    records, conflicts = _records(shards)
    if conflicts:
        raise CannotTell("\n".join(["the runs have different results for", *(f"  {line}" for line in conflicts)]))
    versions = {name: version for run in shards for name, version in run.versions.items()}
    now = datetime.now(timezone.utc)
    header = replace(_header(shards), started=now.isoformat(timespec="seconds"))
    with new_run(run_id(now), header, folder) as writer:
        for name, version in sorted(versions.items()):
            writer.extractor(name, version)
        for name, reason in sorted({item for run in shards for item in run.not_loaded.items()}):
            writer.not_loaded(name, reason)
        for name in sorted({name for run in shards for name in run.not_cached}):
            writer.not_cached(name)
        for key in sorted(records):
            writer.record(records[key])
        return writer.finish()


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
    for name, other in others:
        wanted, found = _made_by(first), _made_by(other)
        for what in sorted({*wanted, *found}):
            if wanted.get(what) != found.get(what):
                problems.append(f"{what} is not the same in {first_name} and in {name}")
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
    for name, version in run.versions.items():
        made_by[f"the version of extractor {name}"] = version
    return made_by


def _records(runs: Sequence[Run]) -> tuple[dict[Key, Record], list[str]]:
    """The records of all runs, and the pairs of which there are two that differ; timings do not count."""
    records: dict[Key, Record] = {}
    goldens: dict[str, Any] = {}
    conflicts = []
    for golden_id, golden in (item for run in runs for item in run.header.goldens.items()):
        if goldens.setdefault(golden_id, golden) != golden:
            conflicts.append(f"golden {golden_id}, which has changed between them")
    for record in (record for run in runs for record in run.records):
        known = records.setdefault(record.key, record)
        if replace(known, timing={}, cached=False) != replace(record, timing={}, cached=False):
            conflicts.append(f"{record.extractor} on {record.golden}")
    return records, conflicts


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
