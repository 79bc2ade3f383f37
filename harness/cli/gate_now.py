"""Whether the newest run still says something of what is here now, before the gate passes it."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from harness.cli.project import settings
from harness.common.errors import CANNOT_TELL, IMPOSSIBLE, HarnessError
from harness.common.places import working_in
from harness.common.project import SECTION, project_root
from harness.common.wording import command_line
from harness.evaluation.changes import Change, changes_since
from harness.gate.verdict import Doubt, Verdict
from harness.plugins.names import name_of
from harness.runs.header import moved_header
from harness.runs.record import Run


def compared_with_now(verdict: Verdict, run: Run, names: Collection[str]) -> Verdict:
    """A verdict on the newest run that would pass, with doubts where these extractors or the goldens are no longer what they
    were in it, and notes where nobody can tell."""
    remedy = f"{shlex.join(run.header.request.to_words())}; {command_line('gate', run.id)} judges the run as it was"
    folder = Path(run.header.folder or Path.cwd())
    is_ours = folder.is_dir() and folder.resolve().is_relative_to(project_root().resolve())
    there = folder if is_ours else Path()
    as_there = replace(run, header=moved_header(run.header, Path(), there))
    try:
        with working_in(there):  # what its workers read depends on it
            found = [*changes_since(as_there, names)]
    except (HarnessError, OSError) as error:
        unknown = f"it is not known whether what was measured is as it was: {' '.join(str(error).split())}"
        if is_ours or getattr(error, "code", IMPOSSIBLE) == CANNOT_TELL:
            return replace(verdict, doubts=(Doubt(unknown, remedy),))
        return replace(verdict, notes=(*verdict.notes, f"{unknown}; the run was made in {folder}"))
    doubts = tuple(Doubt(change.message, remedy, change.goldens) for change in found if isinstance(change, Change))
    as_it_was = f"harness run; {command_line('gate', run.id)} judges the run as it was"
    doubts += tuple(
        Doubt(f"{name} was another extractor in the run than [{SECTION}] names now", as_it_was)
        for name in _asked_for_otherwise(run, names)
    )
    notes = [change.message for change in found if not isinstance(change, Change)]
    return replace(verdict, doubts=doubts, notes=(*verdict.notes, *notes))


def _asked_for_otherwise(run: Run, names: Collection[str]) -> list[str]:
    """Those extractors of the run whose alias stands for another one in the settings of the project now."""
    request = run.header.request
    asked = dict(zip(request.extractor_names, request.extractors))
    now = {name_of(word): word for word in settings().get("extractor", ())}
    return [name for name in names if name in asked and now.get(name, asked[name]) != asked[name]]
