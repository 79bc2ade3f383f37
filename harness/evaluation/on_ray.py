"""Makes the shards of a run on a Ray cluster: one task for each, which does what a single machine would do.

The only module that knows Ray (the extra `ray`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from harness.common.errors import CannotTell, Impossible
from harness.common.wording import pip_install
from harness.evaluation.events import ShardDone
from harness.evaluation.in_shards import MeasureShards, shard_done
from harness.goldens.sets import DUMPS_VARIABLE
from harness.runs.shards import Plan

THIS_MACHINE = "local"
"""The address that begins a cluster on this machine, which ends with the run."""

_AHEAD = 2  # tasks in flight for each CPU of the cluster
_RETRIES = 5  # of a task whose node or process was lost
_PORT = 6379  # of a head that was not told another one
_CONNECT_TIMEOUT = 10.0  # seconds
_PATIENCE = 1.0  # seconds until the size of the cluster is looked at again


class RayEngine:
    """A Ray cluster, connected as long as a context lasts; leaving it ends all tasks and what they have started."""

    def __init__(self, address: str) -> None:
        """address: of the cluster, such as `head:6379`, or THIS_MACHINE."""
        self._address = address

    def __enter__(self) -> RayEngine:
        self._ray = _imported()
        if self._address != THIS_MACHINE:
            _require_answer(self._address)
        # Never without an address: Ray would attach to whatever cluster the user has begun last.
        options: dict[str, Any] = {"include_dashboard": False} if self._address == THIS_MACHINE else {}
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            self._ray.init(address=self._address, log_to_driver=False, logging_level="ERROR", **options)
        except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
            raise CannotTell(f"no Ray cluster at {self._address}: {' '.join(str(error).split())[:300]}") from None
        return self

    def __exit__(self, *exception: object) -> None:
        self._ray.shutdown()

    @property
    def cpus(self) -> int:
        """CPUs of the nodes that are alive."""
        return int(self._ray.cluster_resources().get("CPU", 0))

    def shards(self, fresh: bool) -> MeasureShards:
        """Makes shards by tasks. fresh: look nothing up in the nodes' caches."""

        def measure(plan: Plan, numbers: Sequence[int], place: str) -> Generator[ShardDone, None, None]:
            if numbers and not self.cpus:
                raise CannotTell(
                    f"the Ray cluster at {self._address} has no CPU: begin a node, and run the same command again"
                )
            task = self._ray.remote(num_cpus=1, max_retries=_RETRIES, retry_exceptions=False, scheduling_strategy="SPREAD")
            here, dumps = str(Path.cwd()), os.environ.get(DUMPS_VARIABLE, "")
            shard = task(_shard)
            yield from self._results(numbers, lambda number: shard.remote(plan, number, place, here, dumps, fresh))

        return measure

    def _results(self, numbers: Sequence[int], submit: Callable[[int], Any]) -> Generator[ShardDone, None, None]:
        waiting: dict[Any, int] = {}
        remaining = iter(numbers)
        try:
            while True:
                while len(waiting) < _AHEAD * max(1, self.cpus) and (number := next(remaining, None)) is not None:
                    waiting[submit(number)] = number
                if not waiting:
                    return
                ended, _ = self._ray.wait(list(waiting), timeout=_PATIENCE)
                for reference in ended:
                    yield self._result(reference, waiting.pop(reference))
        finally:
            for reference in waiting:
                self._ray.cancel(reference, force=True)

    def _result(self, reference: Any, number: int) -> ShardDone:
        try:
            done: ShardDone = self._ray.get(reference)
            return done
        except self._ray.exceptions.RayError as error:
            reason = " ".join(str(error).split())[-300:]
            return ShardDone(number, {}, failure=f"its task was lost: {reason}")


def _shard(plan: Plan, number: int, place: str, folder: str, dumps: str, fresh: bool) -> ShardDone:
    """A task: one shard, in the folder that the run was begun in. What it returns has no texts."""
    try:
        os.chdir(folder)
    except OSError as error:
        return ShardDone(number, {}, failure=f"{folder} is not on the node {os.uname().nodename}: {error.strerror}")
    os.environ[DUMPS_VARIABLE] = dumps
    return shard_done(plan, number, place, fresh=fresh)


def _require_answer(address: str) -> None:
    """Raise CannotTell unless something listens at an address, since Ray would try it for many minutes."""
    parts = urlsplit(address if "://" in address else f"ray://{address}")
    try:
        with socket.create_connection((parts.hostname or "", parts.port or _PORT), _CONNECT_TIMEOUT):
            pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CannotTell(f"no Ray cluster at {address}: {reason}; `ray start` on its head prints the address") from None


def _imported() -> Any:
    try:
        import ray
    except ImportError:
        raise Impossible(f"the engine ray needs Ray: {pip_install('ray')}") from None
    return ray
