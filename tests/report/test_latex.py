"""A run as LaTeX: what is bold, what is escaped, and that LaTeX would read it."""

import re

from factories.records import record, run_of
from harness.report.kit.latex import escape
from harness.report.run_format import RUN_FORMATS, RunReport

METRICS = ("P", "R", "F", "MER")


def latex(*records, **header):
    text = RUN_FORMATS["latex"].text
    assert text is not None
    return text(RunReport(run_of(*records, **header), METRICS))


def rows(table):
    body = table.partition("\\midrule\n")[2].partition("\\bottomrule")[0]
    return [line.removesuffix(r" \\").split(" & ") for line in body.splitlines()]


def test_the_best_value_of_those_that_compete_is_bold_also_where_low_is_good():
    table = latex(record("good", f=0.9), record("poor", f=0.25), record("all", f=0.95), references=["all"])
    cells = {row[0]: row[5:9] for row in rows(table)}
    assert cells["good"] == [r"\textbf{.900}"] * 3 + [r"\textbf{.100}"]
    assert cells["poor"] == [".250"] * 3 + [".750"]
    assert cells[r"all \ddag{}"] == [".950"] * 3 + [".050"]
    assert r"\ddag{} reference row, does not compete" in table


def test_each_row_has_a_cell_for_each_column_and_environments_are_closed():
    table = latex(record("mine"), record("mine", "core/dump", media="text/plain"))
    assert table.count(r"\begin{table}") == table.count(r"\end{table}") == 2
    for part in table.split(r"\begin{table}")[1:]:
        (columns,) = re.findall(r"\\begin{tabular}{([lr]+)}", part)
        assert {len(row) for row in rows(part)} == {len(columns)}
    assert "% needs \\usepackage{booktabs}" in table and "harness cite 20260101-000000" in table


def test_names_of_others_are_no_commands():
    table = latex(record("a_b & \\input{x} 50%\n$\x1b"))
    assert r"a\_b \& \textbackslash{}input\{x\} 50\%" in table and "\x1b" not in table
    assert (
        escape("# ~ ^ <a|b> {c}") == r"\# \textasciitilde{} \textasciicircum{} \textless{}a\textbar{}b\textgreater{} \{c\}"
    )


def test_a_metric_without_a_value_is_a_dash():
    assert rows(latex(record("mine", f=None)))[0][5:9] == ["--"] * 4
