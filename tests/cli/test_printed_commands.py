"""Every command in a message of the harness is one that it takes."""

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import harness
from harness.cli.main import COMMANDS, parser_for

PACKAGE = Path(harness.__file__).parent
UNKNOWN = "1"  # stands for what is only known when the message is made; also a number where one is asked for
SEVERAL = "\t"  # stands for any number of words
COMMAND = re.compile(rf"harness (?:{'|'.join(COMMANDS)})\b[^`\n]*")


def messages(tree: ast.AST) -> Iterator[str]:
    """The texts in a module, but for docstrings, with UNKNOWN for what is put into them; each as if it were in backticks."""
    nodes = list(ast.walk(tree))
    documented = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    inside = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    left_out = documented | inside
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield "".join(text_of(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "command_line":
            yield f"`harness {' '.join(map(text_of, node.args))}`"
        elif isinstance(node, ast.List) and node.elts and text_of(node.elts[0]) == "harness":
            yield f"`{' '.join(map(text_of, node.elts))}`"


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Starred):
        return SEVERAL
    return str(node.value) if isinstance(node, ast.Constant) else UNKNOWN


def commands_in(text: str) -> Iterator[str]:
    """What is in backticks; of other text, what stands behind `harness COMMAND` in its line, up to a comma or the like."""
    text = text.replace(f"{UNKNOWN}-", f"{UNKNOWN} -")
    for quoted in re.findall(r"`([^`]*)`", text):
        yield from COMMAND.findall(quoted)
    for found in COMMAND.findall(re.sub(r"`[^`]*`", "", text)):
        yield re.split(r"  |, |; |: |\)", found)[0]


@cache
def all_commands() -> list[tuple[str, str]]:
    """Each with the name of its file. Not read while tests are collected, which each worker of pytest-xdist does."""
    found = {
        (path.name, command.strip())
        for path in PACKAGE.rglob("*.py")
        for text in messages(ast.parse(path.read_text(encoding="utf-8")))
        for command in commands_in(text)
    }
    return sorted(found)


@cache
def parser_of(command: str) -> argparse.ArgumentParser:
    return parser_for([command])


def wrong_in(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command line says of a command; empty if it takes it."""
    words = shlex.split(command)[1:]
    try:
        parser_of(words[0]).parse_args(words)
    except SystemExit:
        err = capsys.readouterr().err
        lacks_names = "the following arguments are required" in err
        only_named = len(words) <= 2 or SEVERAL in command  # a command is spoken of, or names are put into it
        return "" if lacks_names and only_named else err
    return ""


def test_the_commands_in_messages_are_ones_that_there_are(capsys):
    found = {f"{file}: {command}": wrong_in(command, capsys) for file, command in all_commands()}
    assert not {command: err for command, err in found.items() if err}


def test_the_commands_that_messages_are_known_to_have_are_found():
    found = {command for _, command in all_commands()}
    assert {f"harness run --resume {UNKNOWN}", "harness list runs", f"harness show --page {UNKNOWN} -e {UNKNOWN}"} <= found
