"""All commands and their options as Markdown, for the documentation."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from harness.cli.help import EXIT_CODES
from harness.cli.main import COMMANDS, parser_for

_BAR = r"\|"  # in a table


def commands_as_markdown() -> str:
    """A section for each command, in the order of `harness --help`: what it does, how it is called, a table of its arguments
    and options; then the exit codes."""
    parts: list[str] = []
    for name in COMMANDS:
        parts += _command(f"harness {name}", _subparsers(parser_for([name]))[name], depth=2)
    title, _, codes = EXIT_CODES.partition("\n")
    return "\n\n".join([*parts, f"## {title.rstrip(':').capitalize()}", f"```text\n{codes.rstrip()}\n```"]) + "\n"


def _command(name: str, parser: argparse.ArgumentParser, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {name}"
    if parser.description:
        yield _escaped(parser.description)
    places = [_place(action) for action in parser._actions if not action.option_strings]
    rows = [row for action in parser._actions if (row := _row(action))]
    yield "`" + " ".join([name, *(["[OPTIONS]"] if len(rows) > len(places) else []), *places]) + "`"
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows])
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


def _row(action: argparse.Action) -> str:
    """A row of the table; empty for what every command has, and what is no option of it."""
    hidden = isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)) or action.help == argparse.SUPPRESS
    if hidden or "--debug" in action.option_strings:
        return ""
    values = action.metavar or action.dest.upper()
    value = " ".join(values) if isinstance(values, tuple) else values
    if action.choices is not None and action.metavar is None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    words = ", ".join(action.option_strings) or value
    if action.option_strings and action.nargs != 0:
        words += f" {value}"
    text = (action.help or "") % {**vars(action), "prog": "harness"} if action.help else ""
    return f"| `{words.replace('|', _BAR)}` | {_escaped(text)} |"


def _escaped(text: str) -> str:
    """A text as Markdown in which only what stands in backticks is markup."""
    parts = text.split("`")
    plain = (part.replace("<", "&lt;").replace("*", r"\*").replace("_", r"\_") for part in parts[::2])
    marked = (f"`{part}`" for part in parts[1::2])
    both = [piece for pair in zip(plain, [*marked, ""], strict=False) for piece in pair]
    return "".join(both).replace("|", _BAR).replace("\n", " ")
