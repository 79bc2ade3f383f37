"""Words of the worst pages are those that grew."""

from __future__ import annotations

from dataclasses import replace

from factories.goldens import Block, lined_golden
from factories.records import counted, run_of
from factories.verdicts import gated, shown
from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.gate.excerpts import excerpts_of


def test_words_of_the_worst_pages_are_those_that_grew():
    parts: list[Block] = [
        ("maybe", "title", "The winch"),
        ("keep", "body", "The ferry was late again."),
        ("keep", "body", "Nobody minded much."),
        ("drop", "consent", "Accept all"),
    ]
    golden = lined_golden(parts)
    laid = align(page_words(golden), "The ferry was late again.\nAccept all\x1b[2J")
    page = gated(
        run_of(counted(kept=8, missed=0, frees={"title": 2})),
        run_of(counted(kept=5, missed=3, leaks={"consent": 2})),
    ).pages[0]
    found = excerpts_of(page, laid)
    assert [(part.kind, part.text) for part in found.missed] == [("body", "Nobody minded much.")]
    assert [(part.kind, part.text) for part in found.lost] == [("title", "The winch")]
    assert found.leaked[0].kind == "consent" and found.leaked[0].text.startswith("Accept all")
    verdict = replace(gated(run_of(counted(kept=60)), run_of(counted())), pages=(replace(page, words=found),))
    assert "\x1b" not in shown(verdict)
    # What was there before is not blamed on the change.
    as_before = gated(run_of(counted(kept=5, missed=3)), run_of(counted(kept=5, missed=3))).pages[0]
    assert excerpts_of(as_before, laid).leaked == ()
