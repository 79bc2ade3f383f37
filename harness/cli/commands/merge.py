"""`harness merge`: one run of the shards that `harness run --shard` made."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from harness.common.errors import OK, CannotTell
from harness.report.kit.terminal import stdout_console
from harness.runs.file import Key, Record, Run, RunError, new_run, read_run

# What must be one and the same for records to stand in one table.
_ARGUMENTS = ("timeout", "memory", "repeat")


def run(arguments: argparse.Namespace) -> int:
    """Write the merged run. Exit code 3 if the runs are no whole set of shards, or do not fit together."""
    try:
        runs = {name: read_run(name) for name in arguments.run_names}
    except RunError as error:
        raise CannotTell(str(error)) from None
    _require_shards(runs)
    _require_same(runs)
    shards = list(runs.values())
    records, conflicts = _records(shards)
    if conflicts:
        raise CannotTell("\n".join(["the runs have different results for", *(f"  {line}" for line in conflicts)]))
    versions = {name: version for run in shards for name, version in run.versions.items()}
    now = datetime.now(timezone.utc)
    with new_run(now.strftime("%Y%m%d-%H%M%S"), _header(shards, now)) as writer:
        for name, version in sorted(versions.items()):
            writer.extractor(name, version)
        for key in sorted(records):
            writer.record(records[key])
        writer.finish()
    id = writer.path.stem
    stdout_console().print(f"{len(records)} results of {len(runs)} runs are run {id}: harness show {id}", soft_wrap=True)
    return OK


def _require_shards(runs: Mapping[str, Run]) -> None:
    """Raise CannotTell unless the runs are finished and all the shards of one number."""
    shards = {name: str(run.header.get("arguments", {}).get("shard") or "") for name, run in runs.items()}
    problems = [f"{name} is no shard; `harness run --shard 1/2` makes one" for name, shard in shards.items() if not shard]
    problems += [f"{name} is not finished: harness run --resume {name}" for name, run in runs.items() if not run.finished]
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
    if problems:
        raise CannotTell("\n".join(problems))


def _made_by(run: Run) -> dict[str, Any]:
    """All that the records of a run depend on beside its pages, named for people."""
    header = run.header
    made_by: dict[str, Any] = {"the version of harness": header.get("harness"), "the list of metrics": header.get("metrics")}
    made_by["the definitions of metrics"] = header.get("definitions")
    made_by |= {f"--{name}": header.get("arguments", {}).get(name) for name in _ARGUMENTS}
    for name, extractor in header.get("extractors", {}).items():
        made_by[f"extractor {name}"] = (extractor.get("identity"), extractor.get("options"))
    for name, version in run.versions.items():
        made_by[f"the version of extractor {name}"] = version
    return made_by


def _records(runs: Sequence[Run]) -> tuple[dict[Key, Record], list[str]]:
    """The records of all runs, and the pairs of which there are two that differ; timings do not count."""
    records: dict[Key, Record] = {}
    goldens: dict[str, Any] = {}
    conflicts = []
    for id, golden in (item for run in runs for item in run.header.get("goldens", {}).items()):
        if goldens.setdefault(id, golden) != golden:
            conflicts.append(f"golden {id}, which has changed between them")
    for record in (record for run in runs for record in run.records):
        known = records.setdefault(record.key, record)
        if replace(known, timing={}, cached=False) != replace(record, timing={}, cached=False):
            conflicts.append(f"{record.extractor} on {record.golden}")
    return records, conflicts


def _header(runs: Sequence[Run], now: datetime) -> dict[str, Any]:
    first = runs[0].header
    return {
        **{key: value for key, value in first.items() if key not in ("format", "id")},
        "started": now.isoformat(timespec="seconds"),
        "arguments": {**first["arguments"], "shard": None},
        "merged": [run.id for run in runs],
        "goldens": {id: golden for run in runs for id, golden in run.header.get("goldens", {}).items()},
        "skipped": sorted({id for run in runs for id in run.header.get("skipped", [])}),
        "broken": sorted({path for run in runs for path in run.header.get("broken", [])}),
    }
