"""`harness run` in shards: one of them, or all of them and then the merged run."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import datetime, timezone

from rich.console import Console

from harness.cli.listen import announcer, listen
from harness.cli.options import word
from harness.common.errors import INTERRUPTED, OK, Impossible
from harness.common.options import positive_integer
from harness.common.places import in_project
from harness.common.wording import Announce, command_line, plural
from harness.evaluation.in_shards import planned, run_in_shards, run_shard, shards_here
from harness.evaluation.on_ray import THIS_MACHINE, RayEngine
from harness.runs.file import RUNS, run_id
from harness.runs.record import Run
from harness.runs.request import RunRequest
from harness.runs.shards import DEFAULT_SHARDS, MOST_SHARDS, Plan, has_plan, read_plan, store_at


def shard_options(parser: argparse.ArgumentParser) -> None:
    """Options of a run in shards."""
    parser.add_argument(
        "--run-folder",
        metavar="DIR",
        help="run in shards, and keep each in this folder; those that are complete are skipped (see docs/scale.md)",
    )
    parser.add_argument(
        "--shards",
        type=word(_number_of_shards),
        metavar="N",
        help=f"how many shards (default: {DEFAULT_SHARDS} for each core)",
    )

    parser.add_argument(
        "--engine",
        type=word(_ray_address),
        metavar="ENGINE",
        help="ray:ADDRESS runs shards on that Ray cluster, ray on one that it begins here; local is this machine (default)",
    )


def is_in_shards(arguments: argparse.Namespace) -> bool:
    """Whether a run in shards is asked for."""
    asked_for = arguments.run_folder is not None or arguments.shards or arguments.engine
    return bool(asked_for) or bool(arguments.resume and has_plan(arguments.resume))


def execute_in_shards(request: RunRequest, arguments: argparse.Namespace, messages: Console) -> tuple[Run | None, int]:
    """Make one shard, if the request names one, or all that are missing, and merge them.

    Returns the merged run, None if there is none, and the exit code.
    """
    if arguments.locked:
        raise Impossible("--locked makes a run again in one piece: leave out --run-folder and --shards")
    if request.choice.shard and arguments.resume is None:
        if arguments.shards or arguments.engine:
            raise Impossible("--shard makes one shard on this machine: leave it out, or leave out --shards and --engine")
        return _one_shard(request, request.choice.shard, arguments, messages)
    announce = announcer(messages)
    with ExitStack() as stack:
        cores, measure = arguments.jobs, shards_here(arguments.jobs, arguments.fresh)
        if arguments.engine:
            engine = stack.enter_context(RayEngine(arguments.engine))
            cores, measure = engine.cpus, engine.shards(arguments.fresh)
        place, plan = _planned(request, cores, arguments, announce)
        go_on = ["run", "--resume", place, *([f"--engine=ray:{arguments.engine}"] if arguments.engine else [])]
        events = run_in_shards(plan, place, measure, announce=announce)
        kept = f"shards that are complete are kept: {command_line(*go_on)}"
        finished, code = listen(events, plan.request, messages, go_on=kept)
        if finished is None and code != INTERRUPTED:
            merge, export = command_line("merge", place), command_line("export", place, "-o", "run.parquet")
            messages.print(f"too many results for one table: {export} (or {merge})", soft_wrap=True)
        return finished, code


def _planned(request: RunRequest, cores: int, arguments: argparse.Namespace, announce: Announce) -> tuple[str, Plan]:
    """The folder of a run in shards, and its plan."""
    if arguments.resume is None:
        place = _new_place() if arguments.run_folder is None else arguments.run_folder
        store = store_at(place)
        known = read_plan(store).shards if has_plan(place) else None
        return place, planned(request, arguments.shards or known or DEFAULT_SHARDS * max(1, cores), store, announce)
    given = [item.flag for item in request.given(but=("metrics",))]
    given += [flag for flag, value in (("--run-folder", arguments.run_folder), ("--shards", arguments.shards)) if value]
    if given:
        raise Impossible(f"--resume goes on with what the run was begun with: leave out {', '.join(given)}")
    return arguments.resume, read_plan(store_at(arguments.resume))


def _one_shard(request: RunRequest, shard: str, arguments: argparse.Namespace, messages: Console) -> tuple[Run | None, int]:
    number, shards = map(int, shard.split("/"))
    place, announce = arguments.run_folder, announcer(messages)
    store = store_at(place)
    plan = planned(request, shards, store, announce)
    if number not in plan.missing(store):
        messages.print(f"shard {number} of {shards} is complete already", style="dim", soft_wrap=True)
        return None, OK
    events = run_shard(plan, number, store, jobs=arguments.jobs, fresh=arguments.fresh, announce=announce)
    done, code = listen(events, plan.request, messages, go_on="the same command makes the shard")
    if done is not None:
        results = plural(len(done.records), "result")
        messages.print(
            f"shard {number} of {shards} is complete, {results}; when all are: {command_line('merge', place)}",
            soft_wrap=True,
        )
    return None, code


def _new_place() -> str:
    """A new folder among the stored runs."""
    name, number = run_id(datetime.now(timezone.utc)), 1
    while True:
        place = in_project(RUNS) / (name if number == 1 else f"{name}-{number:04}")
        try:
            place.mkdir(parents=True)
            return str(place)
        except FileExistsError:
            number += 1


def _ray_address(given: str) -> str:
    """The address of a Ray cluster; empty for the engine of this machine."""
    name, _, address = given.partition(":")
    if name == "ray":
        return address or THIS_MACHINE
    if given != "local":
        raise ValueError(f"{given!r} is not an engine: use local, ray, or ray:ADDRESS")
    return ""


def _number_of_shards(given: str) -> int:
    number = positive_integer(given)
    if number > MOST_SHARDS:
        raise ValueError(f"{given} is more than {MOST_SHARDS:,}")
    return number
