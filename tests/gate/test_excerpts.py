"""Words of the worst pages are those that grew."""

from __future__ import annotations

from dataclasses import replace

from factories.records import counted, run_of
from factories.verdicts import gated, shown
from harness.alignment.align import align
from harness.alignment.words import PageWords
from harness.gate.excerpts import excerpts_of
from harness.pages.line_words import words_of_lines


def test_words_of_the_worst_pages_are_those_that_grew():
    parts = [
        ("maybe", "title", "The winch"),
        ("keep", "body", "The ferry was late again."),
        ("keep", "body", "Nobody minded much."),
    ]
    rows = [
        (word.strip("."), verdict, kind, number, " ", False, None)
        for number, (verdict, kind, text) in enumerate([*parts, ("drop", "consent", "Accept all")])
        for word in text.split()
    ]
    written = words_of_lines([*(text for _, _, text in parts), "Accept all"])
    laid = align(PageWords(*zip(*rows), written=written), "The ferry was late again.\nAccept all\x1b[2J")
    cell = gated(
        run_of(counted(kept=8, missed=0, frees={"title": 2})),
        run_of(counted(kept=5, missed=3, leaks={"consent": 2})),
    ).pages[0]
    found = excerpts_of(cell, laid)
    assert [(part.kind, part.text) for part in found.missed] == [("body", "Nobody minded much.")]
    assert [(part.kind, part.text) for part in found.lost] == [("title", "The winch")]
    assert found.leaked[0].kind == "consent" and found.leaked[0].text.startswith("Accept all")
    verdict = replace(gated(run_of(counted(kept=60)), run_of(counted())), pages=(replace(cell, words=found),))
    assert "\x1b" not in shown(verdict)
    # What was there before is not blamed on the change.
    as_before = gated(run_of(counted(kept=5, missed=3)), run_of(counted(kept=5, missed=3))).pages[0]
    assert excerpts_of(as_before, laid).leaked == ()
