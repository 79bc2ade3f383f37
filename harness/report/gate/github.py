"""The gate's verdict as annotations of GitHub Actions: workflow commands, one a line on standard output."""

from __future__ import annotations

from harness.gate.verdict import JudgedPage, Verdict
from harness.report.gate.wording import (
    ANNOTATIONS,
    LONGEST_COMMAND,
    accept_of,
    passages,
    show_command,
    show_commands,
    what_moved,
)
from harness.report.kit.terminal import one_line

_IN_MESSAGES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_TITLES = {**_IN_MESSAGES, ":": "%3A", ",": "%2C"}


def github_annotations(verdict: Verdict) -> list[str]:
    """Lines for the first broken rules, the first doubts and the worst pages; none if all is well."""
    lines = []
    for rule in verdict.broken[: ANNOTATIONS.rules]:
        pages = f" ({rule.pages})" if rule.pages else ""
        commands = (*show_commands(rule), accept_of(rule, verdict)) if show_commands(rule) else ()
        message = "\n".join(one_line(line, LONGEST_COMMAND) for line in (rule.message, *commands))
        lines.append(_error(f"{rule.extractor}: {rule.rule}{pages}", message))
    for doubt in verdict.doubts[: ANNOTATIONS.doubts]:
        lines.append(
            _error(
                "could not tell",
                f"{one_line(doubt.message, LONGEST_COMMAND)}\nnext: {one_line(doubt.remedy, LONGEST_COMMAND)}",
            )
        )
    lines += [
        _error(f"{page.golden}: {page.extractor}", _page(verdict, page)) for page in verdict.worst_pages(ANNOTATIONS.pages)
    ]
    return lines


def _page(verdict: Verdict, page: JudgedPage) -> str:
    lines = list(what_moved(page, verdict.metric))
    lines += [one_line(line) for line in page.error.strip().splitlines()[:1]]
    lines += [f"{sort} {one_line(kind)}: {text}" for sort, kind, text in passages(page, 120)]
    return "\n".join([*lines, one_line(show_command(verdict, page), LONGEST_COMMAND)])


def _error(title: str, message: str) -> str:
    return f"::error title={_escaped(one_line(title), _IN_TITLES)}::{_escaped(message, _IN_MESSAGES)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(character, character) for character in text)
