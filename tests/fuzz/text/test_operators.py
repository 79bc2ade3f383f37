"""All operators on dumps: where they apply, what they refuse, and the same dump on every machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from factories.places import ROOT
from factories.text_layouts import NAMES, SMALL, TEXT_OPERATORS, core_page
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.text.operators.around import Glue, TranslateHeadings
from harness.fuzz.text.operators.body import ForeignQuote
from harness.fuzz.text.operators.characters import Characters
from harness.fuzz.text.operators.inserted import Captions, FillComments
from harness.fuzz.text.operators.lines import LineEnds
from harness.fuzz.text.operators.related import AddRelated, MoveRelated
from harness.fuzz.text.page import TextPage

WHY_NOT = {
    ("T3", "the blank lines stand so already"): "cup-semi-final-a funicular-cerro-a tide-printers-a",
    (
        "T4",
        "no line of a related story has more sentences than 2",
    ): "burrow-listeners-b cup-semi-final-b cup-semi-final-c drained-basin-b "
    "drained-basin-c funicular-cerro-b tide-printers-c tiefenbohrung-b",
    ("T5", "no two paragraphs of the main content follow each other"): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T6", "no line of the main content has more sentences than 1"): "burrow-listeners-b cup-semi-final-b funicular-cerro-b",
    ("T7", "no line is wider than 100 columns"): "cup-semi-final-c drained-basin-b tiefenbohrung-b",
    ("T7", "no line is wider than 72 columns"): "cup-semi-final-c drained-basin-b tiefenbohrung-b",
    (
        "T8",
        "no block of related stories has two that could change places",
    ): "drained-basin-b tide-printers-c tiefenbohrung-b",
    ("T8", "there is no block of related stories"): "drained-basin-c",
    ("T9", "there is no block of related stories"): "drained-basin-c",
    ("T11", "there is no block of related stories"): "drained-basin-c",
    (
        "T12",
        "no section has a heading of its own: comment",
    ): "burrow-listeners-b burrow-listeners-c drained-basin-c tiefenbohrung-c",
    (
        "T12",
        "no section has a heading of its own: related",
    ): "burrow-listeners-b drained-basin-b drained-basin-c tiefenbohrung-c",
    (
        "T12",
        "no section has a heading of its own: related, comment, tags, newsletter, promo, author, legal",
    ): "drained-basin-c tiefenbohrung-c",
    (
        "T13",
        "no section has a heading of its own: related, comment, tags, newsletter, promo, author, legal",
    ): "drained-basin-c tiefenbohrung-c",
    ("T15", "there are no labels side by side"): "burrow-listeners-c drained-basin-c tiefenbohrung-c",
    (
        "T15",
        "there are no labels with a number stuck to a word",
    ): "burrow-listeners-b burrow-listeners-c cup-semi-final-b drained-basin-b "
    "drained-basin-c tide-printers-a tiefenbohrung-a tiefenbohrung-c",
    ("T18", "no line is labelled as the title"): "drained-basin-c",
    ("T20", "no related story has a line of more than 60 characters"): "cup-semi-final-c tide-printers-c tiefenbohrung-b",
    (
        "T20",
        "the main content stands in one line: without it nothing is left",
    ): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T20", "there is no block of related stories"): "drained-basin-c",
    ("T21", "nothing on the page can be written otherwise: dashes"): "tide-printers-a tide-printers-b tide-printers-c",
    (
        "T21",
        "nothing on the page can be written otherwise: decomposed",
    ): "cup-semi-final-a cup-semi-final-b drained-basin-a drained-basin-c",
    (
        "T21",
        "nothing on the page can be written otherwise: quotes",
    ): "funicular-cerro-a funicular-cerro-b funicular-cerro-c tide-printers-a "
    "tide-printers-b tide-printers-c tiefenbohrung-a tiefenbohrung-b tiefenbohrung-c",
    ("T21", "nothing on the page can be written otherwise: soft hyphens"): "tide-printers-a tide-printers-b",
    ("T22", "there is no block of related stories"): "drained-basin-c",
    ("T24", "the main content has no more lines than 1"): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T24", "the main content has no more lines than 2"): "burrow-listeners-c drained-basin-c tide-printers-c",
    ("T24", "the main content has no more lines than 6"): "burrow-listeners-c drained-basin-c tide-printers-c",
}


def test_every_operator_applies_to_every_golden_or_says_why_not() -> None:
    reasons: dict[tuple[str, str], set[str]] = {}
    for name in NAMES:
        for operator in (one for kind in SMALL for one in kind.matrix_instances()):
            try:
                operator.apply(core_page(name))
            except DoesNotApply as why:
                reasons.setdefault((operator.code, str(why)), set()).add(name)
    assert reasons == {key: set(names.split()) for key, names in WHY_NOT.items()}


def test_the_same_on_every_machine() -> None:
    program = (
        "from hashlib import sha256; from pathlib import Path\n"
        "from harness.fuzz.base import DoesNotApply; from harness.fuzz.catalogue import operators_of\n"
        "from harness.fuzz.text.page import TextPage; from harness.goldens.reader import Dumps, read_golden\n"
        "page = TextPage.of(read_golden(Path('goldens/core/funicular-cerro-a.yaml'), Dumps([])))\n"
        "found = sha256()\n"
        "for operator in [one for kind in operators_of('text/plain')[:-1] for one in kind.matrix_instances()]:\n"
        "    try: golden = operator.apply(page).golden('a/b')\n"
        "    except DoesNotApply: continue\n"
        "    found.update(golden.page.raw + repr(golden.labels).encode())\n"
        "print(found.hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] != b""


def test_there_are_26_operators_that_a_person_can_paste() -> None:
    assert [operator.code for operator in TEXT_OPERATORS] == [f"T{n}" for n in range(1, 27)]
    for operator_type in TEXT_OPERATORS:
        usual = operator_type.matrix_instances()
        assert usual and operator_type() not in usual
        assert len(set(usual)) == len(usual)
        assert all(eval(repr(operator), vars(sys.modules[operator_type.__module__])) == operator for operator in usual)


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        (LineEnds("lfcr"), "no line end 'lfcr'; there are lf, crlf, cr, ls"),
        (MoveRelated("left"), "no slot 'left'; there are end, after body, after title, top"),
        (AddRelated(1, slot="left"), "no slot 'left'"),
        (Captions((1,), "big"), "no form 'big'; there are alt, caption, doubled"),
        (FillComments(1, "rude"), "no style 'rude'; there are short, long, article"),
        (Characters(("runes",)), "no form 'runes'"),
        (Glue("weld"), "no mode 'weld'"),
        (TranslateHeadings("tlh"), "no headings in 'tlh'; there are en, de"),
        (ForeignQuote("tlh"), "no quotation in 'tlh'; there are en, de"),
    ],
)
def test_unknown_names_are_refused_with_those_that_exist(page: TextPage, operator: Operator[TextPage], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        operator.apply(page)
