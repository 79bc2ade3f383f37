"""Goldens that are probably wrong, in the terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from harness.analysis.audit import REASONS, Audit
from harness.common.wording import plural
from harness.datasets.suspected import Suspect, SuspectList, suspects_object
from harness.report.kit.numbers import number
from harness.report.kit.terminal import one_line


def print_audit(audit: Audit, console: Console) -> None:
    """Print each suspected golden with the reason and the passage, the largest effect first."""
    for suspicion in audit.suspicions:
        console.print(Text(f"{number(suspicion.effect)}  {suspicion.golden}", style="bold"), soft_wrap=True)
        console.print(f"      {REASONS[suspicion.reason]} ({plural(suspicion.words, 'word')})", soft_wrap=True)
        console.print(Text(f"      {one_line(suspicion.passage)}", style="dim"), soft_wrap=True)
    suspected = f"{len(audit.suspicions)} of {plural(audit.pages, 'golden')} suspected"
    console.print(f"{suspected}; extractors voted on {audit.voted}", style="bold")


def audit_as_json(audit: Audit) -> str:
    """The same as JSON; `page` is the SHA-256 of a page's bytes."""
    found = {"goldens": audit.pages, "voted": audit.voted, "suspected": [asdict(one) for one in audit.suspicions]}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def audit_as_suspects(audit: Audit, main: Mapping[str, str], voters: Sequence[str]) -> str:
    """The same as a list that `--without-flag suspect` goes by: no text of the pages.

    main: the checksum of each golden's main content, by id. voters: the extractors whose outputs were known.
    """
    suspects = tuple(
        Suspect(one.golden.rpartition("/")[2], one.page, main[one.golden], one.reason, one.effect, one.words)
        for one in audit.suspicions
    )
    return json.dumps(suspects_object(SuspectList(audit.pages, tuple(voters), suspects)), indent=1) + "\n"
