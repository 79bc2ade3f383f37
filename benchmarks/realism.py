"""How like the web a set of goldens is: its pages beside those of two public benchmarks, and whether it ranks as they do.

    python -m benchmarks.realism [--sample N] [GOLDENS...]

GOLDENS are names as `harness run -g` takes them (default: web and web-heldout); together they are one set. HARNESS_DATASETS
names a folder with the datasets `aeb` and `wcxb`, without which only the set is measured. --sample takes so many pages of
each benchmark instead of all: all take about half an hour of two cores the first time. Only HTML pages count. Of sizes, the
table has the median, and the tenth and the ninetieth percentile in brackets.

The extractors are those that the extra `extractors` installs, without an environment of their own. Exit code 1 if a goal is
missed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import fmean, median

import numpy as np

import harness
from goldens.builder.measures import PageMeasures, measure
from harness.analysis.compare import compare
from harness.datasets.choice import Choice
from harness.datasets.entries import find_entries, load_each
from harness.goldens.reader import Mistake
from harness.goldens.sets import dumps_from
from harness.pages.limits import Unreadable
from harness.report.kit import markdown
from harness.report.kit.numbers import number
from harness.runs.record import Run
from harness.stats import kendall_tau

EXTRACTORS = (
    "trafilatura",
    "trafilatura/precision",
    "trafilatura/recall",
    "trafilatura/fast",
    "trafilatura_baseline",
    "readability_lxml",
    "resiliparse",
    "resiliparse/comments",
    "justext",
    "justext/english",
    "justext/language_independent",
    "boilerpy3",
    "boilerpy3/article_sentences",
    "boilerpy3/canola",
    "boilerpy3/default",
    "boilerpy3/largest_content",
    "boilerpy3/num_words_rules",
    "html_text",
)
"""The extractors whose order is compared."""
COMPETITORS = ("trafilatura", "trafilatura_baseline", "readability_lxml", "resiliparse", "justext", "boilerpy3")
"""Those whose differences must be told apart."""
BENCHMARKS = {"AEB": "aeb:{folder}/aeb", "WCXB dev": "wcxb:{folder}/wcxb"}
"""Public benchmarks, as the table names them and `-g` takes them."""
TAU = {"AEB": 0.60, "WCXB dev": 0.85}
"""Goals: Kendall's tau with the order that a benchmark puts the extractors in."""
DETECTABLE = 0.06
"""Goal: the difference in F that the set must show, at most."""


@dataclass(frozen=True)
class Measured:
    """A set of pages with everything that the table says of it."""

    pages: list[PageMeasures]
    """The measures of each page."""
    sites: int
    """The number of sites."""
    languages: int
    """The number of languages, without regions."""
    detectable: float | None
    """The median, over the pairs of COMPETITORS, of the true difference in F that such pages would show; None if there is
    none."""
    means: dict[str, float]
    """The mean F of each extractor."""


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    title: str
    """What is measured."""
    goal: str
    """What it should be."""
    cells: list[str]
    """The value of each set."""
    met: bool | None
    """Whether the first set reaches the goal; None if that cannot be told."""


def main(arguments: Sequence[str]) -> int:
    """Print the table, as Markdown. Exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goldens", nargs="*", metavar="GOLDENS")
    parser.add_argument("--sample", type=int, metavar="N")
    options = parser.parse_args(arguments)
    names = options.goldens or ["web", "web-heldout"]
    columns = {" + ".join(names): measured(names, Choice())}
    folder = os.environ.get("HARNESS_DATASETS")
    for title, name in BENCHMARKS.items() if folder else ():
        columns[title] = measured([name.format(folder=folder)], Choice(sample=options.sample))
    found = rows(columns)
    print(table(found, list(columns)))
    if options.sample and folder:
        print(f"\nDifferences and orders of the benchmarks are those of {options.sample} pages of each.")
    if not folder:
        print("\nWithout HARNESS_DATASETS, there is nothing to compare the set with.", file=sys.stderr)
    return 1 if any(row.met is False for row in found) else 0


def measured(names: Sequence[str], choice: Choice) -> Measured:
    """A set with its measures and a run of the extractors over it. Raises Impossible for names that select nothing."""
    found = find_entries(names, dumps_from([]))
    skipped: list[Mistake] = list(found.mistakes)
    pages: dict[str, PageMeasures] = {}
    sites, languages = set(), set()
    for golden in load_each(choice.of(found.entries), skipped.append):
        if golden.page.media != "text/html":
            continue
        try:
            pages[golden.id] = measure(golden)
        except Unreadable as error:
            skipped.append(Mistake(Path(golden.id), 0, "", str(error)))
            continue
        sites.add(golden.site)
        languages.add(golden.lang.partition("-")[0])
    for mistake in skipped:
        print(f"not measured: {mistake}", file=sys.stderr)
    run = harness.run(names, EXTRACTORS, metrics="F", choice=choice)
    return Measured([*pages.values()], len(sites), len(languages), detectable(run), mean_f(run, pages))


def mean_f(run: Run, ids: Container[str]) -> dict[str, float]:
    """The mean F of each extractor over these goldens of a run."""
    scores: dict[str, list[float]] = {}
    for record in run.records:
        f = record.scores.get("F")
        if f is not None and record.golden in ids:
            scores.setdefault(record.extractor, []).append(f)
    return {name: fmean(values) for name, values in scores.items()}


def detectable(run: Run) -> float | None:
    """The median over the pairs of competitors of the difference that a run's pages would show; None if there is none."""
    pairs = list(combinations(COMPETITORS, 2))
    tracks = [compared.tracks.get("text/html") for compared in compare(run, run, pairs, "F")]
    known = [track.whole.detectable for track in tracks if track and track.whole.detectable is not None]
    return median(known) if known else None


