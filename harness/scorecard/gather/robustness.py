"""What a matrix of `harness fuzz` says of the extractors of a run: heat maps, doses of related stories, tails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import get_args

import numpy as np

from harness.fuzz.catalogue import operators_of
from harness.fuzz.measure.matrix import MatrixCell
from harness.fuzz.measure.robustness import ExtractorTotal, OperatorRow, rows_of, totals_of
from harness.pages.page import Media
from harness.report.fuzzing import NATURES
from harness.report.leaderboard import TRACKS
from harness.runs.record import Run
from harness.scorecard.gather.board import interval_of, join_names
from harness.scorecard.gather.matrix_file import Matrix
from harness.scorecard.values.robustness import (
    DOSES,
    LOSSES,
    DoseCurve,
    DosePoint,
    Heat,
    HeatRow,
    LossTail,
    Resistance,
    Robustness,
    RobustTrack,
    WorstPair,
)
from harness.stats import estimates, resampled_means, sites_of

_WORST = 5  # operators that are listed for an extractor
_ROUNDING = 1e-9  # a loss of .05 is one whatever F it is lost from


def robustness(matrix: Matrix, run: Run, names: Sequence[str]) -> Robustness:
    """What is shown of a matrix that has cells of one of these extractors at least, in their order."""
    own = [cell for cell in matrix.cells if cell.extractor in names]
    pages = {cell.golden for cell in own}
    return Robustness(
        warnings=tuple(_warnings(matrix, run, names)),
        pages=len(pages),
        shared=len(pages & {record.golden for record in run.records}),
        tracks=tuple(_tracks(own, names)),
    )


def _warnings(matrix: Matrix, run: Run, names: Sequence[str]) -> Iterator[str]:
    measured = {cell.extractor for cell in matrix.cells}
    if missing := [name for name in names if name not in measured]:
        yield f"Not in the matrix: {join_names(missing, len(missing))}."
    for name in names:
        version, own = matrix.versions.get(name), run.versions.get(name)
        if name in measured and version and own and version != own:
            yield f"The matrix is of {name} {version}, the run of {own}."


def _tracks(cells: Sequence[MatrixCell], names: Sequence[str]) -> Iterator[RobustTrack]:
    for media in get_args(Media):
        codes = {operator.code for operator in operators_of(media)}
        if own := [cell for cell in cells if cell.code in codes]:
            yield _track(TRACKS[media], own, [name for name in names if any(cell.extractor == name for cell in own)])


def _track(name: str, cells: Sequence[MatrixCell], names: Sequence[str]) -> RobustTrack:
    rows = rows_of(cells)
    totals = {total.extractor: total for total in totals_of(cells, rows)}
    of = {name: [cell for cell in cells if cell.extractor == name] for name in names}
    tails = (_tail(name, [cell for cell in of[name] if cell.nature == "noise"]) for name in names)
    return RobustTrack(
        name=name,
        pages=len({cell.golden for cell in cells}),
        sites=len({(cell.set, cell.site) for cell in cells}),
        resistances=tuple(_resistance(totals[name]) for name in names),
        heats=tuple(_heats(rows, names)),
        doses=tuple(curve for markup in ("neutral", "telling") for name in names for curve in _curve(of[name], markup)),
        tails=tuple(tail for tail in tails if tail.pairs),
        worst_pairs=tuple(pair for name in names for pair in _worst_pairs(of[name])),
    )


def _resistance(total: ExtractorTotal) -> Resistance:
    worst = total.worst_operators.get("hostile")
    return Resistance(
        extractor=total.extractor,
        noise_change=total.noise_change.value if total.noise_change else None,
        interval=interval_of(total.noise_change) if total.noise_change else None,
        violation_rate=total.violation_rate,
        expected_change=total.expected_change,
        worst_hostile=(worst.change.value, worst.label) if worst and worst.change.value is not None else None,
    )


def _heats(rows: Sequence[OperatorRow], names: Sequence[str]) -> Iterator[Heat]:
    for nature in NATURES:
        by_operator: dict[str, dict[str, OperatorRow]] = {}
        for row in rows:
            if row.nature == nature:
                by_operator.setdefault(row.operator, {})[row.extractor] = row
        heat = [_heat_row(own, names) for own in by_operator.values()]
        if heat:
            yield Heat(nature, tuple(sorted(heat, key=lambda row: min(c for c in row.changes if c is not None))))


def _heat_row(own: Mapping[str, OperatorRow], names: Sequence[str]) -> HeatRow:
    first = next(iter(own.values()))
    return HeatRow(
        operator=first.operator,
        label=first.label,
        pages=max(row.pages for row in own.values()),
        changes=tuple(own[name].change.value if name in own else None for name in names),
    )


def _markup(operator: str) -> str | None:
    """Whether an operator inserts related stories behind the main content in neutral or in telling markup; else None."""
    if operator.startswith("RelatedStories("):
        return "neutral"
    if operator.startswith("LabelledRelatedStories("):
        return "telling"
    if operator.startswith("AddRelated(") and "slot='end', collapsed=False" in operator:
        return "neutral" if "neutral=True" in operator else "telling"
    return None


def _curve(cells: Sequence[MatrixCell], markup: str) -> Iterator[DoseCurve]:
    own = [cell for cell in cells if _markup(cell.operator) == markup]
    if not own:
        return
    bins = np.searchsorted(DOSES, [cell.dose for cell in own], side="left")
    columns = np.where(bins[:, None] == np.arange(len(DOSES) + 1), np.array([cell.change for cell in own])[:, None], np.nan)
    changes = estimates(resampled_means(columns, sites_of([cell.site for cell in own], [cell.set for cell in own])))
    points = []
    for number, (change, low) in enumerate(zip(changes, (0.0, *DOSES))):
        inside = [cell for cell, place in zip(own, bins) if place == number]
        if change.value is None:
            continue
        leaks = [cell.leaked for cell in inside if cell.leaked is not None]
        points.append(
            DosePoint(
                low=low,
                high=DOSES[number] if number < len(DOSES) else None,
                pages=len({cell.golden for cell in inside}),
                pairs=len(inside),
                change=change.value,
                interval=interval_of(change),
                leaked=sum(leaks) / len(leaks) if leaks else None,
            )
        )
    yield DoseCurve(own[0].extractor, markup, tuple(points))


def _tail(name: str, cells: Sequence[MatrixCell]) -> LossTail:
    losses = np.array([-cell.change for cell in cells])
    shares = [float(np.mean(losses > limit + _ROUNDING)) for limit in LOSSES] if cells else []
    return LossTail(name, len(cells), tuple(shares))


def _worst_pairs(cells: Sequence[MatrixCell]) -> Iterator[WorstPair]:
    """The page on which each operator of noise costs most, for the worst of them; an operator is one whatever its fields."""
    noise = sorted((cell for cell in cells if cell.nature == "noise" and cell.change < 0), key=lambda cell: cell.code)
    worst = [min(own, key=lambda cell: (cell.change, cell.golden)) for _, own in groupby(noise, key=lambda cell: cell.code)]
    for cell in sorted(worst, key=lambda cell: (cell.change, cell.golden))[:_WORST]:
        yield WorstPair(cell.extractor, cell.label, cell.golden, cell.before_f, cell.after_f)
