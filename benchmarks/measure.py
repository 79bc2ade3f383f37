"""CPU, time and memory of commands and of functions."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """What a program took."""

    cpu: float
    """Seconds of CPU, of the program and of all that it started."""
    wall: float
    """Seconds of the clock."""
    memory: float
    """The most memory in MB that it, or one of the programs that it started, had."""


def program(words: list[str], *, folder: Path, variables: Mapping[str, str] = {}, codes: tuple[int, ...] = (0,)) -> Spent:
    """Run a program in a folder, its output thrown away. Raises RuntimeError if it ends with none of the exit codes."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | dict(variables)
    begun = time.perf_counter()
    with (folder / "stderr.txt").open("wb") as errors:
        process = subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        last = (folder / "stderr.txt").read_text("utf-8", "replace")[-500:]
        raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}: {last}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Spent(usage.ru_utime + usage.ru_stime, time.perf_counter() - begun, usage.ru_maxrss * scale / 1e6)


def harness(*words: str, folder: Path, variables: Mapping[str, str] = {}, codes: tuple[int, ...] = (0,)) -> Spent:
    """Run `harness` with these words in a folder, which also has its cache."""
    command = [sys.executable, "-m", "harness", *words]
    return program(command, folder=folder, variables={"HARNESS_CACHE": str(folder / "cache"), **variables}, codes=codes)


def best(work: Callable[[], object], times: int) -> float:
    """Seconds of CPU of this process, and of the children that it waited for, in the best of so many times."""
    return min(_cpu_of(work) for _ in range(times))


def unit() -> None:
    """A piece of work that other work is measured against: Python, regular expressions and JSON, as most of ours is.

    Nothing of it is in a library that uses what only some processors have.
    """
    chance = random.Random(1)
    text = " ".join(str(chance.randrange(10**6)) for _ in range(60_000))
    counts: dict[str, int] = {}
    for word in re.findall(r"\w+", text):
        counts[word[:3]] = counts.get(word[:3], 0) + 1
    rows = [{"word": word, "count": number, "text": word * 20} for word, number in counts.items()]
    for _ in range(20):
        json.loads(json.dumps(rows))


def _cpu_of(work: Callable[[], object]) -> float:
    before = _cpu()
    work()
    return _cpu() - before


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
