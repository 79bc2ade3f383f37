"""All commands and their options as Markdown, for the documentation."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from harness.cli.help import EXIT_CODES
from harness.cli.main import COMMANDS, parser_for
from harness.report.kit.markdown import Markdown, code, code_block, escape, heading, table

COMMANDS_GO_HERE = "<!-- commands -->"
"""The line of docs/commands.md that they take the place of."""


def commands_as_markdown() -> str:
    """A section for each command, in the order of `harness --help`: what it does, how it is called, a table of its arguments
    and options; then the exit codes."""
    parts: list[Markdown] = []
    for name in COMMANDS:
        parts += _command(f"harness {name}", _subparsers(parser_for([name]))[name], depth=2)
    title, _, codes = EXIT_CODES.partition("\n")
    return "\n\n".join([*parts, heading(2, title.rstrip(":").capitalize()), code_block(codes.splitlines())]) + "\n"


def _command(name: str, parser: argparse.ArgumentParser, depth: int) -> Iterator[Markdown]:
    yield heading(depth, name)
    if parser.description:
        yield _marked(parser.description)
    places = [_place(action) for action in parser._actions if not action.option_strings]
    rows = [_row(action) for action in parser._actions if _is_shown(action)]
    yield code(" ".join([name, *(["[OPTIONS]"] if len(rows) > len(places) else []), *places]))
    if rows:
        yield table(("", ""), rows, ("left", "left"))
    for word, command in _subparsers(parser).items():
        yield from _command(f"{name} {word}", command, depth + 1)


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _place(action: argparse.Action) -> str:
    """An argument without an option as the usage of the command shows it."""
    if isinstance(action, argparse._SubParsersAction):
        return f"{action.metavar} …"
    return argparse.HelpFormatter("")._format_args(action, str(action.metavar or action.dest.upper()))


def _is_shown(action: argparse.Action) -> bool:
    """Whether it is an argument or option of this command, and not of every one."""
    is_hidden = isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)) or action.help == argparse.SUPPRESS
    return not is_hidden and "--debug" not in action.option_strings


def _row(action: argparse.Action) -> tuple[Markdown, Markdown]:
    """A row of the table: how it is written, and what it does."""
    values = action.metavar or action.dest.upper()
    value = " ".join(values) if isinstance(values, tuple) else values
    if action.choices is not None and action.metavar is None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    words = ", ".join(action.option_strings) or value
    if action.option_strings and action.nargs != 0:
        words += f" {value}"
    return code(words), _marked((action.help or "") % {**vars(action), "prog": "harness"})


def _marked(text: str) -> Markdown:
    """A text of the help, in which backticks mark code."""
    words = re.split(r"(`[^`]*`|\s+)", text)
    return Markdown("".join(code(word[1:-1]) if word[:1] == "`" else escape(word) or word for word in words))
