"""Pages that were worse and ran once more: those that came out differently are unsteady, and say nothing of a change."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from harness.baseline.model import RowKey, measurement_of
from harness.common.wording import plural
from harness.gate.verdict import Doubt, JudgedPage, Verdict, badness
from harness.runs.record import Record, Run

TRIED = 50  # pages, the worst ones
TIMEOUTS = 3  # of them that had no answer in time, since each takes that time again
_REPEAT = 5  # of which repeats without any change separate by chance once in 252 pages


def to_try_again(verdict: Verdict) -> list[RowKey]:
    """The pages that make a verdict red, or may: the worst of those that are worse, of extractors that break rules."""
    red = {rule.extractor for rule in verdict.broken}
    worse = [
        page
        for page in verdict.pages
        if page.extractor in red and not page.known and (page.rules or page.state in ("worse", "newly failing"))
    ]
    ordered = sorted(worse, key=_breaking_first)
    hanging = [(page.extractor, page.golden) for page in ordered if page.after and page.after.outcome == "timeout"]
    left = {*hanging[TIMEOUTS:]}
    return [pair for page in ordered if (pair := (page.extractor, page.golden)) not in left][:TRIED]


def differing_records(run: Run, again: Sequence[Record]) -> dict[RowKey, Record]:
    """The records, of pages that came out as in no repeat of the run."""
    measured: dict[RowKey, list[Record]] = {}
    for record in run.records:
        measured.setdefault((record.extractor, record.golden), []).append(record)
    found = {}
    for record in again:
        before = measured.get((record.extractor, record.golden), [])
        if all(measurement_of(record) != measurement_of(other) for other in before):
            found[record.extractor, record.golden] = record
    return found


def with_repeats(run: Run, further: Mapping[RowKey, Record]) -> Run:
    """The run, in which these pages have one more repeat each, without times."""
    repeats = {pair: sum((record.extractor, record.golden) == pair for record in run.records) for pair in further}
    added = [replace(record, repeat=repeats[pair], timing={}) for pair, record in further.items()]
    return replace(run, records=tuple(sorted((*run.records, *added), key=lambda record: record.key)))


def with_unsteady(verdict: Verdict, run: Run, pages: Collection[RowKey]) -> Verdict:
    """The verdict, in which these pages are unsteady, with doubts about those that were not before."""
    known = {(page.extractor, page.golden) for page in verdict.pages if page.unsteady}
    return replace(
        verdict,
        pages=tuple(
            replace(page, unsteady=True) if (page.extractor, page.golden) in pages else page for page in verdict.pages
        ),
        doubts=(*verdict.doubts, *unsteady_doubts(run, [pair for pair in pages if pair not in known])),
    )


def unsteady_doubts(run: Run, pages: Sequence[RowKey]) -> Iterator[Doubt]:
    """A doubt for each extractor with unsteady pages, with the repeats that a verdict needs."""
    by_extractor: dict[str, list[str]] = {}
    for name, golden in sorted(pages):
        by_extractor.setdefault(name, []).append(golden)
    request = run.header.request
    repeat = _REPEAT if request.repeat < _REPEAT else 2 * request.repeat
    command = shlex.join([*replace(request, repeat=repeat).to_words(), "--fresh"])
    for name, goldens in by_extractor.items():
        yield Doubt(
            f"{name} is unsteady on {plural(len(goldens), 'page')}: another try gave another output",
            f"{command}: once for the accepted state, to be accepted again, and once for what is judged",
            tuple(goldens),
        )


def _breaking_first(page: JudgedPage) -> tuple[bool, tuple[bool, float, float, str, str]]:
    return not page.rules, badness(page)
