"""Statistics of a matrix: what each operator does to each extractor, over pages and by site (docs/fuzzing.md).

Every figure is of pairs: the same page with and without the change. Layouts by hostile authors and limits are listed and are
in no mean over operators.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from harness.fuzz.base import Nature
from harness.fuzz.catalogue import all_operators, code_order
from harness.fuzz.measure.matrix import MatrixCell
from harness.stats import Estimate, Interval, estimates, resampled_means, sites_of, wilson_by_site

FAILING_CHANGE = -0.05
"""A page counts as failing under an operator if F drops by more than this."""

# How often a layout of that kind meets a reader: the share of 400 articles of the Web Content Extraction Benchmark (its
# development split) with the word in a class or id, or with the element, on the path from the body to the main content.
CLASSES: Mapping[str, float] = {
    "sidebar": 0.068,
    "widget": 0.065,
    "hidden": 0.042,
    "hidden-xs": 0.042,
    "header": 0.035,
    "newsletter": 0.032,
    "nav": 0.018,
    "menu": 0.018,
    "banner": 0.012,
    "meta": 0.012,
    "author": 0.010,
    "promo": 0.008,
    "hero": 0.008,
    "related": 0.002,
    "share": 0.002,
    "footer": 0.002,
    "social": 0.002,
}
ELEMENTS: Mapping[str, float] = {"header": 0.035, "nav": 0.008, "aside": 0.005, "table": 0.005}


@dataclass(frozen=True)
class OperatorRow:
    """What one operator does to one extractor, over all pages that it applies to."""

    extractor: str
    """The extractor's name."""

    operator: str
    """The operator as Python."""

    label: str
    """The operator for people."""

    code: str
    """The operator's code."""

    nature: Nature
    """The operator's nature."""

    pages: int
    """How many pages it applies to."""

    before: float
    """The mean F without the change."""

    change: Estimate
    """The mean change of F."""

    failing: float
    """The share of pages where F drops by more than 0.05."""

    failing_interval: Interval | None
    """The interval of that share, None where it has none."""

    lost: float
    """The share of pages whose recall drops by more than a half."""

    leaked: float | None
    """The mean share of the inserted grams that comes out, None where nothing is inserted."""

    leaking: float | None
    """The share of pages where more than half of the inserted grams come out, None where nothing is inserted."""

    changed: float
    """The share of pages with another output."""

    dose: float
    """The mean of inserted grams for each gram of the main content."""

    retention: float
    """The mean change of the share of the main content's grams that come out."""

    largest_drop: tuple[float, str]
    """The change of F on the page with the largest drop, and the id of that page."""

    failures: Mapping[str, int]
    """Numbers of pages by kind of failure."""

    outcomes: Mapping[str, int]
    """Numbers of pages by outcome."""


@dataclass(frozen=True)
class Reliance:
    """What F loses to boilerplate in neutral markup beyond what it loses in telling markup, on the same pages."""

    extractor: str
    """The extractor's name."""

    telling: str
    """The operator with telling markup, as Python."""

    neutral: str
    """The operator with neutral markup, as Python."""

    label: str
    """The operator with neutral markup, for people."""

    value: Estimate
    """The mean loss."""


@dataclass(frozen=True)
class ExtractorTotal:
    """One extractor over all operators of a nature; each operator counts the same."""

    extractor: str
    """The extractor's name."""

    noise_change: Estimate | None
    """The mean change of F under natural noise, None where no such operator ran."""

    violation_rate: float | None
    """The share of outputs that change where they must not, None where no such operator ran."""

    worst_operators: Mapping[Nature, OperatorRow]
    """By nature, the row with the largest mean drop."""

    expected_change: float | None
    """What errors of authors cost on a page of the web, as far as their frequency is known; None where none of those ran."""


def rows_of(cells: Sequence[MatrixCell]) -> list[OperatorRow]:
    """A row for each operator and extractor, by code of the operator, then in the order of the cells."""
    groups: dict[tuple[str, str], list[MatrixCell]] = {}
    for cell in cells:
        groups.setdefault((cell.operator, cell.extractor), []).append(cell)
    found = [_row(own) for own in groups.values()]
    return sorted(found, key=lambda row: code_order(row.code))


def totals_of(cells: Sequence[MatrixCell], rows: Sequence[OperatorRow]) -> list[ExtractorTotal]:
    """A total for each extractor, the most robust first."""
    by_extractor: dict[str, list[OperatorRow]] = {}
    for row in rows:
        by_extractor.setdefault(row.extractor, []).append(row)
    found = [_total(name, own, [cell for cell in cells if cell.extractor == name]) for name, own in by_extractor.items()]
    return sorted(found, key=_robust_first)


def _robust_first(total: ExtractorTotal) -> tuple[float, str]:
    return -(total.noise_change.value or 0.0) if total.noise_change else 0.0, total.extractor


