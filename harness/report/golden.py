"""A golden as its labeller wants to see it: every line of the page with its verdict and kind."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.text import Text

from harness.goldens.golden import Golden, Segment
from harness.report.facts import print_facts
from harness.report.kit.terminal import escape_controls
from harness.report.snippets import print_snippets

_STYLES = {"keep": "green", "maybe": "yellow", "drop": "dim"}


def print_golden(golden: Golden, console: Console) -> None:
    """Print every segment of the page with its line, verdict and kind, and the golden's facts and snippets."""
    head = (golden.id, golden.page.media, golden.lang, golden.kind, golden.site)
    console.print("  ".join(part for part in head if part), style="bold")
    width = max([len(s.kind) for s in golden.segments], default=0)
    for line, segments in groupby(golden.segments, key=lambda segment: segment.line):
        for index, (label, parts) in enumerate(groupby(segments, key=lambda segment: (segment.verdict, segment.kind))):
            text = "".join(part.text for part in parts)
            number = f"{line:>5}" if index == 0 else " " * 5
            row = Text(f"{number} {label[0]:<5} {label[1]:<{width}} ", style="bold " + _STYLES[label[0]])
            row.append(escape_controls(" ".join(text.split())), style="not bold")
            console.print(row, soft_wrap=not console.is_terminal)
    if golden.segments or not golden.facts:
        console.print(Text(_counts(golden.segments), style="bold"))
    print_facts(golden.own_facts, console)
    if golden.snippets:
        print_snippets(golden.snippets, console)


def _counts(segments: tuple[Segment, ...]) -> str:
    from harness.pages.words import words

    counts = {verdict: sum(len(words(s.text)) for s in segments if s.verdict == verdict) for verdict in _STYLES}
    return "words: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items())
