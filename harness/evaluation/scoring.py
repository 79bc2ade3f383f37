"""Scores one answer: from a page, its labels and an output to a record."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from harness.alignment.words import PageWords, page_words
from harness.common.deadline import TookTooLong, bounds
from harness.common.extensions import error_line, prints_to_stderr
from harness.engine.answer import FAILURES, Answer
from harness.goldens.golden import Golden
from harness.metrics import FAMILIES, USUAL_METRICS, Case
from harness.metrics.facts import judge_facts
from harness.metrics.own.fabrication import FABRICATED
from harness.pages.formats import as_html, as_text
from harness.pages.limits import LONGEST
from harness.plugins.runnable import Runnable
from harness.runs.record import Record

_PASSAGES = 3  # fabricated passages of a page that are kept
_NO_WORDS: dict[str, dict[str, int]] = {"counts": {}, "leaks": {}, "misses": {}, "frees": {}}

SCORING_TIMEOUT = 60.0
"""Seconds for the words of a page, those of an output, and each family of metrics."""
SCORING_MEMORY = 2_000_000_000
"""Bytes of address space for the same, beyond what the process has."""


def cached_words(golden: Golden) -> Callable[[], PageWords]:
    """The words of a golden's page, read when they are first asked for."""
    return functools.cache(lambda: page_words(golden))


def record_of(
    golden: Golden,
    words: Callable[[], PageWords],
    runnable: Runnable,
    answer: Answer,
    metrics: Sequence[str],
    *,
    repeat: int = 0,
    cached: bool = False,
) -> Record:
    """The record of one answer, as `score` makes it, of a page that may be impossible to read.

    words: reads the words of the page, if a metric needs them.
    """
    if golden.page.unreadable:
        return unmeasured_record(golden, runnable, Answer("unreadable", error=golden.page.unreadable), metrics, repeat)
    if _counts_words(golden, metrics):
        try:
            with bounds(SCORING_TIMEOUT, SCORING_MEMORY):
                words()
        except (TookTooLong, MemoryError) as error:
            return unmeasured_record(golden, runnable, Answer("unreadable", error=error_line(error)), metrics, repeat)
    return score(golden, words, runnable, answer, metrics, repeat=repeat, cached=cached)


def unmeasured_record(golden: Golden, runnable: Runnable, answer: Answer, metrics: Sequence[str], repeat: int = 0) -> Record:
    """The record of an answer that says nothing of the extractor: no metric has a value, and its error is the reason."""
    families = [family for family in FAMILIES.all() if any(metric.name in metrics for metric in family.metrics)]
    wanted = [metric.name for family in families for metric in family.metrics if metric.name in metrics]
    counts = [name for family in families for name in family.counts]
    return _record(
        golden,
        runnable,
        answer,
        outcome=answer.outcome,
        error=answer.error,
        text="",
        scores=dict.fromkeys([*wanted, *counts]),
        **_NO_WORDS,
        repeat=repeat,
        unscored=dict.fromkeys(wanted, answer.error),
    )


def _record(golden: Golden, runnable: Runnable, answer: Answer, **measured: Any) -> Record:
    return Record(
        extractor=runnable.name,
        golden=golden.id,
        media=golden.page.media,
        kind=golden.kind,
        lang=golden.lang,
        site=golden.site,
        coerced=runnable.declared.media != golden.page.media,
        timing=answer.timing,
        retried=answer.retried,
        confidence=answer.confidence,
        truncated=answer.truncated,
        page_bytes=golden.page.size,
        **measured,
    )


