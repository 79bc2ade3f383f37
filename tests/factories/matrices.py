"""Matrices of layouts, and scorecards that show them."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from factories.cells import cell
from factories.records import record, run_of
from factories.scorecards import NOT_HERE
from harness.fuzz.measure.matrix import MatrixCell
from harness.report.fuzzing import MATRIX_FORMAT
from harness.runs.record import Run
from harness.scorecard.gather.build import scorecard
from harness.scorecard.gather.matrix_file import Matrix
from harness.scorecard.gather.robustness import robustness
from harness.scorecard.values.card import Scorecard
from harness.scorecard.values.robustness import RobustTrack

NEUTRAL, TELLING = "RelatedStories(count=3, slot='after')", "LabelledRelatedStories(count=3, slot='after', class_='x')"


def matrix_of(cells: Iterable[MatrixCell], **versions: str | None) -> Matrix:
    return Matrix("1.0", "0" * 64, versions, tuple(cells))


def run_with(*names: str, **versions: str | None) -> Run:
    return run_of(*(record(name, f"set/{n:02}", 0.9) for name in names for n in range(3)), versions=versions)


def track_of(cells: Iterable[MatrixCell], *names: str) -> RobustTrack:
    names = names or ("a",)
    (track,) = robustness(matrix_of(cells), run_with(*names), names).tracks
    return track


def robust_card(cells: Iterable[MatrixCell], *names: str) -> Scorecard:
    return scorecard(run_with(*names), lambda id: NOT_HERE, matrix=matrix_of(cells))


def written(path: Path, cells: Iterable[MatrixCell], **other: object) -> Path:
    content = {"matrix": MATRIX_FORMAT, "harness": "1.0", "cells": list(map(asdict, cells)), **other}
    path.write_text(json.dumps(content))
    return path


def related(extractor: str, change: float, **other: object) -> list[MatrixCell]:
    """Twenty-four pages in two bins of doses, neutral and telling."""
    return [
        cell(operator, change, f"set/{n:02}", extractor, dose=1.5 + 1.5 * (n % 2), leaked=0.5, **other)
        for operator in (NEUTRAL, TELLING)
        for n in range(24)
    ]
