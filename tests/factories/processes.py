"""Processes that a test must see end, and what this system allows."""

import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path


def is_alive(pid: int) -> bool:
    try:
        # A killed process whose parent is gone may stay as a zombie where nobody reaps it.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path("/proc/self").exists()


def still_alive(folder: Path) -> list[int]:
    """The processes noted in a folder that live; killed ones are given a moment to go."""
    pids = [int(path.name) for path in folder.iterdir()]
    assert pids, "no process was noted: the test tests nothing"
    for _ in range(100):
        if not any(map(is_alive, pids)):
            break
        time.sleep(0.05)
    return [pid for pid in pids if is_alive(pid)]


@cache
def can_cut_network() -> bool:
    """Whether this system lets an extractor be cut off from the network; asked of a process that then ends."""
    code = "import sys; from harness.worker.launch import cut_network; sys.exit(not cut_network())"
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
