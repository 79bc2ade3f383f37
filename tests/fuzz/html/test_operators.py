"""All operators on HTML pages: where they apply, their codes, and the same bytes in every process."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest
from hypothesis.vendor.pretty import pretty

from factories.html_layouts import DOM_OPERATORS, EVERY_OPERATOR, GOOSE, NAMES, core_page
from factories.places import ROOT
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.html import browser
from harness.fuzz.html.operators.paragraphs import ParagraphLength
from harness.fuzz.html.operators.writing import Reserialise
from harness.fuzz.html.page import DomPage

REASONS = (
    r"the page has no (body|element .*)",
    r"no p element stands in the \w[\w-]* that holds the main content",
    r"no element below the body holds the main content",
    r"the main content stands in <(td|th|li|dd)>, which .*",
    r"the container of the main content has fewer than two children with main content",
    r"no paragraph of the main content has a neighbour to join, or sentences to cut between",
    r"no text of the main content has \d+ words outside links",
    r"the main content has no space or long word that a character could go into",
    r"some main content stands outside the element that holds most of it",
    r"the main content is one block",
    r"a form cannot stand in a form",
    r"no meta element names an encoding",
    r"no element has a class or an id",
    r"no element has such an attribute",
    r"no element holds only .*",
    r"a style sheet hides text of the page, which would be shown",
    r"no paragraph of the main content (without links has two sentences|stands between blocks)",
    r"no two paragraphs of the main content stand together",
    r"the main content has no 30 words that could have a reading",
    r"the main content has no long word or cell that an element could go into",
    r"the page has no table, list or image with numbers in its attributes",
    r"the main content has no heading that sets it apart from related articles",
    r"there is nothing in the head, or no script, that could be dropped",
)
# On how many of the 38 goldens the first instance of an operator finds nothing to change; the other operators apply to all.
MISSED = {"D7": 1, "D8": 12, "D9": 11, "D10": 9, "D11": 9, "D12": 9, "D13": 4, "D14": 16, "D15": 4, "D17": 4, "D27": 3}
MISSED |= {"D28": 4, "D33": 4, "D34": 3, "D38": 8, "D39": 4, "D41": 3, "D42": 16, "D43": 14, "D44": 9, "D45": 3, "D46": 6}
MISSED |= {"D18": 7, "D23": 7, "D47": 4, "D48": 4, "D49": 12, "D51": 1, "D52": 7, "D53": 14, "D54": 3}


@pytest.mark.slow
def test_every_operator_applies_to_every_golden_or_says_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "program", lambda: None)  # the same with and without one
    missed: dict[str, dict[str, str]] = {}
    for name in NAMES:
        for operator in DOM_OPERATORS:
            try:
                operator.matrix_instances()[0].apply(core_page(name))
            except DoesNotApply as error:
                missed.setdefault(operator.code, {})[name] = str(error)
    assert {code: len(reasons) for code, reasons in missed.items()} == MISSED, missed
    for code, reasons in missed.items():
        for reason in reasons.values():
            assert any(re.fullmatch(known, reason) for known in REASONS), (code, reason)


@pytest.mark.parametrize("kind", [kind for kind in DOM_OPERATORS if kind is not Reserialise])
def test_without_strength_nothing_changes_and_with_it_something_does(kind: type[Operator[DomPage]]) -> None:
    assert kind().apply(GOOSE) is GOOSE
    for operator in kind.matrix_instances():
        assert operator.apply(GOOSE).html() != GOOSE.html(), operator


def test_a_change_leaves_the_page_that_it_was_given_alone() -> None:
    before = GOOSE.html()
    for operator in EVERY_OPERATOR:
        operator.apply(GOOSE)
    assert GOOSE.html() == before and GOOSE.inserted == ()


def test_codes_are_those_of_the_reference_and_fields_can_be_pasted() -> None:
    numbers = [int(kind.code[1:]) for kind in DOM_OPERATORS]
    assert numbers == [n for n in range(1, 55) if n not in (37, 40)]
    for kind in DOM_OPERATORS:
        for operator in kind.matrix_instances():
            assert type(operator) is kind and kind.title
            assert eval(repr(operator), vars(sys.modules[kind.__module__])) == operator
            for field in fields(operator):
                value = getattr(operator, field.name)
                assert isinstance(value, (int, str)) or (isinstance(value, tuple) and all(type(n) is int for n in value))


@pytest.mark.slow
def test_other_processes_make_the_same_bytes() -> None:
    source = (
        "import hashlib, sys; sys.path.insert(0, 'tests')\n"
        "from factories.html_layouts import EVERY_OPERATOR, GOOSE\n"
        "print(hashlib.sha256(''.join(o.apply(GOOSE).html() for o in EVERY_OPERATOR).encode()).hexdigest())\n"
    )
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", source], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


def test_operators_are_printed_as_python_that_can_be_pasted():
    assert pretty([ParagraphLength(merge=3)]) == "[ParagraphLength(merge=3, sentences=0)]"
