"""The history of an extractor in the terminal: a table, a sparkline, and the pages that changed most; and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from harness.analysis.history import Release, ReleaseChange
from harness.analysis.trend import Step
from harness.common.wording import plural
from harness.report.kit.columns import Column, fit, print_table
from harness.report.kit.numbers import count, milliseconds, number, signed
from harness.report.kit.terminal import one_line

_BARS = "▁▂▃▄▅▆▇█"
_PAGES = 3  # changed pages shown for each release
_ABOUT = 40  # characters of what is known of a step


def print_history(
    releases: Sequence[Release],
    title: str,
    metric: str,
    console: Console,
    *,
    heads: tuple[str, str] = ("release", ""),
    about: Mapping[str, str] | None = None,
) -> None:
    """Print the releases, oldest first. title: of the track that they were run over.

    about: what is known of each beside its scores, by its name. heads: of the columns of names and of what is known.
    """
    columns = list(_columns(releases, metric, heads, about or {}))
    shown = fit(columns, console.width)
    print_table(shown, console, f"{title} ({plural(releases[0].summary.pages, 'page')})")
    if left_out := [column.name for column in columns if column not in shown]:
        console.print(Text(f"no room for {', '.join(left_out)}: --format json, or a wider terminal", style="dim"))
    console.print(
        f"{metric}  {sparkline([score for release in releases if (score := release.summary.scores[metric]) is not None])}"
    )
    for release in releases:
        changes = [*release.won[:_PAGES], *release.lost[:_PAGES]]
        if changes:
            console.print(f"\n{release.name}", style="bold", soft_wrap=True)
        for change in changes:
            console.print(f"  {signed(change.difference)}  {change.golden}", soft_wrap=True)


def _columns(releases: Sequence[Release], metric: str, heads: tuple[str, str], about: Mapping[str, str]) -> Iterator[Column]:
    summaries = [release.summary for release in releases]
    yield Column(heads[0], [release.name for release in releases], justify="left")
    yield Column("errors", [count(summary.errors) for summary in summaries], 2)
    yield Column("empty", [count(summary.empty) for summary in summaries], 2)
    for name in dict.fromkeys(("P", "R", metric)):
        yield Column(name, [number(summary.scores.get(name)) for summary in summaries], 0 if name == metric else 3)
    yield Column("won", ["", *(f"+{len(release.won)}" for release in releases[1:])], 1)
    yield Column("lost", ["", *(f"−{len(release.lost)}" for release in releases[1:])], 1)
    yield Column("ms", [milliseconds(summary.cost.milliseconds) for summary in summaries], 4)
    if any(about.values()):
        yield Column(heads[1], [one_line(about.get(release.name, ""), _ABOUT) for release in releases], 5, "left")


def history_object(releases: Sequence[Release], metric: str, steps: Mapping[str, Step]) -> dict[str, Any]:
    """One track of a history for programs. steps: what is known of each release, by its name."""
    return {"metric": metric, "pages": releases[0].summary.pages, "steps": [_step(one, steps[one.name]) for one in releases]}


def _step(release: Release, step: Step) -> dict[str, Any]:
    summary = release.summary
    return {
        "name": release.name,
        "run": step.run,
        "started": step.started,
        "version": step.version,
        "about": step.about,
        "errors": summary.errors,
        "empty": summary.empty,
        "ms": summary.cost.milliseconds,
        "scores": dict(summary.scores),
        "won": _changes(release.won),
        "lost": _changes(release.lost),
    }


def _changes(changes: Sequence[ReleaseChange]) -> list[dict[str, Any]]:
    return [{"golden": change.golden, "difference": change.difference} for change in changes]


def sparkline(values: Sequence[float]) -> str:
    """Values as bars from the lowest to the highest; one height if all are equal, nothing for none."""
    if not values:
        return ""
    low, high = min(values), max(values)
    if high == low:
        return _BARS[0] * len(values)
    return "".join(_BARS[round((value - low) / (high - low) * (len(_BARS) - 1))] for value in values)
