"""The extractor behind `cmd:COMMAND`: one process for each page, its bytes on standard input, text on standard output.

Standard library only and Python 3.8, since workers load this file by itself.
"""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
from typing import Any


def extract(page: Any, command: str) -> Any:
    """What a command line writes to standard output for a page. Raises RuntimeError if it fails."""
    done = subprocess.run(shlex.split(command), input=page.html_bytes, capture_output=True, check=False)
    sys.stderr.write(done.stderr.decode("utf-8", "replace"))
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        killed = done.returncode < 0
        how = f"was killed by {_signal(-done.returncode)}" if killed else f"ended with exit code {done.returncode}"
        raise RuntimeError(f"the command {how}{': ' + lines[-1] if lines else ''}")
    try:
        return str(done.stdout, "utf-8")
    except UnicodeDecodeError:
        return done.stdout  # which the worker finds not to be text


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
