"""The history of an extractor in the terminal: a table, a sparkline, and the pages that changed most."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from harness.analysis.history import Release
from harness.common.wording import plural
from harness.report.kit.numbers import count, milliseconds, number
from harness.report.kit.terminal import plain_table

_BARS = "▁▂▃▄▅▆▇█"
_PAGES = 3  # changed pages shown for each release


def print_history(releases: Sequence[Release], title: str, metric: str, console: Console) -> None:
    """Print the releases, oldest first. title: of the track that they were run over."""
    table = plain_table(f"{title} ({plural(releases[0].summary.pages, 'page')})")
    table.add_column("release", overflow="fold")
    for name in ("errors", "empty", "P", "R", metric, "won", "lost", "ms"):
        table.add_column(name, justify="right", no_wrap=True)
    for index, release in enumerate(releases):
        summary = release.summary
        changes = (f"+{len(release.won)}", f"−{len(release.lost)}") if index else ("", "")
        scores = (number(summary.scores.get(name)) for name in ("P", "R", metric))
        failed = (count(summary.errors), count(summary.empty))
        table.add_row(release.name, *failed, *scores, *changes, milliseconds(summary.cost.milliseconds))
    console.print(table)
    console.print(
        f"{metric}  {sparkline([score for release in releases if (score := release.summary.scores[metric]) is not None])}"
    )
    for release in releases:
        shown = [*release.won[:_PAGES], *release.lost[:_PAGES]]
        if shown:
            console.print(f"\n{release.name}", style="bold")
        for change in shown:
            console.print(f"  {change.difference:+.3f}  {change.golden}", soft_wrap=True)


def sparkline(values: Sequence[float]) -> str:
    """Values as bars from the lowest to the highest; one height if all are equal, nothing for none."""
    if not values:
        return ""
    low, high = min(values), max(values)
    if high == low:
        return _BARS[0] * len(values)
    return "".join(_BARS[round((value - low) / (high - low) * (len(_BARS) - 1))] for value in values)
