"""The gate's verdict in the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.text import Text

from harness.common.errors import CANNOT_TELL, OK, WORSE
from harness.common.wording import plural
from harness.gate.verdict import STATES, Excerpt, ExtractorChange, JudgedPage, State, TrackMean, Verdict
from harness.report.gate.wording import (
    ACCEPT,
    FLOOR,
    TERMINAL,
    UNJUDGED,
    accept_commands,
    breaks_floor,
    difference,
    floor,
    known_failures,
    left_out_line,
    moved_words,
    score_pair,
    scores,
    show_command,
    show_commands,
    versions,
)
from harness.report.kit.terminal import escape_controls
from harness.report.leaderboard import TRACKS

_STYLES = {OK: "bold green", WORSE: "bold red", CANNOT_TELL: "bold yellow"}


def print_verdict(verdict: Verdict, console: Console) -> None:
    """Print the verdict, each extractor that changed, what could not be judged, and the next step."""
    _print(console, Text(escape_controls(verdict.headline), style=_STYLES[verdict.code]))
    if verdict.subject:
        _print(console, Text(escape_controls(verdict.subject), style="dim"))
    for change in verdict.extractors:
        changed = any(number for state, number in change.states.items() if state != "same")
        broken = any(rule.extractor == change.name for rule in verdict.broken)
        if changed or broken or change.version_before != change.version_after:
            _print_extractor(verdict, change, console)
    for number, doubt in enumerate(verdict.doubts):
        goldens = ", ".join(doubt.goldens[: TERMINAL.goldens]) + (" …" if len(doubt.goldens) > TERMINAL.goldens else "")
        if number or verdict.broken:  # else the headline has said it
            _print(console, Text(escape_controls(f"\ncould not tell: {doubt.message}"), style="yellow"))
        if goldens:
            _print(console, Text(escape_controls(f"  {goldens}")))
        _print(console, Text(escape_controls(f"  {doubt.remedy}"), style="dim"))
    for found in verdict.floors:
        _print(console, Text(escape_controls(f"\nfloor: {floor(found)}")))
    for note in verdict.notes:
        _print(console, Text(escape_controls(f"\n{note}"), style="dim"))
    if verdict.unjudged:
        names = ", ".join(verdict.unjudged)
        _print(console, Text(escape_controls(f"\n{UNJUDGED}: {names}"), style="dim"))
    if breaks_floor(verdict):
        _print(console, Text(f"\n{FLOOR}"))
    if accept := accept_commands(verdict):
        _print(console, Text(escape_controls(f"\n{ACCEPT}: {accept}")))


def opened_pages(verdict: Verdict) -> list[JudgedPage]:
    """The pages whose words are printed."""
    return [page for change in verdict.extractors for page in verdict.worst_pages(TERMINAL.pages, change.name)]


def print_moves(verdict: Verdict, console: Console, number: int = TERMINAL.pages) -> None:
    """Print how many pages there are of each state, and the largest changes each way."""
    states = {state: sum(page.state == state for page in verdict.pages) for state in STATES}
    _print(console, Text(_states(states) or "nothing"))
    changed = [page for page in verdict.pages if page.change]
    worse = sorted((page for page in changed if (page.change or 0) < 0), key=lambda page: page.change or 0)
    better = sorted((page for page in changed if (page.change or 0) > 0), key=lambda page: -(page.change or 0))
    for page in (*worse[:number], *better[:number]):
        line = f"  {page.change:+.3f}  {page.golden}   {page.extractor}   {scores(page, verdict.metric)}"
        _print(console, Text(escape_controls(line)))


def _print_extractor(verdict: Verdict, change: ExtractorChange, console: Console) -> None:
    _print(console, Text.assemble("\n", (escape_controls(f"{change.name} {versions(change)}".rstrip()), "bold")))
    for mean in change.means:
        track = f"{TRACKS.get(mean.media, mean.media)}: " if len(change.means) > 1 else ""
        change_of_mean = f"{track}{verdict.metric} {' → '.join(score_pair(mean.before, mean.after))}"
        _print(console, Text(escape_controls(f"  {change_of_mean} over {plural(mean.pages, 'page')}; {_interval(mean)}")))
    _print(console, Text(f"  {_states(change.states)}"))
    for line in known_failures(page for page in verdict.pages if page.extractor == change.name):
        _print(console, Text(escape_controls(f"  {line}")))
    broken = [rule for rule in verdict.broken if rule.extractor == change.name]
    for rule in broken[: TERMINAL.rules]:
        pages = f" [{rule.pages}]" if rule.pages else ""
        _print(
            console, Text.assemble("  ", (rule.rule + escape_controls(pages), "red"), escape_controls(f": {rule.message}"))
        )
        for command in show_commands(rule):
            _print(console, Text(escape_controls(f"    {command}"), style="dim"))
    for line in left_out_line(len(broken), TERMINAL.rules, "broken rule"):
        _print(console, Text(f"  {line}"))
    worst = verdict.worst_pages(extractor=change.name)
    for page in worst[: TERMINAL.pages]:
        _print_page(verdict, page, console)
    for line in left_out_line(len(worst), TERMINAL.pages, "page"):
        _print(console, Text(f"\n  {line}", style="dim"))


def _interval(mean: TrackMean) -> str:
    """How far the metric moved, and whether that would hold on other sites."""
    found = mean.difference
    shift, limits = difference(found)
    if found.interval is None:
        return f"{shift}, no interval: {found.reason}"
    holds = "would hold" if found.interval.low > 0 or found.interval.high < 0 else "may not hold"
    return f"{shift} ({100 * found.interval.level:g} %: {limits}), {holds} on other sites"


def _print_page(verdict: Verdict, page: JudgedPage, console: Console) -> None:
    _print(console, Text.assemble("\n  ", (escape_controls(page.golden), "bold"), f"   {scores(page, verdict.metric)}"))
    if page.error and page.state == "newly failing":
        _print(console, Text(escape_controls(f"    said: {page.error.strip().splitlines()[-1][:300]}"), style="red"))
    for line in moved_words(page):
        _print(console, Text(escape_controls(f"    {line}")))
    if page.words:
        _print_passages("missed", page.words.missed, "red", console)
        _print_passages("leaked", page.words.leaked, "green", console)
        _print_passages("lost", page.words.lost, "yellow", console)
    _print(console, Text(escape_controls(f"    {show_command(verdict, page)}"), style="dim"))


def _states(states: Mapping[State, int]) -> str:
    return "   ".join(f"{state} {number}" for state, number in states.items() if number)


def _print_passages(name: str, passages: Iterable[Excerpt], style: str, console: Console) -> None:
    for passage in list(passages)[:2]:
        text = passage.text if len(passage.text) <= 160 else passage.text[:160].rstrip() + " …"
        _print(console, Text.assemble(f"    {name} {escape_controls(passage.kind)}: ", (escape_controls(text), style)))


def _print(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)
