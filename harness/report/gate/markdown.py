"""The gate's verdict as Markdown, for a comment on a pull request or the summary of a CI step.

Names and words of strangers stand in code spans, where nothing is a link, a mention or a tag, or are escaped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from harness.common.errors import OK, WORSE
from harness.common.wording import plural
from harness.gate.verdict import STATES, Cell, Doubt, ExtractorChange, NewFinding, State, Verdict
from harness.report.gate.wording import (
    accept_commands,
    one_line,
    passages,
    score,
    scores,
    show_command,
    versions,
    what_moved,
)

LONGEST = 60_000  # characters; GitHub takes comments of up to 65,536
_WORST = 5  # pages that are shown open
_ROWS = 30  # extractors in the table
_RULES = 10
_DOUBTS = 5
_IDS = 5  # goldens that are named in a doubt

_MARKS = {OK: "✅", WORSE: "❌"}
_DOUBTFUL = "⚠️"
_STRUCTURE = re.compile(r"[#$&*<>@\[\\\]_`|~]|:(?! )|^[-+=]")
_ITEM = re.compile(r"^(\d+)(?=[.)])")
_LINKED = re.compile(r"(\\@|\\#|\bwww(?=\.)|\\:(?=/))", re.I)  # after escaping


def gate_markdown(verdict: Verdict) -> str:
    """The verdict in the first line; then extractors, broken rules, doubts, the worst pages. At most 60,000 characters."""
    parts = [f"### {_MARKS.get(verdict.code, _DOUBTFUL)} Gate: {prose(verdict.headline, 500)}\n"]
    parts += [part for part in (_table(verdict), _rules(verdict), _doubts(verdict), _next(verdict)) if part]
    worst = verdict.worst()
    if worst:
        parts.append(f"\n#### The worst {plural(min(_WORST, len(worst)), 'page')}\n")
    pages = [
        *(_open(verdict, cell) for cell in worst[:_WORST]),
        *(_folded(verdict, cell) for cell in worst[_WORST:]),
    ]
    return _cut(parts, pages)


def prose(text: str, longest: int = 300) -> str:
    """Text of strangers in a sentence: every sign that Markdown could understand escaped, links and mentions broken."""
    escaped = _STRUCTURE.sub(r"\\\g<0>", one_line(text, longest))
    return _LINKED.sub(r"\1<!-- -->", _ITEM.sub(r"\1\\", escaped))


def code(text: str, longest: int = 300) -> str:
    """Text of strangers as a code span; `|`, which would end a cell of a table, as `¦`."""
    line = one_line(text, longest).replace("|", "¦")
    if not line:
        return "–"
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def _table(verdict: Verdict) -> str:
    if not verdict.extractors:
        return ""
    states = [state for state in STATES if any(change.states.get(state) for change in verdict.extractors)]
    names = ["extractor", "version", "pages", f"{verdict.metric} before", "after", "change", "95 % interval", *states]
    rows = [names, ["---", "---", *["---:"] * (len(names) - 2)]]
    changed = sorted(verdict.extractors, key=lambda change: change.states.get("same") == sum(change.states.values()))
    rows += [_row(change, states) for change in changed[:_ROWS]]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if len(changed) > _ROWS:
        lines.append(f"\n{plural(len(changed) - _ROWS, 'extractor')} more, in the JSON")
    if verdict.unjudged:
        shown = ", ".join(map(code, verdict.unjudged[:_ROWS])) + (" …" if len(verdict.unjudged) > _ROWS else "")
        lines.append(f"\nNot judged, since the baseline does not have them: {shown}")
    return "\n" + "\n".join(lines) + "\n"


def _row(change: ExtractorChange, states: Iterable[State]) -> list[str]:
    return [
        code(change.name, 80),
        code(versions(change), 60),
        str(change.pages),
        score(change.before),
        score(change.after),
        *_difference(change),
        *(str(change.states.get(state) or "–") for state in states),
    ]


def _difference(change: ExtractorChange) -> tuple[str, str]:
    difference = change.difference
    if difference is None or difference.value is None:
        return "–", "–"
    interval = difference.interval
    return f"{difference.value:+.4f}", f"{interval.low:+.4f} … {interval.high:+.4f}" if interval else "–"


def _rules(verdict: Verdict) -> str:
    if not verdict.broken:
        return ""
    lines = ["\n#### Broken rules\n"]
    for rule in verdict.broken[:_RULES]:
        pages = f" ({prose(rule.pages, 80)})" if rule.pages else ""
        lines.append(f"- {code(rule.extractor, 80)} `{rule.rule}`{pages}: {prose(rule.message)}")
        lines += [f"  - {code(command, 500)}" for command in (rule.show if isinstance(rule, NewFinding) else ())]
    if len(verdict.broken) > _RULES:
        lines.append(f"- and {plural(len(verdict.broken) - _RULES, 'rule')} more")
    return "\n".join(lines) + "\n"


def _doubts(verdict: Verdict) -> str:
    if not verdict.doubts:
        return ""
    lines = ["\n#### Could not tell\n", *map(_doubt, verdict.doubts[:_DOUBTS])]
    if len(verdict.doubts) > _DOUBTS:
        lines.append(f"- and {len(verdict.doubts) - _DOUBTS} more")
    return "\n".join(lines) + "\n"


def _doubt(doubt: Doubt) -> str:
    ids = ", ".join(code(id, 120) for id in doubt.goldens[:_IDS]) + (" …" if len(doubt.goldens) > _IDS else "")
    return f"- {prose(doubt.message)}. Next: {prose(doubt.remedy, 200)}" + (f"  \n  {ids}" if ids else "")


def _next(verdict: Verdict) -> str:
    return f"\nIf this is what you want: {code(accept_commands(verdict))}\n" if verdict.broken else ""


def _open(verdict: Verdict, cell: Cell) -> str:
    head = f"**{code(cell.golden, 120)}** {code(cell.extractor, 80)} breaks {', '.join(map(code, cell.rules))}"
    return "\n".join(["", head, "", *_facts(verdict, cell), ""])


def _folded(verdict: Verdict, cell: Cell) -> str:
    golden, extractor, moved = (
        html.escape(one_line(text, 120)) for text in (cell.golden, cell.extractor, scores(cell, verdict.metric))
    )
    # Up to the next blank line this is HTML and no Markdown.
    head = f"<details><summary><code>{golden}</code> <code>{extractor}</code> {moved}</summary>"
    return "\n".join(["", head, "", *_facts(verdict, cell), "", "</details>", ""])


def _facts(verdict: Verdict, cell: Cell) -> Iterator[str]:
    yield from (f"- {prose(line)}" for line in what_moved(cell, verdict.metric))
    if cell.error:
        yield f"- {code(cell.error)}"
    for sort, kind, text in passages(cell):
        yield f"- {sort} {prose(kind)}: {code(text, 400)}"
    yield f"- {code(show_command(verdict, cell), 500)}"


def _cut(parts: list[str], pages: list[str]) -> str:
    """As many pages as fit, and how many do not."""
    text = "".join(parts)
    for number, page in enumerate(pages):
        if len(text) + len(page) > LONGEST - 200:
            left = plural(len(pages) - number, "page")
            return f"{text}\n{left} more that break a rule, too long for this place: `harness gate --json FILE` has all.\n"
        text += page
    return text
