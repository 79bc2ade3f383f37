"""Extractors under several policies, in the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from harness.analysis.compare import Difference
from harness.analysis.policies import PolicyTrack, Turn
from harness.common.wording import plural
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import interval, number, signed
from harness.report.kit.terminal import escape_controls
from harness.report.leaderboard import TRACKS

_MOST = 10  # turns told one by one


def print_policies(tracks: Mapping[str, PolicyTrack], console: Console) -> None:
    """Print the scores under each policy, and the pairs of extractors whose order turns."""
    for media, track in tracks.items():
        columns = [Column("extractor", list(track.scores), justify="left")]
        for name in next(iter(track.scores.values())):
            columns.append(Column(name, [number(scores.get(name)) for scores in track.scores.values()]))
        print_table(columns, console, f"F by policy: {TRACKS.get(media, media)} ({plural(track.pages, 'page')})")
        clear = [turn for turn in track.turns if turn.is_clear]
        for turn in clear[:_MOST]:
            console.print(escape_controls(_said(turn)), soft_wrap=True)
        if clear[_MOST:]:
            console.print(f"{plural(len(clear) - _MOST, 'further pair')} likewise", soft_wrap=True)
        unclear = len(track.turns) - len(clear)
        if unclear:
            console.print(
                f"pairs of extractors that change order by less than such pages can tell: {unclear}", soft_wrap=True
            )
        if not track.turns:
            console.print("no pair of extractors changes order")


def _said(turn: Turn) -> str:
    (one, first), (other, second) = turn.for_first, turn.for_second
    return (
        f"{turn.first} beats {turn.second} for {one} ({_signed(first, -1)}), "
        f"{turn.second} beats {turn.first} for {other} ({_signed(second, 1)})"
    )


def _signed(difference: Difference, sign: int) -> str:
    gain = signed(sign * (difference.second - difference.first))
    limits = difference.estimate.interval
    if limits is None:
        return gain
    low, high = sorted((sign * limits.low, sign * limits.high))
    return f"{gain}, {interval(low, high)}"
