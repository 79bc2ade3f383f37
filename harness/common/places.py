"""Places on disk: what comes with the harness, and where it keeps what it can make again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """The folder `goldens` or `extractors`: inside the installed package, or next to it in a checkout."""
    installed = _PACKAGE / "bundled" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def worker_file(name: str) -> Path:
    """A program that runs in a process of its own, such as `worker.py`."""
    return _PACKAGE / "worker" / name


def cache_folder() -> Path:
    """The user's cache folder for the harness: HARNESS_CACHE, else where the platform keeps caches."""
    if given := os.environ.get("HARNESS_CACHE"):
        return Path(given)
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "extraction-harness"
