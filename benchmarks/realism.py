"""How like the web a set of goldens is: its pages beside those of two public benchmarks, and whether it ranks as they do.

    python benchmarks/realism.py [--sample N] [GOLDENS...]

GOLDENS are names as `harness run -g` takes them (default: web and web-heldout); together they are one set. HARNESS_DATASETS
names a folder with the datasets `aeb` and `wcxb`, without which only the set is measured. --sample takes so many pages of
each benchmark instead of all: all take about half an hour of two cores the first time. Only HTML pages count.

The extractors are those that the extra `extractors` installs, without an environment of their own.
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


def main(arguments: Sequence[str]) -> int:
    """Print the table, as Markdown. Exit code 2 for a set that cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("goldens", nargs="*", metavar="GOLDENS")
    parser.add_argument("--sample", type=int, metavar="N")
    options = parser.parse_args(arguments)
    names = options.goldens or ["web", "web-heldout"]
    columns = {" + ".join(names): measured(names, Choice())}
    folder = os.environ.get("HARNESS_DATASETS")
    for title, name in BENCHMARKS.items() if folder else ():
        columns[title] = measured([name.format(folder=folder)], Choice(sample=options.sample))
    print(table(columns))
    if not folder:
        print("\nWithout HARNESS_DATASETS, there is nothing to compare the set with.", file=sys.stderr)
    return 0


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


def table(columns: dict[str, Measured]) -> str:
    """The table: a row for each measure, a column for each set."""
    ours = next(iter(columns.values()))
    rows = [
        ["HTML pages / sites / languages", *(f"{len(c.pages):,} / {c.sites:,} / {c.languages}" for c in columns.values())],
        *(
            [
                title,
                *(_spread([value for page in c.pages if (value := of(page)) is not None], form) for c in columns.values()),
            ]
            for title, of, form in _MEASURES
        ),
        ["detectable difference, six competitors (median)", *(number(c.detectable) for c in columns.values())],
        [
            f"Kendall tau with the first, {len(ours.means)} extractors",
            *("–" if c is ours else f"{tau(ours, c):.2f}" for c in columns.values()),
        ],
    ]
    numbers: list[markdown.Justify] = ["right"] * len(columns)
    return markdown.table(["", *columns], rows, ["left", *numbers])


_MEASURES: tuple[tuple[str, Callable[[PageMeasures], float | None], str], ...] = (
    ("kB a page", lambda page: page.kilobytes, ",.0f"),
    ("elements", lambda page: page.elements, ",.0f"),
    ("words", lambda page: page.words, ",.0f"),
    ("share to keep", lambda page: page.kept, ".2f"),
    ("words in links", lambda page: page.in_links, ".2f"),
    ("script and style share of bytes", lambda page: page.code, ".2f"),
)


def _spread(values: Sequence[float], form: str) -> str:
    """The median with the tenth and the ninetieth percentile."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return f"{middle:{form}} ({low:{form}}–{high:{form}})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
