"""Programs that end with all that they started as soon as this process lets go of them or is gone."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Sequence

from harness.common.places import worker_file

_LEAD_ELSEWHERE = frozenset(
    ["PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONSTARTUP", "PYTHONUSERBASE", "NODE_OPTIONS", "NODE_PATH"]
)
_PATIENCE = 10.0  # seconds for a launcher to kill what is below it


def environment_apart() -> dict[str, str]:
    """The environment variables of this process but those that lead Python or Node.js to code elsewhere: for programs that
    are to have the packages of their own environment only."""
    return {name: value for name, value in os.environ.items() if name not in _LEAD_ELSEWHERE}


def launched(command: Sequence[str], *, network: bool) -> list[str]:
    """The command below a launcher, which ends as it does.

    When the command ends, the launcher gets SIGTERM, or the other side of its standard input is closed, all that the command
    has started is killed. So standard input is to be a pipe that is held open meanwhile.
    network: whether it may have one.
    """
    alone = [] if network else ["--no-network"]
    return [sys.executable, "-I", "-S", str(worker_file("launch.py")), *alone, *command]


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a launched program with all that it started, and let go of it."""
    process.terminate()  # the launcher, which kills what is below it
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:  # the launcher was stopped, or waits for what cannot be killed
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):  # a request that was never read is lost with its reader
                pipe.close()
