"""Places on disk: what comes with the harness, and where it keeps what it can make again."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.common.project import project_root

FINDINGS = Path("reports/findings")
"""The folder of findings that nobody has accepted, in the project."""
ACCEPTED_FINDINGS = Path("reports/findings.accepted.yaml")
"""The list of accepted findings, in the project."""
_PACKAGE = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """The folder `goldens`, `extractors` or `docs`: inside the installed package, or next to it in a checkout."""
    installed = _PACKAGE / "bundled" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def of_project(name: str) -> Path:
    """A folder of the project that the current folder is in: of the current folder, or of the nearest one above that has it,
    up to its root. Where there is none, that of the current folder, which does not exist."""
    here = Path()
    if (here / name).is_dir():
        return here / name
    above = Path.cwd().parents[: len(project_root().parts)]  # the root is `..`, `../..` and so on
    found = (folder / name for folder in above if (folder / name).is_dir())
    return next((Path(os.path.relpath(folder)) for folder in found), here / name)


def in_project(path: Path) -> Path:
    """A path that is relative to the root of the project, from here."""
    return project_root() / path


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Let relative paths of this process begin in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


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
