"""Keeps Python from running the bytecode of code that has changed since. Standard library only, Python 3.8.

Python takes bytecode for that of a source file if the file's size and its time in whole seconds are what they were. After an
edit within a second that keeps the size, or where all files have one time, as in an unpacked archive, it runs the old code.
"""

from __future__ import annotations

import os
from importlib import machinery, util

TYPE_CHECKING = False  # that of `typing`, which takes long to import
if TYPE_CHECKING:
    from typing import Any

_STANDARD_LIBRARY = os.path.join(os.path.dirname(os.__file__), "")
_INSTALLED = ("/site-packages/", "/dist-packages/")
_stat = os.stat  # not what watches the extractor


def compile_what_has_changed() -> None:
    """From now on, this process compiles a source file that was written after its bytecode, unless it is installed."""
    path_stats = machinery.SourceFileLoader.path_stats

    def checked(loader: Any, path: str) -> Any:
        told = path_stats(loader, path)
        # The size is only compared: one that no file has makes Python compile the file, and write the bytecode anew.
        return {**told, "size": -1} if _is_newer_than_its_bytecode(path) else told

    machinery.SourceFileLoader.path_stats = checked  # type: ignore[assignment,method-assign]


def _is_newer_than_its_bytecode(path: str) -> bool:
    if path.startswith(_STANDARD_LIBRARY) or any(part in path for part in _INSTALLED):
        return False  # linking a file, as installers do, changes what tells that it was written
    try:
        return _stat(path).st_ctime_ns >= _stat(util.cache_from_source(path)).st_mtime_ns
    except (OSError, NotImplementedError):  # there is none
        return False
