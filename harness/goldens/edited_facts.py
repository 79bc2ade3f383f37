"""Adds facts to the text of a golden file and takes them out, everything else in it as it was written."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from harness.common.errors import CannotTell
from harness.goldens.fact_reader import reasons_against_fact
from harness.goldens.facts import Fact
from harness.goldens.written_lists import list_under


def with_fact(written: str, fact: Fact) -> str:
    """The text of a golden file with one more fact, behind the others.

    Raises CannotTell for a fact with mistakes, and where facts do not stand in lines of their own.
    """
    row = _flow_of(fact)
    if reasons := list(reasons_against_fact(_entries(row))):
        raise CannotTell("; ".join(reasons))
    facts = list_under(written, "facts")
    lines = written.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    added = f"{facts.indent}- {row}\n"
    if facts.rows:
        lines.insert(facts.rows[-1].end, added)
        return "".join(lines)
    if facts.key_line is not None:
        del lines[facts.key_line]
    return "".join([*lines, "facts:\n", added])


def without_fact(written: str, row: int) -> str:
    """The text of a golden file without the fact that begins in a line, counted from 1.

    Raises CannotTell if none does, and where facts do not stand in lines of their own.
    """
    facts = list_under(written, "facts")
    found = next((one for one in facts.rows if one.first + 1 == row), None)
    if found is None:
        raise CannotTell(f"no fact begins in line {row}")
    gone = {*range(found.first, found.end)} | ({facts.key_line} if len(facts.rows) == 1 else set())
    return "".join(line for number, line in enumerate(written.splitlines(keepends=True)) if number not in gone)


def _flow_of(fact: Fact) -> str:
    rule: dict[str, object] = {fact.category: list(fact.texts) if fact.category == "order" else "".join(fact.texts)}
    rule |= dict(fact.neighbours)
    rule |= {"times": fact.times} if fact.category == "repeat" else {}
    rule |= {"max_diffs": fact.max_diffs} if fact.max_diffs else {}
    return yaml.safe_dump(rule, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1_000_000).strip()


def _entries(row: str) -> Mapping[str, yaml.Node]:
    node = yaml.compose(row, Loader=yaml.SafeLoader)
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}
