"""Operators as plain values and for people, and which of them count as applied."""

import json

import pytest

from factories.html_layouts import GOOSE, GOOSE_TEXT
from factories.operators import operator_of
from harness.fuzz.catalogue import all_operators, apply_all, label_of, values_of
from harness.fuzz.html.operators.copies import RemoveBoilerplate
from harness.fuzz.html.operators.nesting import Nest
from harness.fuzz.html.operators.writing import Reserialise, Syntax


@pytest.mark.parametrize("kind", all_operators(), ids=lambda kind: kind.__name__)
def test_plain_values_have_all_that_makes_an_operator(kind):
    for operator in kind.matrix_instances():
        assert operator_of(json.loads(json.dumps(values_of(operator)))) == operator
        assert label_of(operator).startswith(kind.code)


def test_operators_that_change_nothing_are_not_said_to_be_applied():
    assert apply_all(GOOSE, [Syntax(), Nest(2), Reserialise()])[1] == (Nest(2),)
    page, done = apply_all(GOOSE_TEXT, [RemoveBoilerplate("related"), Syntax()])
    assert page is GOOSE_TEXT and done == ()
