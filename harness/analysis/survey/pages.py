"""The outputs of a run, page by page, the pages of one site together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.pages.words import words
from harness.runs.record import Record, Run
from harness.runs.texts import keeps_text

_NOT_ASKED = ("unreadable", "unscored")
_BLOCK = 500  # pages whose words are in memory at a time


@dataclass(frozen=True)
class SurveyedPage:
    """A page and what extractors returned for it."""

    id: str
    """The golden's id, `SET/NAME`."""
    site: str
    """The site of the page."""
    language: str
    """The page's language without its region; `und` where the page does not declare one."""
    outputs: Mapping[str, tuple[str, ...]]
    """The words of each extractor's output; none where it failed or returned nothing."""


def surveyed_records(run: Run) -> list[Record]:
    """The records that a survey reads: the first of repeats, of pages that the extractor is made for and was given, and of
    which the run keeps texts."""
    kept = run.header.request.keep_texts
    asked = (one for one in run.records if one.repeat == 0 and not one.coerced and one.outcome not in _NOT_ASKED)
    return [record for record in asked if keeps_text(kept, record.golden)]


def pages_by_site(run: Run) -> Iterator[list[SurveyedPage]]:
    """The pages of one site after the other, those of a large one in blocks. Texts of a stored run are read a block at a
    time."""
    sites: dict[str, dict[str, list[Record]]] = {}
    for record in surveyed_records(run):
        sites.setdefault(record.site, {}).setdefault(record.golden, []).append(record)
    for site, pages in sorted(sites.items()):
        in_order = sorted(pages.items())
        for start in range(0, len(in_order), _BLOCK):
            yield [_page(run, site, golden_id, records) for golden_id, records in in_order[start : start + _BLOCK]]


def _page(run: Run, site: str, golden_id: str, records: list[Record]) -> SurveyedPage:
    outputs = {record.extractor: tuple(words(run.text_of(record))) for record in records}
    return SurveyedPage(golden_id, site, records[0].language, outputs)
