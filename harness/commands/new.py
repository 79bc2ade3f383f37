"""`harness new`: drafts."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.draft import draft, media_of
from harness.errors import OK, Impossible
from harness.page import Page
from harness.report.terminal import stdout_console


def run(arguments: argparse.Namespace) -> int:
    """Write the draft that was asked for, never over an existing file."""
    path: Path = arguments.page
    if not path.is_file():
        raise Impossible(f"no page {str(path)!r}")
    target = path.with_suffix(".yaml")
    for existing in (target, path.with_suffix(".yml")):
        if existing.exists():
            raise Impossible(f"{existing} is there already: edit it, or remove it for a new draft")
    raw = path.read_bytes()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} is 0x{raw[error.start]:02x}; convert it, since pages of goldens are UTF-8"
        raise Impossible(f"{path} is not UTF-8: {reason}") from None
    target.write_text(draft(path, Page(raw, media_of(path, raw))), encoding="utf-8")
    console = stdout_console()
    console.print(f"{target} lists every block as `drop`. Turn what belongs to the main content into `keep`, then:")
    console.print(f"  harness check {target}", soft_wrap=True)
    return OK
