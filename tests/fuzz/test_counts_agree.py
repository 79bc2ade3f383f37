"""Fuzzing and scoring count words alike: a reading has the P, R and F that the record of a run has for the same text."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from harness.alignment.words import page_words
from harness.engine.answer import FAILURES, Answer
from harness.evaluation.scoring import score
from harness.fuzz.measure.relations import read_output, truth_of
from harness.goldens.golden import Golden, resolve
from harness.goldens.labels import Label
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.pages.page import Page
from harness.plugins.runnable import Runnable
from harness.worker.plugin import Declaration


@cache
def core() -> dict[str, Golden]:
    """The labelled pages that come with the harness, by id."""
    return {golden.id: golden for golden in load_goldens(find_goldens(["core"]), dumps_from([])).goldens}


IDS = [file.id for file in find_goldens(["core"])]
PAGES = [pytest.param(id, marks=[pytest.mark.slow] if number % 3 else []) for number, id in enumerate(IDS)]


def outputs_of(golden: Golden) -> list[str]:
    """What good, poor and odd extractors could return of a page."""
    main = golden.main_content
    page = "\n".join(segment.text for segment in golden.segments)
    optional = "\n".join(segment.text for segment in golden.segments if segment.verdict != "drop")
    everything = "".join(page_words(golden).shown)
    words = everything.split()
    shuffled = random.Random(golden.id).sample(words, len(words))
    other = next(iter(core().values())).main_content
    return [
        *("", main, page, optional, everything),
        *(main[: len(main) // 2], main[len(main) // 2 :], page[: len(page) // 2], page[len(page) // 2 :]),
        *(f"{main}\n{main}", f"{page}\n{page}", " ".join(shuffled), " ".join(words[::-1]), " ".join(words[::2])),
        *(other, f"{main}\n{other}", f"{optional}\n{main}", f"{main}\n{optional}"),
    ]


def assert_agree(golden: Golden, *answers: Answer) -> None:
    """Both sides, from the same answers."""
    runnable = Runnable("any", declared=Declaration(media=golden.page.media))
    counted, truth = page_words(golden), truth_of(golden)
    for answer in answers:
        record = score(golden, counted, runnable, answer, ("P", "R", "F"))
        reading = read_output(truth, record.outcome, answer.text)
        found = {"P": reading.precision, "R": reading.recall, "F": reading.f}
        assert found == record.scores, f"{golden.id}: {answer.outcome}, {answer.text[:60]!r}"


@pytest.mark.parametrize("id", PAGES)
def test_a_reading_of_a_page_of_core_has_the_scores_of_its_record(id: str) -> None:
    golden = core()[id]
    assert_agree(golden, *(Answer("ok", text) for text in outputs_of(golden)))


def test_a_failure_reads_as_the_worst_score_whatever_there_was_to_keep() -> None:
    nothing_to_keep = replace(core()[IDS[0]], labelled=())
    for golden in (core()[IDS[0]], nothing_to_keep):
        assert_agree(golden, *map(Answer, FAILURES))
    assert read_output(truth_of(nothing_to_keep), "empty", "").f == 1


def test_optional_words_are_free_before_the_main_content_too() -> None:
    page = Page(b"Fog\ncloud over the bay\n", "text/plain")
    labels = (Label("keep", ("1",), "body"), Label("maybe", ("2",), "caption"))
    golden = Golden("x/y", page, "article", "site.example", resolve(page, labels)[0], labels)
    reading = read_output(truth_of(golden), "ok", "cloud over the bay\nFog")  # the caption stands before the story
    assert (reading.precision, reading.recall) == (1, 1)
    assert_agree(golden, Answer("ok", "cloud over the bay\nFog"))
