"""Processes that a test must see end, and what this system allows."""

import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

# In the environment of all that this session of tests starts: numbers of processes are only unique in their namespace.
MARK = f"HARNESS_TEST_SESSION={uuid.uuid4()}"
os.environ.update([MARK.split("=")])


def start(*words: str, **options: Any) -> subprocess.Popen[str]:
    """`python -m harness …` as a process of its own, which hears Ctrl-C even where the tests run in the background."""
    command = [sys.executable, "-m", "harness", *words]
    ignored = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    finally:
        signal.signal(signal.SIGINT, ignored)


def is_alive(pid: int) -> bool:
    """Whether a process lives that this session of tests has started, by its number as it knows it itself."""
    if not Path("/proc/self/status").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    return pid in living()


def living() -> set[int]:
    """The numbers of living processes with the mark, each in its own namespace."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            status = dict(line.partition(":")[::2] for line in (process / "status").read_text().splitlines())
            # A killed process whose parent is gone may stay as a zombie where nobody reaps it.
            if "Z" not in status["State"].split()[0] and MARK.encode() in (process / "environ").read_bytes():
                found.add(int(status["NSpid"].split()[-1]))
    return found


def still_alive(folder: Path) -> list[int]:
    """The processes noted in a folder, as NUMBER or NUMBER.ANYTHING, that live; killed ones are given a moment to go."""
    pids = [int(path.name.partition(".")[0]) for path in folder.iterdir()]
    assert pids, "no process was noted: the test tests nothing"
    for _ in range(100):
        if not any(map(is_alive, pids)):
            break
        time.sleep(0.05)
    return [pid for pid in pids if is_alive(pid)]


@cache
def can_cut_network() -> bool:
    """Whether this system lets an extractor be cut off from the network; asked of a process that then ends."""
    namespace = "os.readlink('/proc/self/ns/net')"
    return _succeeds(f"before = {namespace}; separate(network=False); raise SystemExit({namespace} == before)")


@cache
def can_separate() -> bool:
    """Whether this system lets an extractor have processes of its own."""
    return _succeeds("raise SystemExit(not separate(network=False))")


def _succeeds(code: str) -> bool:
    code = f"import os; from harness.worker.launch import separate; {code}"
    return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, check=False).returncode == 0
