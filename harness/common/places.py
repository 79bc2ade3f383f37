"""Places on disk: what comes with the harness, and where it keeps what it can make again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_ROOT_MARKS = ("pyproject.toml", ".git")
FINDINGS = Path("reports/findings")
"""The folder of findings that nobody has accepted, in the current folder."""
ACCEPTED_FINDINGS = Path("reports/findings.accepted.yaml")
"""The list of accepted findings, in the current folder."""
_PACKAGE = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """The folder `goldens` or `extractors`: inside the installed package, or next to it in a checkout."""
    installed = _PACKAGE / "bundled" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def of_project(name: str) -> Path:
    """A folder of the project that the current folder is in: of the current folder, or of the nearest one above that has it,
    up to the one with `pyproject.toml` or `.git`. Where there is none, that of the current folder, which does not exist."""
    here = Path()
    if (here / name).is_dir():
        return here / name
    above = [here.resolve(), *here.resolve().parents]
    root = next((n for n, place in enumerate(above) if any((place / mark).exists() for mark in _ROOT_MARKS)), 0)
    found = (place / name for place in above[1 : root + 1] if (place / name).is_dir())
    return next((Path(os.path.relpath(folder)) for folder in found), here / name)


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
