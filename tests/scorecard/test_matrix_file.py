"""A damaged matrix is refused with the place of the damage, or can be shown."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.cells import cell
from factories.matrices import run_with, written
from factories.scorecards import NOT_HERE
from harness.report.fuzzing import MATRIX_FORMAT
from harness.scorecard.gather.build import scorecard
from harness.scorecard.gather.matrix_file import MatrixError, read_matrix
from harness.scorecard.write.markdown import markdown

JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just([]) | st.just({})


@given(st.sampled_from([*asdict(cell())]), JUNK | st.just(...))
@settings(deadline=None)
def test_a_damaged_cell_is_refused_with_its_number_or_can_be_shown(tmp_path_factory, name, junk):
    damaged = {key: value for key, value in asdict(cell("Other()")).items() if key != name}
    if junk is not ...:
        damaged[name] = junk
    path = tmp_path_factory.mktemp("damaged") / "m.json"
    path.write_text(json.dumps({"matrix": MATRIX_FORMAT, "cells": [asdict(cell()), damaged]}))
    try:
        matrix = read_matrix(path)
    except MatrixError as error:
        assert "cell 2" in str(error)
        return
    names = sorted({found.extractor for found in matrix.cells})
    markdown(scorecard(run_with(*names), lambda id: NOT_HERE, matrix=matrix))


def test_a_cell_that_is_there_twice_or_of_no_operator_is_refused(tmp_path):
    with pytest.raises(MatrixError, match=r"cell 2 repeats an earlier one: Op\(\), a, set/00"):
        read_matrix(written(tmp_path / "m.json", [cell(), cell(change=-0.1)]))
    with pytest.raises(MatrixError, match="cell 1 is of an operator that does not exist: 'D99'"):
        read_matrix(written(tmp_path / "m.json", [cell(code="D99")]))
