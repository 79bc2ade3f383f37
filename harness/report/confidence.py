"""What the confidence of extractors is worth, in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from harness.analysis.confidence import Confidence
from harness.common.wording import plural
from harness.report.kit.columns import Column, print_table
from harness.report.kit.numbers import number
from harness.stats.confidence import risk_at

COVERAGES = (0.5, 0.8, 1.0)
"""Shares of the pages, those with the highest confidence, whose mean score is printed."""


def print_confidence(found: Sequence[Confidence], title: str, console: Console) -> None:
    """Print a line for each extractor; the last columns are mean scores of the pages with the highest confidence.

    title: what pages these are.
    """
    columns = [
        Column("extractor", [one.extractor for one in found], justify="left"),
        Column("pages", [str(one.told) for one in found]),
        Column("confidence", [number(one.mean) for one in found]),
        Column("AUROC", [number(one.auroc) for one in found]),
        Column("ECE", [number(one.calibration_error) for one in found]),
        Column("AURC", [number(one.aurc) for one in found]),
    ]
    for coverage in COVERAGES:
        columns.append(Column(f"{found[0].metric} of {coverage:.0%}", [_score_at(one, coverage) for one in found]))
    print_table(columns, console, f"{title}, confidence against {found[0].metric}")
    for one in found:
        if one.told < one.pages:
            console.print(
                f"{one.extractor} gave none on {one.pages - one.told} of {plural(one.pages, 'page')}", markup=False
            )


def _score_at(one: Confidence, coverage: float) -> str:
    risk = risk_at(one.curve, coverage)
    return number(None if risk is None else 1 - risk)
