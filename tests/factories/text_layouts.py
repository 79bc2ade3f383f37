"""Dumps to change: one of our own, the shipped ones, and what is read of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from factories.goldens import labelled_golden
from factories.pages import text_page
from factories.places import CORE
from harness.fuzz.catalogue import operators_of
from harness.fuzz.text.operators.related import Size
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden
from harness.goldens.labels import Label
from harness.goldens.reader import Dumps, read_golden
from harness.pages import words as words_of

NAMES = sorted(path.stem for path in CORE.glob("*.txt"))
TEXT_OPERATORS = operators_of("text/plain")
SMALL = [t for t in TEXT_OPERATORS if t is not Size]  # sizes are probed, and take long to compare

DUMP = """\
lamp
The bridge that hums
The bridge that hums

The Quay4 hours ago
KNOLL (QP) — The footbridge hums in F sharp. Nobody knows why.
"It started in May," said the warden. He keeps a tuning fork now.
Only the ducks complain.
Comments

Nothing yet...

Related Articles

Goat elected twice
Goat elected twice
The Mill
time9 minutes ago
A goat won the vote in Osper. It had no rival. The count took a minute. Nobody asked for another.

Rain delays umbrella fair
The Mill
20 minutes ago
It rained on the fair again. Sales were good.

All rights reserved
"""
DUMP_LABELS = [
    Label("drop", ("1",), "alt"),
    Label("drop", ("2",), "title"),
    Label("maybe", ("3",), "title"),
    Label("maybe", ("5",), "byline"),
    Label("keep", ("6-8",), "body"),
    Label("maybe", ("6[0:13]",), "dateline"),
    Label("drop", ("9",), "comment"),
    Label("drop", ("11",), "interface"),
    Label("drop", ("13", "15-19", "21-24"), "related"),
    Label("drop", ("26",), "legal"),
]


def dump_golden(dump: str, labels: list[Label], **more: object) -> Golden:
    return labelled_golden(replace(text_page(dump), lang="en"), labels, "own/dump", site="the-quay.example", **more)


@cache
def core(name: str) -> Golden:
    return read_golden(CORE / f"{name}.yaml", Dumps([]))


@cache
def core_page(name: str) -> TextPage:
    return TextPage.of(core(name))


def squeezed(text: str) -> str:
    return "".join(words_of.without_invisible(text).split())


def told(page: TextPage, *verdicts: str) -> str:
    """All characters of some verdicts that are no spaces."""
    return squeezed("".join(span.text for line in page.lines for span in line.spans if span.verdict in verdicts))


def lines_of(page: TextPage, kind: str | None = None) -> list[str]:
    """The lines of a page that are not blank, of a kind."""
    return [line.text for line in page.lines if not line.blank and kind in (None, line.kind)]
