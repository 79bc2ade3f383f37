"""Which columns of a table fit a terminal."""

from io import StringIO

import pytest
from rich.console import Console
from rich.text import Text

from harness.report.kit.columns import Column, fit, markdown_table, portions, print_table
from harness.report.kit.terminal import file_console

COLUMNS = [
    Column("name", ["alpha", "b"], justify="left"),  # 5 cells and a gap of 2
    Column("rare", ["1", "2"], rank=3),
    Column("often", ["10", "20"], rank=1),
    Column("also", ["30", "40"], rank=1),
]


@pytest.mark.parametrize(
    ("width", "names"),
    [
        (24, ["name", "rare", "often", "also"]),
        (23, ["name", "often", "also"]),
        (18, ["name", "often", "also"]),
        (17, ["name"]),
        (1, ["name"]),
    ],
)
def test_columns_of_one_rank_are_shown_or_left_out_together(width, names):
    assert [column.name for column in fit(COLUMNS, width)] == names


def test_what_fits_is_as_wide_as_the_printed_table():
    out = StringIO()
    print_table(COLUMNS, file_console(out))
    assert max(map(len, map(str.rstrip, out.getvalue().splitlines()))) == 24


def test_a_long_cell_is_no_reason_to_leave_out_others_where_its_column_says_so():
    wide = Column("name", ["x" * 90], widest=10)
    assert [column.name for column in fit([wide, Column("often", ["1"], rank=1)], 30)] == ["name", "often"]
    assert [column.name for column in fit([Column("name", ["x" * 90]), Column("often", ["1"], rank=1)], 30)] == ["name"]


def test_styled_cells_are_plain_in_markdown():
    column = Column("verdict", [Text("B better", style="green")], justify="left")
    assert markdown_table([column, Column("p", ["<.001"])]).splitlines()[2] == "| B better | \\<.001 |"


def test_columns_that_do_not_fit_side_by_side_continue_in_another_table_with_the_first_column():
    def names(width: int) -> list[list[str]]:
        return [[column.name for column in portion] for portion in portions(COLUMNS, width)]

    assert names(24) == [["name", "rare", "often", "also"]]
    assert names(23) == [["name", "rare", "often"], ["name", "also"]]
    assert names(12) == [["name", "rare"], ["name", "often"], ["name", "also"]]
    assert names(1) == names(12), "a column is never left out"


@pytest.mark.parametrize("width", [12, 24, 40, 60, 80])
def test_no_cell_is_broken_however_narrow_the_terminal_is(width):
    pages = ["goldens/a-rather-long-name-of-a-page", "set/b"]
    columns = [Column("page", pages, justify="left"), *COLUMNS[1:], Column("trafilatura/precision", [".123", ".456"])]
    out = StringIO()
    print_table(columns, Console(file=out, width=width), "Pages that are worst by a metric with a long name")
    lines = out.getvalue().splitlines()
    words = out.getvalue().split()
    assert {*pages, "page", "rare", "often", "also", "trafilatura/precision", ".456"} <= {*words}
    assert words[:4] == ["Pages", "that", "are", "worst"] and "Pages that" in lines[0]
    if width >= 60:
        assert max(map(len, map(str.rstrip, lines))) <= width


def test_long_names_that_may_be_shortened_stay_unlike_each_other():
    names = ["cmd:python extract.py --mode fast", "cmd:python extract.py --mode slow"]
    out = StringIO()
    print_table(
        [Column("extractor", names, justify="left", widest=20), Column("F", [".1", ".2"])], Console(file=out, width=30)
    )
    rows = out.getvalue().splitlines()[2:]
    assert rows[0].split("…")[0] == rows[1].split("…")[0] and rows[0] != rows[1]
    assert max(map(len, rows)) <= 30
