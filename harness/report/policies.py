"""Extractors under several policies, in the terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from harness.analysis.compare import Difference
from harness.analysis.policies import PolicyTrack, Turn
from harness.common.wording import plural
from harness.report.kit import markdown
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import interval, number, signed
from harness.report.kit.terminal import escape_controls
from harness.report.leaderboard import TRACKS

_MOST = 10  # turns told one by one in the terminal
_CLEAR = "pairs of extractors that change order"
_UNCLEAR = "pairs of extractors that change order by less than such pages can tell"
_NONE = "no pair of extractors changes order"
_LEFT: tuple[markdown.Justify, ...] = ("left",) * 3


def print_policies(tracks: Mapping[str, PolicyTrack], console: Console) -> None:
    """Print the scores under each policy, and the pairs of extractors whose order turns."""
    for media, track in tracks.items():
        columns = [Column("extractor", list(track.scores), justify="left")]
        for name in next(iter(track.scores.values())):
            columns.append(Column(name, [number(scores.get(name)) for scores in track.scores.values()]))
        print_table(columns, console, f"F by policy: {TRACKS.get(media, media)} ({plural(track.pages, 'page')})")
        clear, unclear = _parted(track)
        for turn in clear[:_MOST]:
            console.print(escape_controls(_said(turn)), soft_wrap=True)
        if clear[_MOST:]:
            console.print(f"{plural(len(clear) - _MOST, 'further pair')} likewise", soft_wrap=True)
        if unclear:
            console.print(f"{_UNCLEAR}: {len(unclear)}", soft_wrap=True)
        if unclear or clear[_MOST:]:
            console.print(Text("each pair with its intervals: --format md", "dim"), soft_wrap=True)
        if not track.turns:
            console.print(_NONE)


def policies_markdown(tracks: Mapping[str, PolicyTrack]) -> str:
    """The same as Markdown, with every pair whose order turns."""
    parts: list[str] = []
    for media, track in tracks.items():
        policies = list(next(iter(track.scores.values())))
        rows = [[name, *(number(scores.get(policy)) for policy in policies)] for name, scores in track.scores.items()]
        parts.append(markdown.heading(2, f"F by policy: {TRACKS.get(media, media)} ({plural(track.pages, 'page')})"))
        parts.append(markdown.table(["extractor", *policies], rows))
        clear, unclear = _parted(track)
        for title, turns in ((_CLEAR, clear), (_UNCLEAR, unclear)):
            if turns:
                parts.append(f"{markdown.escape(title)}: {len(turns)}")
                parts.append(
                    markdown.table(["A", "B", "A beats B for", "by", "B beats A for", "by"], map(_row, turns), _LEFT)
                )
        if not track.turns:
            parts.append(_NONE)
    return "\n\n".join(parts) + "\n"


def _parted(track: PolicyTrack) -> tuple[list[Turn], list[Turn]]:
    """The turns that chance in the choice of pages does not explain, and the others."""
    clear = [turn for turn in track.turns if turn.is_clear]
    return clear, [turn for turn in track.turns if not turn.is_clear]


def _row(turn: Turn) -> list[str]:
    (one, first), (other, second) = turn.for_first, turn.for_second
    return [turn.first, turn.second, one, _signed(first, -1), other, _signed(second, 1)]


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
