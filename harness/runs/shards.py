"""A run in shards: a folder with a plan, and the file of a run for each shard that is complete.

A shard is written elsewhere and gets its name when it is whole, so that what has the name is complete, whatever was killed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from harness.common.errors import CannotTell, Impossible
from harness.common.options import options_of, values_of
from harness.common.remote import RemoteStore, address_of
from harness.common.stores import LocalStore, Store
from harness.common.typed import plain_json, typed
from harness.common.wording import command_line
from harness.runs.header import HeaderError, RunHeader, header_object, read_header
from harness.runs.request import RunRequest

PLAN = "plan.json"
MOST_SHARDS = 999_999
DEFAULT_SHARDS = 16
"""Shards for each core, where nobody says how many: a machine that is lost costs a sixteenth of its part."""

_PLAN_FORMAT = 1
_LARGEST_PLAN = 50_000_000  # bytes


@dataclass(frozen=True)
class Plan:
    """What a run in shards is asked to measure. Can be pickled."""

    request: RunRequest
    """What the whole run is asked for; it names no shard."""
    shards: int
    """How many shards it has, from 1 to MOST_SHARDS."""

    def of_shard(self, number: int) -> RunRequest:
        """What a shard is asked for. number: from 1."""
        return replace(self.request, choice=replace(self.request.choice, shard=f"{number}/{self.shards}"))

    def file_of(self, number: int) -> str:
        """The name of a shard's file. number: from 1."""
        return f"{number:05}-of-{self.shards:05}.jsonl"

    def missing(self, store: Store) -> list[int]:
        """The numbers of the shards that are not complete."""
        names = set(store.names())
        return [number for number in range(1, self.shards + 1) if self.file_of(number) not in names]


@dataclass(frozen=True)
class _PlanFile:
    format: int
    shards: int


def store_at(place: str) -> Store:
    """The folder at a path or an address."""
    if not place:
        raise Impossible("--run-folder must not be empty")
    address = address_of(place)
    return RemoteStore(address) if address else LocalStore(Path(place))


def has_plan(place: str) -> bool:
    """Whether there is a folder of a run in shards at a path or address."""
    return bool(place) and PLAN in store_at(place).names()


def read_plan(store: Store) -> Plan:
    """The plan of a folder. Raises Impossible for a folder without one, and for one that is damaged."""
    where = f"{store.place}/{PLAN}"
    try:
        values = plain_json(store.read(PLAN, _LARGEST_PLAN))
        about = typed(_PlanFile, values)
        if about.format != _PLAN_FORMAT:
            raise ValueError(f"format {about.format} is not {_PLAN_FORMAT}: made by another version of harness")
        if not 1 <= about.shards <= MOST_SHARDS:
            raise ValueError(f"{about.shards} is not a number of shards")
        return Plan(_request_of(values.get("arguments")), about.shards)
    except FileNotFoundError:
        raise Impossible(f"{store.place} holds no run in shards; `harness run --run-folder DIR` makes one") from None
    except (OSError, ValueError, HeaderError) as error:
        raise Impossible(f"{where} cannot be read: {error}") from None


def keep_plan(store: Store, plan: Plan) -> Plan:
    """The plan of a folder, which becomes this one if it has none. Raises CannotTell if it has another one."""
    arguments = header_object(RunHeader("", plan.request))["arguments"]
    written = {"format": _PLAN_FORMAT, "shards": plan.shards, "arguments": arguments}
    store.add(PLAN, (json.dumps(written, indent=1) + "\n").encode("ascii"))
    kept, asked = read_plan(store), Plan(_request_of(arguments), plan.shards)  # both with paths as a file gives them
    if kept != asked:
        raise CannotTell(f"{store.place} is the folder of another run: {_differences(kept, asked)}; use another folder")
    return kept


def _request_of(arguments: object) -> RunRequest:
    """The request that a plan on disk holds. Raises HeaderError."""
    return read_header({"id": "", "arguments": arguments}).request


def _differences(kept: Plan, plan: Plan) -> str:
    before, now = values_of(kept.request), values_of(plan.request)
    lines = [f"it has {kept.shards} shards, not {plan.shards}"] if kept.shards != plan.shards else []
    flags = [item.flag for item in options_of(RunRequest) if before[item.key] != now[item.key]]
    return " and ".join([*lines, *([f"it was made with other values of {', '.join(flags)}"] if flags else [])])


@contextmanager
def shard_files(store: Store) -> Iterator[dict[str, Path]]:
    """The files of all shards of a folder, by their names. Raises CannotTell if one is missing."""
    plan = read_plan(store)
    if missing := plan.missing(store):
        resume = command_line("run", "--resume", store.place)
        raise CannotTell(
            f"{len(missing)} of {plan.shards} shards of {store.place} are missing, the first is {plan.file_of(missing[0])}: "
            f"{resume}"
        )
    with ExitStack() as stack:
        names = [plan.file_of(number) for number in range(1, plan.shards + 1)]
        yield {f"{store.place}/{name}": stack.enter_context(store.fetched(name)) for name in names}
