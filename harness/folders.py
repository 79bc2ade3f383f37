"""Where the harness keeps what it can make again: environments and outputs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path


def cache_folder() -> Path:
    """The user's cache folder for the harness: HARNESS_CACHE, else where the platform keeps caches."""
    if given := os.environ.get("HARNESS_CACHE"):
        return Path(given)
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "extraction-harness"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process has this lock, and keep it meanwhile; it ends with the process. The file stays."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
