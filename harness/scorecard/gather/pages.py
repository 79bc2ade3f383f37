"""The worst pages, with the words that were kept, missed and leaked marked in place."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import groupby

from harness.alignment.align import align
from harness.alignment.diff import DiffRun, diff
from harness.alignment.words import PageWords, page_words
from harness.common.wording import plural
from harness.evaluation.digests import facts_of
from harness.goldens.golden import Golden
from harness.metrics import METRICS
from harness.report.kit.folding import fold
from harness.runs.comparable import why_not_golden
from harness.runs.record import Record, Run
from harness.runs.summary import metrics_with_values, ranking_metric, worst_pages
from harness.scorecard.values.pages import DiffPassage, PageResult, WorstPages
from harness.scorecard.write.sanitise import shorten

ALONE, EACH = 30, 5  # pages that are shown of a lone extractor, and of each of several
LONGEST = 8_000  # characters of a diff
ALL = 700_000  # characters of all diffs together; the markup around them makes the file two to three times as long

Goldens = Callable[[str], Golden | str]  # the golden with an id, or why it is not here
GoldenWords = Callable[[], PageWords | str]  # of a golden, or why they are not known


def pages(run: Run, records: Sequence[Record], names: Sequence[str], goldens: Goldens) -> WorstPages:
    """The worst pages of each extractor, in the order of the names. records: those of the run."""
    each = ALONE if len(names) == 1 else EACH
    ranked = {name: list(_imperfect([r for r in records if r.extractor == name], each)) for name in names}
    found = _results(run, [record for rows in ranked.values() for record in rows], goldens)
    kept: dict[tuple[str, str], PageResult] = {}
    room, without = ALL, 0
    for place in range(each):
        for rows in ranked.values():
            if place < len(rows):
                result = found[rows[place].extractor, rows[place].golden]
                size = sum(len(text) for passage in result.diff or () for text, _ in passage.pieces)
                if size > room:
                    result = replace(result, diff=None, why="left out to keep this file small; the command above shows it")
                    without += 1
                room -= size if result.diff is not None else 0
                kept[result.extractor, result.golden] = result
    results = tuple(kept[name, record.golden] for name, rows in ranked.items() for record in rows)
    return WorstPages(results, _note(records, names, each, results, without))


def _note(records: Sequence[Record], names: Sequence[str], each: int, results: Sequence[PageResult], without: int) -> str:
    whose = "of each extractor that competes" if len(names) > 1 else "of this extractor"
    total = len({(record.extractor, record.golden) for record in records if record.extractor in names})
    parts = [f"The {each} worst pages {whose}, {len(results)} of {plural(total, 'result')}."]
    if any(result.diff is not None for result in results):
        parts.append(f"Long passages are folded, and a page ends after {LONGEST:,} characters.")
    if without:
        parts.append(f"The words of {without} less bad pages are left out.")
    return " ".join(parts)


def _imperfect(records: Sequence[Record], number: int) -> Iterator[Record]:
    if not records:
        return
    for record in worst_pages(records, number):
        metric = _metric(record)
        if record.scores[metric] != METRICS[metric].best:
            yield record


def _metric(record: Record) -> str:
    return ranking_metric(metrics_with_values(record.scores))


def _results(run: Run, records: Sequence[Record], goldens: Goldens) -> dict[tuple[str, str], PageResult]:
    """The result of each record, by extractor and golden; those of a golden together, so that one page is in memory at a
    time, and is read once: most bad pages are bad ones for several extractors.
    """
    by_golden: dict[str, list[Record]] = {}
    for record in records:
        by_golden.setdefault(record.golden, []).append(record)
    found: dict[tuple[str, str], PageResult] = {}
    for golden_id, own in by_golden.items():
        words = cache(partial(_page_words, run, golden_id, goldens))
        found |= {(record.extractor, golden_id): _result(run, record, words) for record in own}
    return found


def _page_words(run: Run, golden_id: str, goldens: Goldens) -> PageWords | str:
    golden = goldens(golden_id)
    if isinstance(golden, str):
        return golden
    if why := why_not_golden(run.header.golden(golden.id), facts_of(golden)):
        return f"{why} since the run"
    return page_words(golden) if golden.has_main_content else "its main content is not known as a whole"


def _result(run: Run, record: Record, words: GoldenWords) -> PageResult:
    metric = _metric(record)
    value = record.scores[metric]
    assert value is not None  # of what `worst` returns
    passages, why = _diff(run, record, words)
    return PageResult(
        extractor=record.extractor,
        golden=record.golden,
        kind=record.kind,
        lang=record.lang,
        site=record.site,
        outcome=record.outcome,
        error=record.error,
        metric=metric,
        value=value,
        counts=record.counts,
        leaks=record.leaks,
        misses=record.misses,
        command=shlex.join(["harness", "show", run.id, "--page", record.golden, "-e", record.extractor]),
        diff=passages,
        why=why,
    )


def _diff(run: Run, record: Record, words: GoldenWords) -> tuple[tuple[DiffPassage, ...] | None, str]:
    if run.id == "baseline":
        return None, "the baseline holds no texts"
    if not run.has_text_of(record):
        return None, "the run was made without keeping its text"
    page = words()
    if isinstance(page, str):
        return None, page
    return tuple(_cut(map(_passage, diff(align(page, run.text_of(record)))))), ""


def _passage(run: DiffRun) -> DiffPassage:
    parts = [(part.text, part.status == run.status and run.status != "kept") for part in run.parts]
    head, note, tail = fold(parts, run.status)
    parts = [*head, *([(note, False)] if note else []), *tail]
    pieces = ((marked, "".join(shorten(text) for text, _ in group)) for marked, group in groupby(parts, key=lambda p: p[1]))
    return DiffPassage(run.status, run.kind, tuple((text, marked) for marked, text in pieces))


def _cut(passages: Iterator[DiffPassage]) -> Iterator[DiffPassage]:
    """Passages up to the longest diff, and a note on those that are not shown."""
    room = LONGEST
    for passage in passages:
        if room <= 0:
            left = 1 + sum(1 for _ in passages)
            yield DiffPassage("folded", "", ((f"{left} more passages are not shown", False),))
            return
        room -= sum(len(text) for text, _ in passage.pieces)
        yield passage
