"""Parts of a comparison as they are printed: signs, p-values and commands."""

from __future__ import annotations

import shlex

import pytest

from factories.records import run_of, scored_pages
from harness.analysis.compare import compare
from harness.report.comparison import show_commands
from harness.report.kit.numbers import p_value, signed


def test_names_are_quoted_in_commands():
    run = run_of(*(scored_pages("cmd:cat -n", [0.1]) + scored_pages("b", [0.9])))
    (found,) = compare(run, run, [("cmd:cat -n", "b")], "F")
    (line,) = show_commands(found, "set/0000")
    assert shlex.split(line) == ["harness", "show", run.id, "--page", "set/0000", "-e", "cmd:cat -n", "-e", "b"]


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0712, "+.071"), (-0.5, "−.500"), (1.0, "+1.000"), (-0.0004, "0"), (0.0, "0")]
)
def test_differences_have_a_sign(value, shown):
    assert signed(value) == shown


@pytest.mark.parametrize(("p", "shown"), [(0.00009, "<.001"), (0.034, ".034"), (0.25, ".25"), (1.0, "1")])
def test_p_values_are_short(p, shown):
    assert p_value(p) == shown
