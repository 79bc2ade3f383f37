"""Where the goldens and extractors that come with the harness lie."""

from __future__ import annotations

from pathlib import Path


def bundled(name: str) -> Path:
    """The folder `goldens` or `extractors`: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "bundled" / name
    return installed if installed.is_dir() else package.parent / name
