"""The words of pages in the reports of the gate: what was missed and what leaked on the worst ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from harness.alignment.align import align
from harness.alignment.words import PageWords, page_words
from harness.common.extensions import note
from harness.datasets import DatasetError
from harness.datasets.entries import find_entries, load_each
from harness.engine.answer import FAILURES
from harness.evaluation.goldens import facts_of, under_policy
from harness.gate.excerpts import excerpts_of
from harness.gate.verdict import JudgedPage
from harness.goldens.reader import Mistake
from harness.goldens.sets import UnknownGoldens, dumps_from
from harness.runs.comparable import why_not_golden
from harness.runs.file import read_run_file
from harness.runs.record import Run


def with_words(cells: tuple[JudgedPage, ...], wanted: list[JudgedPage], file: Path, stored: Run) -> tuple[JudgedPage, ...]:
    """The cells, those that are wanted with their words, as far as their goldens are still what they were in the run."""
    explained = {
        (cell.extractor, cell.golden) for cell in wanted if cell.after is not None and cell.after.outcome not in FAILURES
    }
    words = _page_words({golden for _, golden in explained}, stored)
    texts = {
        (record.extractor, record.golden): record.text
        for record in read_run_file(file).records
        if record.repeat == 0 and record.golden in words and (record.extractor, record.golden) in explained
    }

    def explain(cell: JudgedPage) -> JudgedPage:
        text = texts.get((cell.extractor, cell.golden))
        return cell if text is None else replace(cell, words=excerpts_of(cell, align(words[cell.golden], text)))

    return tuple(map(explain, cells))


def _page_words(goldens: set[str], stored: Run) -> Mapping[str, PageWords]:
    """The words of goldens, of those that are here and have the page and the labels that the run was over."""
    header = stored.header
    try:
        found = find_entries(header.request.goldens, dumps_from(header.request.dumps))
    except (UnknownGoldens, DatasetError, OSError) as error:
        # They were there when the run was made; the verdict holds without words.
        note(f"the goldens of run {stored.id} cannot be read, so that no words of pages are shown: {error}")
        return {}
    wanted = under_policy([entry for entry in found.entries if entry.id in goldens], header.request.policy)
    broken: list[Mistake] = []
    words = {
        golden.id: page_words(golden)
        for golden in load_each(wanted, broken.append)
        if golden.has_main_content and not why_not_golden(header.golden(golden.id), facts_of(golden))
    }
    note(*(f"its words are not shown: {mistake}" for mistake in broken))
    return words
