"""The gate's verdict as JUnit XML, for the test reports of GitHub, GitLab and Jenkins.

A suite for each extractor with a case for each golden; a suite `gate` for what is not about one page. Something is red in it
whenever the gate does not end with 0.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Literal

from harness.gate.verdict import STATES, BrokenRule, Doubt, JudgedPage, Verdict
from harness.report.gate.wording import (
    DOCUMENT,
    FLOOR,
    LONGEST_COMMAND,
    LONGEST_ERROR,
    accept_command,
    accept_of,
    is_failure,
    left_out_line,
    passages,
    show_command,
    show_commands,
    what_moved,
)
from harness.report.kit.terminal import escape_controls, one_line

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0
_LONGEST_NAME = 500  # characters

CaseResult = Literal["failure", "error", "skipped"]


def junit_xml(verdict: Verdict) -> str:
    """The document, in UTF-8 once it is written."""
    judged = f"harness gate: {verdict.subject}" if verdict.subject else "harness gate"
    root = ET.Element("testsuites", {"name": _name(judged)})
    suites = []
    judged_by_floors = (rule.extractor for rule in verdict.broken)  # alone, where the preset asks for no baseline
    names = dict.fromkeys([*(change.name for change in verdict.extractors), *verdict.unjudged, *judged_by_floors])
    for name in names:
        suites.append(_suite(root, name))
        for page in verdict.pages:
            if page.extractor == name:
                _page(suites[-1], verdict, page)
        for rule in verdict.broken:
            if rule.extractor == name and not rule.goldens:
                _rule(suites[-1], rule, verdict)
    suites.append(_suite(root, "gate"))
    _case(
        suites[-1], "gate", "every question answered" if not verdict.doubts else "could not tell", *_doubtful(verdict.doubts)
    )
    for suite in (*suites, root):
        _count(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(root, "testsuite", {"name": _name(name)})


def _case(
    suite: ET.Element,
    group: str,
    name: str,
    result: CaseResult | None = None,
    message: str = "",
    kind: str = "",
    text: str = "",
) -> None:
    case = ET.SubElement(suite, "testcase", {"name": _name(name), "classname": _name(group), "time": "0"})
    if result:
        attributes = {"message": _allowed(message)} | ({"type": kind} if kind else {})
        ET.SubElement(case, result, attributes).text = _allowed(text) or None


def _page(suite: ET.Element, verdict: Verdict, page: JudgedPage) -> None:
    if page.rules:
        result: CaseResult = "error" if is_failure(page) else "failure"
        moved = list(what_moved(page, verdict.metric))
        message = f"{', '.join(page.rules)}: {moved[0]}"
        _case(suite, page.extractor, page.golden, result, message, page.rules[0], "\n".join(_said(verdict, page, moved)))
    elif page.state == "missing":
        _case(suite, page.extractor, page.golden, "error", f"missing: {STATES['missing']}", "missing")
    elif page.state == "not comparable":
        _case(suite, page.extractor, page.golden, "skipped", f"not comparable: {one_line(page.why)}")
    elif page.state == "new":
        _case(suite, page.extractor, page.golden, "skipped", f"new: {STATES['new']}")
    else:
        _case(suite, page.extractor, page.golden)


def _said(verdict: Verdict, page: JudgedPage, moved: list[str]) -> Iterator[str]:
    yield from moved
    if page.error:
        yield escape_controls(page.error.strip())[:LONGEST_ERROR]
    for sort, kind, text in passages(page):
        yield f"{sort} {one_line(kind)}: {text}"
    yield ""
    yield _see(show_command(verdict, page))
    yield _accept(accept_command(verdict))


def _see(command: str) -> str:
    return f"see it:    {one_line(command, LONGEST_COMMAND)}"


def _accept(command: str) -> str:
    return f"accept it: {one_line(command, LONGEST_COMMAND)}"


def _rule(suite: ET.Element, rule: BrokenRule, verdict: Verdict) -> None:
    name = f"rule {rule.rule}" + (f" ({rule.pages})" if rule.pages else "")
    accept = accept_of(rule, verdict)
    lines = [one_line(rule.message, LONGEST_COMMAND), *map(_see, show_commands(rule)), _accept(accept) if accept else FLOOR]
    text = "\n".join(lines)
    _case(suite, rule.extractor, f"{name}: {rule.found}", "failure", one_line(rule.message), rule.rule, text)


def _doubtful(doubts: tuple[Doubt, ...]) -> tuple[CaseResult | None, str, str, str]:
    if not doubts:
        return None, "", "", ""
    lines = []
    for doubt in doubts:
        lines.append(one_line(doubt.message, LONGEST_COMMAND))
        goldens = [one_line(golden) for golden in doubt.goldens[: DOCUMENT.goldens]]
        lines += [f"  {line}" for line in (*goldens, *left_out_line(len(doubt.goldens), DOCUMENT.goldens))]
        lines.append(f"  next: {one_line(doubt.remedy, LONGEST_COMMAND)}")
    return "error", one_line(doubts[0].message), "could_not_tell", "\n".join(lines)


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    results = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    for name, result in results.items():
        if element.tag == "testsuite" or name != "skipped":  # Jenkins' schema knows no other
            element.set(name, str(len(list(element.iter(result)))))
    element.set("time", "0")


def _name(text: str) -> str:
    return _allowed(one_line(text, _LONGEST_NAME))


def _allowed(text: str) -> str:
    """Without what XML 1.0 forbids; controls are spelled out already, this is for the few that are none."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
