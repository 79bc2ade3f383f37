"""Drafts of goldens for pages of a survey, with the votes of its extractors as proposals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from harness.analysis.line_votes import line_votes
from harness.analysis.survey.labelling import voters_of, worth_labelling
from harness.analysis.survey.survey import Survey
from harness.cli.writing import opened
from harness.common import extensions
from harness.common.errors import CannotTell, Impossible
from harness.datasets.entries import find_entries, load_each
from harness.goldens.draft import draft
from harness.goldens.golden import Golden
from harness.goldens.reader import Mistake
from harness.goldens.sets import dumps_from
from harness.runs.record import Run

_NOT_IN_A_NAME = re.compile(r"[^\w.-]+")


def write_drafts(run: Run, survey: Survey, number: int, folder: Path) -> list[Path]:
    """Write so many pages of a run that are worth a label into a folder, a draft beside each; the drafts, the most disputed
    first.

    Raises CannotTell if no page is worth one, Impossible if a file is there already; nothing is written then.
    """
    chosen = [page.id for page in worth_labelling(survey, number)]
    if not chosen:
        raise CannotTell("no page to label: for none did two independent extractors return text")
    stems = _stems(chosen)
    goldens = {golden.id: golden for golden in _load(run, chosen)}
    pages = {page_id: folder / f"{stems[page_id]}{_ending(golden)}" for page_id, golden in goldens.items()}
    if existing := [path for page in pages.values() for path in (page, page.with_suffix(".yaml")) if path.exists()]:
        raise Impossible(f"{existing[0]} is there already: remove it, or name another folder with --to")
    folder.mkdir(parents=True, exist_ok=True)
    weights = voters_of(survey)
    outputs: dict[str, dict[str, str]] = {}
    for record in run.records:
        if record.golden in goldens and record.repeat == 0 and record.extractor in weights:
            outputs.setdefault(record.golden, {})[record.extractor] = run.text_of(record)
    written = []
    for page_id, golden in goldens.items():
        path = pages[page_id]
        said = line_votes(golden.page, outputs.get(page_id, {}), weights)
        head = f"# Proposed by the votes of {', '.join(sorted(outputs.get(page_id, {})))}: check each label.\n"
        path.write_bytes(golden.page.raw)
        with opened(path.with_suffix(".yaml"), "x") as file:
            file.write(head + draft(path, golden.page, said, site=golden.site))
        written.append(path.with_suffix(".yaml"))
    return written


def _load(run: Run, chosen: Sequence[str]) -> list[Golden]:
    """The goldens of pages, in their order. Raises CannotTell for one that is gone or has changed since the run."""
    request = run.header.request
    extensions.use_plugin_files(path for path in request.plugins if path.exists())
    entries = {entry.id: entry for entry in find_entries(request.goldens, dumps_from(request.dumps)).entries}
    if gone := [page_id for page_id in chosen if page_id not in entries]:
        raise CannotTell(f"{gone[0]} is not there any more: survey the pages again")
    goldens = list(load_each((entries[page_id] for page_id in chosen), _raise))
    changed = [golden.id for golden in goldens if golden.page.sha256 != run.header.golden(golden.id).page]
    if changed:
        raise CannotTell(f"{changed[0]} has changed since run {run.id}: survey the pages again")
    return goldens


def _raise(mistake: Mistake) -> None:
    raise CannotTell(str(mistake))


def _ending(golden: Golden) -> str:
    return ".html" if golden.page.media == "text/html" else ".txt"


def _stems(page_ids: Sequence[str]) -> dict[str, str]:
    """A name for each page's file, made of its id and unlike the others."""
    stems: dict[str, str] = {}
    for page_id in page_ids:
        base = _NOT_IN_A_NAME.sub("-", page_id.removesuffix(".gz").removesuffix(".html").removesuffix(".htm")).strip("-.")
        stem, count = base, 1
        while stem in stems.values():
            count += 1
            stem = f"{base}-{count}"
        stems[page_id] = stem
    return stems
