"""Lists in the text of a golden file, with lines of its own for each row, to which others can be added."""

from __future__ import annotations

from dataclasses import dataclass

import yaml

from harness.common.errors import CannotTell


@dataclass(frozen=True)
class RowLines:
    """The lines of a file that are one row of a list, from 0, the end excluded."""

    first: int
    """Its first line."""
    end: int
    """The line behind it."""


@dataclass(frozen=True)
class WrittenList:
    """A list under a key of a golden file."""

    key_line: int | None
    """The line of the key, from 0; None where there is no such key."""
    rows: tuple[RowLines, ...]
    """Its rows, in order."""
    indent: str = "  "
    """What stands before the dash of each row."""


def root_of(written: str) -> yaml.MappingNode:
    """The keys of a golden file. Raises CannotTell if there are none."""
    root = yaml.compose(written, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise CannotTell("not a golden: a mapping of keys")
    return root


def list_under(written: str, key: str) -> WrittenList:
    """The list under a key. Raises CannotTell if its rows do not stand in lines of their own."""
    for name, value in root_of(written).value:
        if name.value != key:
            continue
        if not value.value:
            return WrittenList(name.start_mark.line, ())
        if not isinstance(value, yaml.SequenceNode) or value.flow_style:
            raise CannotTell(f"write the {key} as a list with a line for each, to which others can be added")
        return WrittenList(name.start_mark.line, tuple(map(_lines_of, value.value)), " " * value.start_mark.column)
    return WrittenList(None, ())


def _lines_of(item: yaml.Node) -> RowLines:
    first, end = item.start_mark.line, item.end_mark
    return RowLines(first, max(end.line + bool(end.column), first + 1))
