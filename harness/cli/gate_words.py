"""The words of pages in the reports of the gate: what was missed and what leaked on the worst ones."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from harness.alignment.align import align
from harness.alignment.words import PageWords, page_words
from harness.common.errors import Impossible
from harness.common.extensions import note
from harness.datasets import DatasetError
from harness.datasets.entries import find_entries, load_each
from harness.engine.answer import FAILURES
from harness.evaluation.digests import facts_of
from harness.evaluation.goldens import under_policy
from harness.gate.excerpts import excerpts_of
from harness.gate.verdict import JudgedPage
from harness.goldens.reader import Mistake
from harness.goldens.sets import UnknownGoldens, dumps_from
from harness.runs.comparable import why_not_golden
from harness.runs.record import Key, Run
from harness.runs.texts import keeps_text


def with_words(pages: tuple[JudgedPage, ...], wanted: list[JudgedPage], stored: Run) -> tuple[JudgedPage, ...]:
    """The pages, those that are wanted with their words, as far as their goldens are still what they were in the run."""
    explained: dict[str, list[JudgedPage]] = {}
    for page in wanted:
        answered = page.after is not None and page.after.outcome not in FAILURES
        if answered and _first(page) in stored.texts and keeps_text(stored.header.request.keep_texts, page.golden):
            explained.setdefault(page.golden, []).append(page)
    words = {
        (page.extractor, golden): excerpts_of(page, align(words_of_page, stored.texts[_first(page)]))
        for golden, words_of_page in _page_words(explained, stored)
        for page in explained[golden]
    }
    return tuple(
        replace(page, words=words[page.extractor, page.golden]) if (page.extractor, page.golden) in words else page
        for page in pages
    )


def _first(page: JudgedPage) -> Key:
    """The record of the first time that the extractor was given the page."""
    return page.extractor, page.golden, 0


def _page_words(goldens: Collection[str], stored: Run) -> Iterator[tuple[str, PageWords]]:
    """The words of goldens, of those that are here and have the page and the labels that the run was over."""
    header = stored.header
    try:
        found = find_entries(header.request.goldens, dumps_from(header.request.dumps))
        entries = [entry for entry in found.entries if entry.id in goldens]
        wanted = under_policy(entries, header.policy)
    except (Impossible, UnknownGoldens, DatasetError, OSError) as error:
        # They were there when the run was made; the verdict holds without words.
        note(f"the goldens of run {stored.id} cannot be read, so that no words of pages are shown: {error}")
        return
    broken: list[Mistake] = []
    for golden in load_each(wanted, broken.append):
        if golden.has_main_content and not why_not_golden(header.golden(golden.id), facts_of(golden)):
            yield golden.id, page_words(golden)
    note(*(f"its words are not shown: {mistake}" for mistake in broken))
