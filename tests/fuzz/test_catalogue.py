"""Operators survive as plain values, and those that do not exist are told."""

import json

import pytest

from factories.html_layouts import GOOSE, GOOSE_TEXT
from harness.fuzz.catalogue import all_operators, apply_all, label_of, operator_of, values_of
from harness.fuzz.html.operators.copies import RemoveBoilerplate
from harness.fuzz.html.operators.nesting import Nest
from harness.fuzz.html.operators.writing import Reserialise, Syntax


@pytest.mark.parametrize("kind", all_operators(), ids=lambda kind: kind.__name__)
def test_operators_survive_plain_values(kind):
    for operator in kind.matrix_instances():
        assert operator_of(json.loads(json.dumps(values_of(operator)))) == operator
        assert label_of(operator).startswith(kind.code)


def test_operators_that_do_not_exist_are_told():
    with pytest.raises(ValueError, match="no operator"):
        operator_of({"operator": "os.system", "code": "D1"})
    with pytest.raises(ValueError, match=r"operator NestDeep: .*depht"):
        operator_of({"operator": "NestDeep", "code": "D6", "depht": 3})


def test_operators_that_change_nothing_are_not_said_to_be_applied():
    assert apply_all(GOOSE, [Syntax(), Nest(2), Reserialise()])[1] == (Nest(2),)
    page, done = apply_all(GOOSE_TEXT, [RemoveBoilerplate("related"), Syntax()])
    assert page is GOOSE_TEXT and done == ()
