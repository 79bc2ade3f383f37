"""What a scorecard says in the same words in every form: Markdown, HTML and charts."""

from __future__ import annotations

from itertools import pairwise

from harness.common.wording import plural
from harness.report.kit.numbers import NONE, signed
from harness.report.result_columns import CONVERTED, REFERENCE
from harness.scorecard.values.changes import Changes
from harness.scorecard.values.robustness import DOSES, DosePoint, Resistance, Robustness
from harness.scorecard.values.track import BANDS, LeaderboardRow, NumberGrid, Track


def marks(line: LeaderboardRow) -> str:
    """The signs of a row that does not compete."""
    return (CONVERTED if line.converted else "") + (REFERENCE if line.reference else "")


def scores_beside(track: Track) -> list[str]:
    """The metrics shown beside the one that ranks: the usual ones, or those of the same benchmark, that have a value."""
    benchmark, dot, _ = track.metric.partition(".")
    usual = [name for name in track.lines[0].scores if name.startswith(f"{benchmark}.")] if dot else ["P", "R", "F", "MER"]
    return [
        name for name in usual if name != track.metric and any(line.scores.get(name) is not None for line in track.lines)
    ]


def overlap(robustness: Robustness) -> str:
    """Whether a matrix is of the pages of the run."""
    shared = "all" if robustness.shared == robustness.pages else robustness.shared or "none"
    return f"{plural(robustness.pages, 'page')}, {shared} of them in this run."


def change_sentence(changes: Changes) -> str:
    """What changed since the baseline, in a sentence or two."""
    before, now = changes.versions
    version = f"Version {before or 'unknown'} → {now or 'unknown'}. " if before != now else ""
    why = "; ".join(f"{reason} ({number})" for reason, number in changes.reasons.items())
    left_out = f" {plural(changes.incomparable, 'page')} cannot be compared: {why}." if changes.incomparable else ""
    if not changes.pages:
        return f"{version}No page can be compared with the baseline.{left_out}"
    if not changes.better + changes.worse + changes.newly_failing + changes.fixed:
        return f"{version}Nothing changed on {plural(changes.pages, 'page')}.{left_out}"
    interval = f" ({signed(changes.interval[0])} to {signed(changes.interval[1])})" if changes.interval else ""
    mean = f"{changes.metric} {signed(changes.difference, 4)}{interval}" if changes.difference is not None else "No score"
    counts = f"{changes.better} better, {changes.worse} worse, {changes.newly_failing} newly failing, {changes.fixed} fixed"
    return f"{version}{mean} over {plural(changes.pages, 'page')}: {counts}.{left_out}"


def band_names() -> tuple[str, ...]:
    """What the shares of `Tails` are shares of: pages without text, then bands of scores."""
    limits = ("0", *(f".{limit * 100:.0f}".rstrip("0") for limit in BANDS), "1")
    return ("no text", *(f"{low} – {high}" for low, high in pairwise(limits)))


def dose_names() -> tuple[str, ...]:
    """What the bins of doses are called."""
    limits = [f"{limit:g}".removeprefix("0") for limit in DOSES]
    return (f"to {limits[0]}", *(f"{low}–{high}" for low, high in pairwise(limits)), f"over {limits[-1]}")


def dose_name(point: DosePoint) -> str:
    """What the bin of a point is called."""
    return dose_names()[dose_bin(point)]


def dose_bin(point: DosePoint) -> int:
    """The number of a point's bin, from 0."""
    return DOSES.index(point.high) if point.high is not None else len(DOSES)


def worst_error(line: Resistance) -> str:
    """The error of authors that costs an extractor most."""
    if line.worst_hostile is None:
        return NONE
    change, operator = line.worst_hostile
    return "0" if change > -0.0005 else f"{signed(change)} {operator}"


def limit_of(track: Track, metric: str) -> str:
    """What stands beside a value of all pages of a track: how far the labellers of its sets agree. Empty for metrics other
    than F, and where no page has two labellers."""
    if metric != "F" or not track.limits:
        return ""
    if len(track.limits) == 1 and len(_group(track, "set").columns) == 1:
        return next(iter(track.limits.values()))
    return "; ".join(f"{name}: {text}" for name, text in track.limits.items())


def limits_of_columns(track: Track, grid: NumberGrid) -> tuple[str, ...]:
    """The same for each column of a grid of the track's metric."""
    is_f = track.metric == "F" and grid.title == "set"
    return tuple(track.limits.get(column, "") if is_f else "" for column in grid.columns)


def _group(track: Track, title: str) -> NumberGrid:
    return next(grid for grid in track.groups if grid.title == title)
