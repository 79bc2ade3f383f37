"""Adds facts to the text of a golden file and takes them out, everything else in it as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from harness.common.errors import CannotTell
from harness.goldens.fact_reader import reasons_against_fact
from harness.goldens.facts import Fact


def with_fact(written: str, fact: Fact) -> str:
    """The text of a golden file with one more fact, behind the others. Raises CannotTell for a fact with mistakes."""
    row = f"  - {_flow_of(fact)}\n"
    reasons = list(reasons_against_fact(_entries(row.removeprefix("  - "))))
    if reasons:
        raise CannotTell("; ".join(reasons))
    lines = written.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    key, items = _facts(written)
    if items:
        end = items[-1].end_mark
        lines.insert(end.line + bool(end.column), row)
        return "".join(lines)
    if key is not None:
        del lines[key.start_mark.line]
    return "".join([*lines, "facts:\n", row])


def without_fact(written: str, row: int) -> str:
    """The text of a golden file without the fact that begins in a line, counted from 1. Raises CannotTell if none does."""
    key, items = _facts(written)
    item = next((item for item in items if item.start_mark.line + 1 == row), None)
    if item is None or key is None:
        raise CannotTell(f"no fact begins in line {row}")
    lines = written.splitlines(keepends=True)
    gone = set(range(item.start_mark.line, item.end_mark.line + bool(item.end_mark.column)))
    if len(items) == 1:
        gone.add(key.start_mark.line)
    return "".join(line for number, line in enumerate(lines) if number not in gone)


def _facts(written: str) -> tuple[yaml.Node | None, Sequence[yaml.Node]]:
    """The key of the facts and their rows. Raises CannotTell where they do not stand in lines of their own."""
    root = yaml.compose(written, Loader=yaml.SafeLoader)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "facts":
            if not value.value:
                return key, ()
            if not isinstance(value, yaml.SequenceNode) or value.flow_style:
                raise CannotTell("write the facts as a list with a line for each, to which others can be added")
            return key, value.value
    return None, ()


def _flow_of(fact: Fact) -> str:
    rule: dict[str, object] = {fact.category: list(fact.texts) if fact.category == "order" else "".join(fact.texts)}
    rule |= dict(fact.neighbours)
    rule |= {"times": fact.times} if fact.category == "repeat" else {}
    rule |= {"max_diffs": fact.max_diffs} if fact.max_diffs else {}
    return yaml.safe_dump(rule, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1_000_000).strip()


def _entries(row: str) -> Mapping[str, yaml.Node]:
    node = yaml.compose(row, Loader=yaml.SafeLoader)
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
