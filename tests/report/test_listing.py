"""Lists: names stay whole at every width, and programs get every value."""

import io
import json

import pytest
from rich.console import Console

from harness.report.listing import Listing, listing_csv, listing_json, print_listing

NAME = "a_name_of_thirty_characters_xx"
LONG = "what is known of it, told in some more words than a narrow terminal has room for"
LISTING = Listing(
    {"name": "thing", "here": "here", "number": "number", "flags": "flags", "summary": "what it is"},
    [
        {"name": NAME, "here": True, "number": 3, "flags": ["one", "two"], "summary": LONG},
        {"name": "=b", "here": False, "number": None, "flags": [], "summary": "\x1b[31mred"},
    ],
    ["a note"],
)


def printed(width: int, terminal: bool) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=terminal, color_system=None, highlight=False, markup=False)
    print_listing(LISTING, console)
    return [line.rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [20, 60, 80, 200])
def test_in_a_pipe_each_thing_is_one_line_with_all_that_is_known(width):
    lines = printed(width, terminal=False)
    assert len(lines) == 2 + len(LISTING.rows) + len(LISTING.notes)
    assert lines[2].split("  ")[0] == NAME
    assert LONG in lines[2] and "one, two" in lines[2] and "yes" in lines[2]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_in_a_terminal_names_are_whole_and_no_line_is_wider(width):
    lines = printed(width, terminal=True)
    assert all(len(line) <= width for line in lines)
    assert any(line.startswith(NAME) for line in lines)
    assert "".join(LONG.split()) in "".join("".join(lines).split())


def test_text_of_others_does_not_steer_the_terminal():
    assert "\x1b" not in "".join(printed(200, terminal=True))


def test_programs_get_values_and_not_their_looks():
    first, second = json.loads(listing_json(LISTING))
    assert (first["here"], first["number"], first["flags"], second["number"]) == (True, 3, ["one", "two"], None)
    head, row, other = listing_csv(LISTING).splitlines()
    assert head == "name,here,number,flags,summary"
    assert row.startswith(f'{NAME},1,3,"one, two",')
    assert other.startswith("'=b,0,,,")
