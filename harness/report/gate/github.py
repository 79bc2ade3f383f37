"""The gate's verdict as annotations of GitHub Actions: workflow commands, one a line on standard output."""

from __future__ import annotations

from harness.gate.verdict import Cell, NewFinding, Verdict
from harness.report.gate.wording import one_line, passages, show_command, what_moved

# GitHub shows ten annotations of a step.
_PAGES = 5
_RULES = 3
_DOUBTS = 2

_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_TITLES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def github_annotations(verdict: Verdict) -> list[str]:
    """Lines for the first broken rules, the first doubts and the worst pages; none if all is well."""
    lines = []
    for rule in verdict.broken[:_RULES]:
        pages = f" ({rule.pages})" if rule.pages else ""
        commands = (*rule.show, rule.accept) if isinstance(rule, NewFinding) else ()
        message = "\n".join(one_line(line, 500) for line in (rule.message, *commands))
        lines.append(_error(f"{rule.extractor}: {rule.rule}{pages}", message))
    for doubt in verdict.doubts[:_DOUBTS]:
        lines.append(_error("could not tell", f"{one_line(doubt.message, 500)}\nnext: {one_line(doubt.remedy, 500)}"))
    lines += [_error(f"{cell.golden}: {cell.extractor}", _page(verdict, cell)) for cell in verdict.worst(_PAGES)]
    return lines


def _page(verdict: Verdict, cell: Cell) -> str:
    lines = list(what_moved(cell, verdict.metric))
    lines += [one_line(line) for line in cell.error.strip().splitlines()[:1]]
    lines += [f"{sort} {one_line(kind)}: {text}" for sort, kind, text in passages(cell, 120)]
    return "\n".join([*lines, one_line(show_command(verdict, cell), 500)])


def _error(title: str, message: str) -> str:
    return f"::error title={_escaped(one_line(title), _IN_TITLES)}::{_escaped(message, _IN_MESSAGES)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