def score(
    golden: Golden,
    words: PageWords | Callable[[], PageWords],
    runnable: Runnable,
    answer: Answer,
    metrics: Sequence[str] = USUAL_METRICS,
    *,
    repeat: int = 0,
    cached: bool = False,
) -> Record:
    """The record of one answer. A failure scores the worst value of every metric; everything counts as missed.

    Words are counted where metrics of words are wanted, and where nothing came out: it may be that nothing should.
    words: those of the page, or what reads them.
    A metric that fails or takes longer than SCORING_TIMEOUT has no value; the record says why. An output that cannot be laid
    beside its golden in that time, or is longer than LONGEST, has the outcome `unscored`.
    """
    if len(answer.text) > LONGEST:
        reason = f"it has more than {LONGEST:,} characters"
        return unmeasured_record(golden, runnable, replace(answer, outcome="unscored", error=reason), metrics, repeat)
    try:
        with bounds(SCORING_TIMEOUT, SCORING_MEMORY):
            text = as_text(answer.text, runnable.output)
            markdown = answer.text if runnable.output == "markdown" else None
            case = Case(golden, text, words, as_html(answer.text, runnable.output), markdown)
            # Before the metrics, which could change what they are given.
            counted = words_of(case) if _counts_words(golden, metrics) or not text.strip() else _NO_WORDS
    except (TookTooLong, MemoryError) as error:
        return unmeasured_record(
            golden, runnable, replace(answer, outcome="unscored", error=error_line(error)), metrics, repeat
        )
    scores, unscored = scored(case, metrics, failed=answer.outcome in FAILURES)
    outcome = "empty" if answer.outcome == "ok" and not text.strip() else answer.outcome  # markup around nothing
    return _record(
        golden,
        runnable,
        answer,
        outcome=outcome,
        error=answer.error + (f"\n{answer.stderr}" if answer.stderr else ""),
        text=text,
        scores=scores,
        **counted,
        characters=len(answer.text),
        repeat=repeat,
        cached=cached,
        unscored=unscored,
        failed_facts=failed_facts(case) if _judges_facts(golden, metrics) else {},
        fabricated=fabricated_passages(case) if scores.get(FABRICATED) else {},
    )


def _counts_words(golden: Golden, metrics: Sequence[str]) -> bool:
    return golden.has_main_content and any(
        family.of_words and not set(family.names).isdisjoint(metrics) for family in FAMILIES.all()
    )


def _judges_facts(golden: Golden, metrics: Sequence[str]) -> bool:
    """Whether facts are asked for, or written for the page, or its snippets are judged, which the gate names."""
    asked_for = ("facts.", "trafilatura.") if golden.snippets else ("facts.",)
    return bool(golden.own_facts) or any(name.startswith(asked_for) for name in metrics)


def failed_facts(case: Case) -> dict[str, str]:
    """The facts of a golden that an output does not fulfil, each with what is there instead."""
    return {str(judged): judged.reason for judged in judge_facts(case) if judged.reason}


def fabricated_passages(case: Case) -> dict[str, int]:
    """The passages of an output with most words that its page does not have, each with the number of them."""
    return {passage.quote: passage.words for passage in case.fabrication.passages[:_PASSAGES]}


def words_of(case: Case) -> dict[str, dict[str, int]]:
    """A record's numbers of words; none where the main content is not known."""
    if not case.golden.has_main_content:
        return _NO_WORDS
    laid = case.alignment
    return {
        "counts": asdict(laid.counts),
        "leaks": laid.leaks_by_kind(),
        "misses": laid.misses_by_kind(),
        "frees": laid.frees_by_kind(),
    }


def scores_of(case: Case, metrics: Sequence[str], *, failed: bool = False) -> dict[str, float | None]:
    """The values of metrics, and of the counts that belong to them; None where the golden lacks what a metric needs, or
    the metric fails."""
    return scored(case, metrics, failed=failed)[0]


def scored(case: Case, metrics: Sequence[str], *, failed: bool) -> tuple[dict[str, float | None], dict[str, str]]:
    """The values of metrics and counts, and why metrics failed that did."""
    scores: dict[str, float | None] = {}
    unscored: dict[str, str] = {}
    for family in FAMILIES.all():
        wanted = [metric.name for metric in family.metrics if metric.name in metrics]
        if not wanted:
            continue
        names = (*wanted, *family.counts)
        try:
            with bounds(SCORING_TIMEOUT, SCORING_MEMORY), prints_to_stderr():
                values = family.values(case, failed=failed)
        except (Exception, SystemExit, TookTooLong) as error:
            values = dict.fromkeys(names)
            unscored.update(dict.fromkeys(wanted, error_line(error)))
        scores.update((name, values[name]) for name in names)
    return scores, unscored