def reliances_of(cells: Sequence[MatrixCell]) -> list[Reliance]:
    """For each pair of operators that differ in their markup only: how much the extractor leans on it."""
    groups: dict[tuple[str, str], dict[str, MatrixCell]] = {}
    for cell in cells:
        groups.setdefault((cell.extractor, cell.operator), {})[cell.golden] = cell
    found = []
    for (extractor, neutral), own in groups.items():
        telling = _telling(neutral)
        other = groups.get((extractor, telling)) if telling else None
        if telling is None or not other:
            continue
        pairs = [(other[golden], cell) for golden, cell in own.items() if golden in other]
        if pairs:
            values = [told.change - cell.change for told, cell in pairs]
            label = pairs[0][1].label
            found.append(Reliance(extractor, telling, neutral, label, _estimate([cell for _, cell in pairs], values)))
    return found


def _telling(neutral: str) -> str | None:
    """The operator with the same boilerplate in telling markup, None for an operator that is not of neutral markup."""
    if "neutral=True" in neutral:
        return neutral.replace("neutral=True", "neutral=False")
    if neutral.startswith("RelatedStories("):
        return f"Labelled{neutral[:-1]}, class_='related-articles')"
    return None


def _row(own: Sequence[MatrixCell]) -> OperatorRow:
    first = own[0]
    changes = [cell.change for cell in own]
    failing = [float(change < FAILING_CHANGE) for change in changes]
    leaks = [cell.leaked for cell in own if cell.leaked is not None]
    worst = min(own, key=lambda cell: (cell.change, cell.golden))
    return OperatorRow(
        extractor=first.extractor,
        operator=first.operator,
        label=first.label,
        code=first.code,
        nature=first.nature,
        pages=len(own),
        before=_mean(cell.before_f for cell in own),
        change=_estimate(own, changes),
        failing=_mean(failing),
        failing_interval=wilson_by_site(failing, sites_of([cell.site for cell in own], [cell.set for cell in own])),
        lost=_mean(cell.lost for cell in own),
        leaked=_mean(leaks) if leaks else None,
        leaking=_mean(leak > 0.5 for leak in leaks) if leaks else None,
        changed=_mean(cell.changed for cell in own),
        dose=_mean(cell.dose for cell in own),
        retention=_mean(cell.retention for cell in own),
        largest_drop=(worst.change, worst.golden),
        failures=dict(sorted(Counter(cell.kind for cell in own if cell.kind).items())),
        outcomes=dict(sorted(Counter(cell.outcome for cell in own).items())),
    )


def _total(extractor: str, rows: Sequence[OperatorRow], cells: Sequence[MatrixCell]) -> ExtractorTotal:
    noise = [row for row in rows if row.nature == "noise"]
    invariant = {operator.code for operator in all_operators() if "invariant" in operator.relations}
    same = [row for row in rows if row.nature == "same" and row.code in invariant]
    worst: dict[Nature, OperatorRow] = {}
    for row in rows:
        known = worst.get(row.nature)
        if known is None or (row.change.value or 0.0) < (known.change.value or 0.0):
            worst[row.nature] = row
    weighted = [(share, row) for row in rows if row.nature == "hostile" if (share := _frequency(row.operator)) is not None]
    return ExtractorTotal(
        extractor=extractor,
        noise_change=_noise_change(noise, [cell for cell in cells if cell.nature == "noise"]) if noise else None,
        violation_rate=_mean(row.changed for row in same) if same else None,
        worst_operators=worst,
        expected_change=sum(share * (row.change.value or 0.0) for share, row in weighted) if weighted else None,
    )


def _noise_change(rows: Sequence[OperatorRow], cells: Sequence[MatrixCell]) -> Estimate:
    """The mean over operators of their means over pages, resampled by site with all operators together."""
    weight = {row.operator: 1 / (row.pages * len(rows)) for row in rows}
    pages: dict[str, list[float]] = {}
    sites: dict[str, MatrixCell] = {}
    for cell in cells:
        pages.setdefault(cell.golden, []).append(weight[cell.operator] * cell.change)
        sites[cell.golden] = cell
    # A page's terms add up to its share of the figure; times the number of pages, their mean is the figure.
    return _estimate([sites[golden] for golden in pages], [len(pages) * sum(terms) for terms in pages.values()])


def _frequency(operator: str) -> float | None:
    """How often pages have the class or the element that an operator brings, None where that is not known."""
    for part in operator.partition("(")[2].rstrip(")").split(", "):
        key, _, value = part.partition("=")
        known = {"word": CLASSES, "tag": ELEMENTS}.get(key, {})
        if value.strip("'") in known:
            return known[value.strip("'")]
    return None


def _estimate(cells: Sequence[MatrixCell], values: Sequence[float]) -> Estimate:
    sites = sites_of([cell.site for cell in cells], [cell.set for cell in cells])
    (found,) = estimates(resampled_means(np.array(values)[:, None], sites, resamples=_RESAMPLES))
    return found


def _mean(values: Iterable[float]) -> float:
    every = list(values)
    return sum(every) / len(every)


_RESAMPLES = 2_000  # several hundred rows; the third digit of an interval is of no use here
