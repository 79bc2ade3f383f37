"""The gate's verdict for programs (docs/ci.md has the fields)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from harness.common.errors import OK, WORSE
from harness.gate.verdict import Verdict
from harness.report.gate.wording import accept_command, show_command

VERDICT_FILE_FORMAT = 1
_VERDICTS = {OK: "ok", WORSE: "worse"}


def gate_object(verdict: Verdict) -> dict[str, Any]:
    """All of the verdict as it can be written as JSON; of pages those that are not the same as before."""
    pages = [
        {**asdict(page), "rules": list(page.rules), "show": show_command(verdict, page)}
        for page in verdict.pages
        if page.state != "same" or page.unsteady
    ]
    return {
        "gate": VERDICT_FILE_FORMAT,
        "verdict": _VERDICTS.get(verdict.code, "could not tell"),
        "code": verdict.code,
        "headline": verdict.headline,
        "run": verdict.run,
        "started": verdict.started,
        "measured": list(verdict.measured),
        "baseline": verdict.baseline,
        "metric": verdict.metric,
        "higher_is_better": verdict.higher_is_better,
        "broken": [asdict(rule) for rule in verdict.broken],
        "doubts": [asdict(doubt) for doubt in verdict.doubts],
        "extractors": [asdict(change) for change in verdict.extractors],
        "unjudged": list(verdict.unjudged),
        "pages": pages,
        "floors": [asdict(found) for found in verdict.floors],
        "judged_as": dict(verdict.commands.renamed),
        "notes": list(verdict.notes),
        "accept": accept_command(verdict),
    }
