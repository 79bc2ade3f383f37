"""Gathers what a scorecard shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from harness.common.wording import plural
from harness.exposure.record import ExposureRecord
from harness.report.leaderboard import TRACKS
from harness.runs.record import Record, Run
from harness.runs.summary import average_repeats
from harness.scorecard.gather.agreed import agreed, agreed_notes, ceilings
from harness.scorecard.gather.changes import changes, histories
from harness.scorecard.gather.exposure import exposure
from harness.scorecard.gather.facts import facts, notes, warnings
from harness.scorecard.gather.matrix_file import Matrix
from harness.scorecard.gather.models import models
from harness.scorecard.gather.pages import Goldens, pages
from harness.scorecard.gather.profile import profile
from harness.scorecard.gather.robustness import robustness
from harness.scorecard.gather.track import track
from harness.scorecard.values.card import Scorecard


def scorecard(
    run: Run,
    goldens: Goldens,
    *,
    extractors: Sequence[str] = (),
    baseline: Run | None = None,
    matrix: Matrix | None = None,
    exposed: Mapping[str, ExposureRecord] | None = None,
    times: bool = True,
    only: str = "",
) -> Scorecard:
    """The scorecard of a run that holds records.

    goldens: where the goldens of the worst pages are found. extractors: those to show, by default all; one alone is shown
    among the others in the leaderboards. baseline: what changes are measured from. matrix: what changed layouts do to the
    extractors, of which it must have one at least. exposed: records of exposure, likewise. times: whether times are shown.
    only: the options that chose the records among those of the run.
    """
    chosen = frozenset(extractors or {record.extractor for record in run.records})
    alone = next(iter(chosen)) if len(chosen) == 1 else None
    records = average_repeats(r for r in run.records if alone or r.extractor in chosen)
    if not times:
        records = [replace(record, timing={}) for record in records]
    references = frozenset(run.header.references)
    unranked = frozenset(run.header.unranked)
    shown = [record for record in records if record.extractor in chosen]
    by_each_other = list(agreed(run))
    limits = ceilings(by_each_other)
    tracks = tuple(
        track(media, of_media, chosen, run.versions, references, unranked, bool(run.header.merged), limits)
        for media in dict.fromkeys([*TRACKS, *sorted({record.media for record in shown})])
        if any(record.media == media for record in shown) and (of_media := [r for r in records if r.media == media])
    )
    order = list(dict.fromkeys(line.extractor for t in tracks for line in t.lines if line.extractor in chosen))
    competing = {line.extractor for t in tracks for line in t.lines if line.competes}
    with_pages = [name for name in order if name in competing] or order
    timed = any(value is not None for record in shown for value in record.timing.values())
    return Scorecard(
        title=alone or _title(order),
        run=run.id,
        warnings=tuple(warnings(run)),
        notes=(*filter(None, [only and f"Only pages that fit {only}."]), *notes(run, shown), *agreed_notes(by_each_other)),
        profile=profile(alone, records, tracks, run.versions) if alone else None,
        tracks=tracks,
        changes=changes(run, shown, baseline, order),
        history=histories(shown),
        pages=pages(run, _own_pages(shown, references), with_pages, goldens),
        facts=facts(run, shown, timed, matrix, exposed, only),
        times=timed,
        robustness=robustness(matrix, run, order) if matrix else None,
        exposure=exposure(exposed, run, order) if exposed else None,
        models=models(run, [record for record in shown if not record.coerced] or shown),
    )


def _title(names: Sequence[str]) -> str:
    return f"{plural(len(names), 'extractor')} compared"


def _own_pages(records: Sequence[Record], references: frozenset[str]) -> list[Record]:
    """What extractors did on pages that they are made for; all there is of those that have no such page."""
    own = [record for record in records if not record.coerced and record.extractor not in references]
    return own or list(records)
