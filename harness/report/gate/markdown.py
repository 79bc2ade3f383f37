"""The gate's verdict as Markdown, for a comment on a pull request or the summary of a CI step.

Names and words from outside are put in code spans, where nothing is a link, a mention or a tag, or are escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.common.errors import OK, WORSE
from harness.common.wording import plural
from harness.gate.verdict import STATES, Doubt, ExtractorChange, JudgedPage, State, Verdict
from harness.report.gate.wording import (
    ACCEPT,
    COMMENT,
    FLOOR,
    UNJUDGED,
    accept_commands,
    breaks_floor,
    difference,
    floor,
    known_failures,
    left_out_line,
    passages,
    score_pair,
    scores,
    show_command,
    show_commands,
    versions,
    what_moved,
)
from harness.report.kit import markdown
from harness.report.kit.markdown import Markdown, code, escape, folded, heading
from harness.report.kit.numbers import NONE, count
from harness.report.kit.terminal import one_line
from harness.report.leaderboard import TRACKS

LONGEST = 60_000  # characters; GitHub takes comments of up to 65,536
_SENTENCE = 300  # characters of a message
_COMMAND = 500  # characters of a command

_MARKS = {OK: "✅", WORSE: "❌"}
_DOUBTFUL = "⚠️"


def gate_markdown(verdict: Verdict) -> str:
    """The verdict in the first line; then extractors, broken rules, doubts, the worst pages. At most 60,000 characters."""
    parts = [f"### {_MARKS.get(verdict.code, _DOUBTFUL)} Gate: {escape(verdict.headline, 500)}\n"]
    parts += [f"\n{escape(verdict.subject, 500)}\n"] if verdict.subject else []
    parts += [
        part
        for part in (_table(verdict), _rules(verdict), _floors(verdict), _doubts(verdict), _notes(verdict), _next(verdict))
        if part
    ]
    worst = verdict.worst_pages()
    if worst:
        parts.append(_heading(f"The worst {plural(min(COMMENT.pages, len(worst)), 'page')}"))
    pages = [
        *(_open(verdict, page) for page in worst[: COMMENT.pages]),
        *(_folded(verdict, page) for page in worst[COMMENT.pages :]),
    ]
    return _cut(parts, pages)


def _heading(text: str) -> str:
    return f"\n{heading(4, text)}\n"


def _table(verdict: Verdict) -> str:
    if not verdict.extractors:
        return ""
    states = [state for state in STATES if any(change.states.get(state) for change in verdict.extractors)]
    names = ["extractor", "version", "pages", f"{verdict.metric} before", "after", "change", "95 % interval", *states]
    changed = sorted(verdict.extractors, key=lambda change: change.states.get("same") == sum(change.states.values()))
    rows = [row for change in changed[: COMMENT.extractors] for row in _rows(change, states)]
    lines: list[str] = [markdown.table(names, rows, ["left", "left"])]
    if len(changed) > COMMENT.extractors:
        lines.append(f"\n{plural(len(changed) - COMMENT.extractors, 'extractor')} more, in the JSON")
    if verdict.unjudged:
        shown = ", ".join(map(code, verdict.unjudged[: COMMENT.extractors]))
        ending = " …" if len(verdict.unjudged) > COMMENT.extractors else ""
        lines.append(f"\n{UNJUDGED.capitalize()}: {shown}{ending}")
    return "\n" + "\n".join(lines) + "\n"


def _rows(change: ExtractorChange, states: Sequence[State]) -> list[list[str]]:
    """A row for an extractor, and one below it for each further track."""
    about = [code(change.name, 80), code(versions(change), 60)]
    counted = [count(change.states.get(state, 0)) for state in states]
    if not change.means:
        return [[*about, str(change.pages), *[NONE] * 4, *counted]]
    rows = []
    for number, mean in enumerate(change.means):
        track = f" {escape(TRACKS.get(mean.media, mean.media))}" if len(change.means) > 1 else ""
        figures = [str(mean.pages), *score_pair(mean.before, mean.after), *difference(mean.difference)]
        first = [Markdown(f"{about[0]}{track}"), about[1]]
        rows.append([*first, *figures, *(counted if number == 0 else [""] * len(counted))])
    return rows


def _rules(verdict: Verdict) -> str:
    if not verdict.broken:
        return ""
    lines = [_heading("Broken rules")]
    for rule in verdict.broken[: COMMENT.rules]:
        pages = f" ({escape(rule.pages, 80)})" if rule.pages else ""
        lines.append(f"- {code(rule.extractor, 80)} `{rule.rule}`{pages}: {escape(rule.message, _SENTENCE)}")
        lines += [f"  - {code(command, _COMMAND)}" for command in show_commands(rule)]
    lines += [f"- {text}" for text in left_out_line(len(verdict.broken), COMMENT.rules, "rule")]
    return "\n".join(lines) + "\n"


def _floors(verdict: Verdict) -> str:
    if not verdict.floors:
        return ""
    lines = [_heading("Floors"), *(f"- {escape(floor(found), _SENTENCE)}" for found in verdict.floors[: COMMENT.rules])]
    return "\n".join([*lines, *(f"- {text}" for text in left_out_line(len(verdict.floors), COMMENT.rules, "floor"))]) + "\n"


def _notes(verdict: Verdict) -> str:
    notes = [*known_failures(verdict.pages), *verdict.notes]
    lines = [f"- {escape(note, _SENTENCE)}" for note in notes[: COMMENT.rules]]
    return (
        "\n" + "\n".join([*lines, *(f"- {text}" for text in left_out_line(len(notes), COMMENT.rules))]) + "\n"
        if notes
        else ""
    )


def _doubts(verdict: Verdict) -> str:
    if not verdict.doubts:
        return ""
    lines = [_heading("Could not tell"), *map(_doubt, verdict.doubts[: COMMENT.doubts])]
    lines += [f"- {text}" for text in left_out_line(len(verdict.doubts), COMMENT.doubts)]
    return "\n".join(lines) + "\n"


def _doubt(doubt: Doubt) -> str:
    goldens = ", ".join(code(golden, 120) for golden in doubt.goldens[: COMMENT.goldens])
    ending = " …" if len(doubt.goldens) > COMMENT.goldens else ""
    said = f"- {escape(doubt.message, _SENTENCE)}. Next: {escape(doubt.remedy, 200)}"
    return said + (f"  \n  {goldens}{ending}" if goldens else "")


def _next(verdict: Verdict) -> str:
    said = f"\n{FLOOR}.\n" if breaks_floor(verdict) else ""
    accept = accept_commands(verdict)
    return said + (f"\n{ACCEPT}: {code(accept, _SENTENCE)}\n" if accept else "")


def _open(verdict: Verdict, page: JudgedPage) -> str:
    head = f"**{code(page.golden, 120)}** {code(page.extractor, 80)} breaks {', '.join(map(code, page.rules))}"
    return "\n".join(["", head, "", *_facts(verdict, page), ""])


def _folded(verdict: Verdict, page: JudgedPage) -> str:
    names = [one_line(name, 120) for name in (page.golden, page.extractor)]
    return folded(names, one_line(scores(page, verdict.metric), 120), _facts(verdict, page))


def _facts(verdict: Verdict, page: JudgedPage) -> Iterator[str]:
    yield from (f"- {escape(line, _SENTENCE)}" for line in what_moved(page, verdict.metric))
    if page.error:
        yield f"- {code(page.error, _SENTENCE)}"
    for sort, kind, text in passages(page):
        yield f"- {sort} {escape(kind, _SENTENCE)}: {code(text, 400)}"
    yield f"- {code(show_command(verdict, page), _COMMAND)}"


def _cut(parts: list[str], pages: list[str]) -> str:
    """As many pages as fit, and how many do not."""
    text = "".join(parts)
    for number, page in enumerate(pages):
        if len(text) + len(page) > LONGEST - 200:
            left = plural(len(pages) - number, "page")
            return f"{text}\n{left} more that break a rule, too long for this place: `harness gate --json FILE` has all.\n"
        text += page
    return text
