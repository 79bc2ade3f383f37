"""The reference of commands has all that the parsers know."""

import argparse
import re

import pytest

from harness.cli.main import COMMANDS, parser_for
from harness.cli.reference import commands_as_markdown

REFERENCE = commands_as_markdown()


def nested(name: str, parser: argparse.ArgumentParser) -> list[tuple[str, argparse.ArgumentParser]]:
    groups = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    below = [pair for group in groups for word, command in group.items() for pair in nested(f"{name} {word}", command)]
    return [(name, parser), *below]


def section(heading: str) -> str:
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##|\Z)", REFERENCE, re.M | re.S)
    assert found, f"no section {heading}"
    return found[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_section_with_all_of_its_options(command):
    top = next(a for a in parser_for([command])._actions if isinstance(a, argparse._SubParsersAction)).choices[command]
    for name, parser in nested(f"harness {command}", top):
        text = section(name)
        for option in {word for action in parser._actions for word in action.option_strings} - {"-h", "--help", "--debug"}:
            assert re.search(rf"^\| `[^`]*{re.escape(option)}\b", text, re.M), f"{name} {option}"


def test_a_table_keeps_its_columns_and_shows_no_template():
    rows = [line for line in REFERENCE.splitlines() if line.startswith("|")]
    assert rows and all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)
    assert "%(" not in REFERENCE and "==SUPPRESS==" not in REFERENCE


def test_spaces_around_code_stay():
    assert "cmd:COMMAND, union:A+B, vote:A+B+C, or `all`" in section("harness run").replace("\\", "").replace("<!-- -->", "")


def test_exit_codes_stand_at_the_end():
    assert "70   internal error" in section("Exit codes")
