"""The extractor behind `cmd:COMMAND`: one process for each page, HTML on standard input, text on standard output.

Standard library only and Python 3.8, since workers load this file by itself.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import Any


def extract(page: Any, command: str) -> str:
    """What a command line writes to standard output for a page. Raises RuntimeError if it fails."""
    done = subprocess.run(shlex.split(command), input=page.html.encode("utf-8"), capture_output=True, check=False)
    sys.stderr.write(done.stderr.decode("utf-8", "replace"))
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RuntimeError(f"the command ended with exit code {done.returncode}{': ' + lines[-1] if lines else ''}")
    return str(done.stdout, "utf-8")