def tau(first: Measured, second: Measured) -> float:
    """Kendall's tau between the orders that two sets put the extractors in."""
    names = sorted(first.means.keys() & second.means.keys())
    return float(kendall_tau([(first.means[name], second.means[name]) for name in names])[0, 1])


def rows(columns: dict[str, Measured]) -> list[Row]:
    """The rows of the table. columns: the set that has the goals, then those it is compared with, by their titles."""
    ours = next(iter(columns.values()))
    return [
        *(_count(title, goal, of, columns) for title, goal, of in _COUNTS),
        *(_size(size, columns) for size in _SIZES),
        Row(
            "detectable difference, six competitors (median)",
            f"≤ {DETECTABLE:.2f}",
            [number(column.detectable) for column in columns.values()],
            None if ours.detectable is None else ours.detectable <= DETECTABLE,
        ),
        *(_tau(title, goal, columns) for title, goal in TAU.items()),
    ]


def table(found: Sequence[Row], titles: Sequence[str]) -> str:
    """The table as Markdown, with a column for each set."""
    said = {True: "met", False: "missed", None: "–"}
    lines = [[row.title, row.goal, said[row.met], *row.cells] for row in found]
    numbers: list[markdown.Justify] = ["right"] * len(titles)
    return markdown.table(["", "goal", "", *titles], lines, ["left", "left", "left", *numbers])


def _count(title: str, goal: int, of: Callable[[Measured], int], columns: dict[str, Measured]) -> Row:
    counts = [of(column) for column in columns.values()]
    return Row(title, f"≥ {goal}", [f"{count:,}" for count in counts], counts[0] >= goal)


def _size(size: Size, columns: dict[str, Measured]) -> Row:
    ours, *others = (Spread.of([v for page in c.pages if (v := size.of(page)) is not None]) for c in columns.values())
    goal, met = size.goal(ours, others)
    form = size.form
    cells = [f"{one.middle:{form}} ({one.low:{form}}–{one.high:{form}})" for one in (ours, *others)]
    return Row(size.title, goal, cells, met)


def _tau(title: str, goal: float, columns: dict[str, Measured]) -> Row:
    ours = next(iter(columns.values()))
    name = f"Kendall tau with {title}, {len(ours.means)} extractors"
    others = ["–"] * (len(columns) - 1)
    if title not in columns:
        return Row(name, f"≥ {goal:.2f}", ["–", *others], None)
    found = tau(ours, columns[title])
    return Row(name, f"≥ {goal:.2f}", [f"{found:.2f}", *others], found >= goal)


@dataclass(frozen=True)
class Spread:
    """The sizes of many pages."""

    low: float
    """The tenth percentile."""
    middle: float
    """The median."""
    high: float
    """The ninetieth percentile."""

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """That of some values."""
        return cls(*map(float, np.quantile(values, [0.1, 0.5, 0.9])))


@dataclass(frozen=True)
class Size:
    """Something that is measured of each page."""

    title: str
    """Its name."""
    of: Callable[[PageMeasures], float | None]
    """Its value of a page; None where it has none."""
    form: str
    """How numbers of it are written."""
    goal: Callable[[Spread, Sequence[Spread]], tuple[str, bool | None]]
    """What it should be, and whether it is: of the set's sizes, and those of the benchmarks."""


def _large(ours: Spread, others: Sequence[Spread]) -> tuple[str, bool | None]:
    return "median ≥ 60, p90 ≥ 180", ours.middle >= 60 and ours.high >= 180


def _as_there(ours: Spread, others: Sequence[Spread]) -> tuple[str, bool | None]:
    return "median in each benchmark's p10–p90", all(o.low <= ours.middle <= o.high for o in others) if others else None


def _between(low: float, high: float) -> Callable[[Spread, Sequence[Spread]], tuple[str, bool | None]]:
    return lambda ours, others: (f"median {low:.2f}–{high:.2f}", low <= ours.middle <= high)


_COUNTS: tuple[tuple[str, int, Callable[[Measured], int]], ...] = (
    ("HTML pages", 200, lambda column: len(column.pages)),
    ("sites", 80, lambda column: column.sites),
    ("languages", 20, lambda column: column.languages),
)
_SIZES = (
    Size("kB a page", lambda page: page.kilobytes, ",.0f", _large),
    Size("elements", lambda page: page.elements, ",.0f", _as_there),
    Size("words", lambda page: page.words, ",.0f", _as_there),
    Size("share to keep", lambda page: page.kept, ".2f", _as_there),
    Size("words in links", lambda page: page.in_links, ".2f", _between(0.15, 0.30)),
    Size("script and style share of bytes", lambda page: page.code, ".2f", _between(0.10, 0.40)),
)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
