"""How well a survey's agreement, which takes no labels, tells what labels say: on labelled runs.

Usage: python -m benchmarks.survey TITLE=RUN...     (runs over labelled pages that computed F)

Prints, as Markdown for docs/survey.md: for each extractor the AUROC of its agreement for its pages with F < .5, the same of
the length of its output, the order of extractors by agreement against that by F, and how often F < .5 is by agreement.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import mean

from harness.analysis.survey.calibration import BOUNDS, failed_at
from harness.analysis.survey.survey import Survey, survey
from harness.report.kit import markdown
from harness.report.kit.numbers import NONE, number, share
from harness.runs.file import read_run
from harness.runs.record import Record
from harness.stats import kendall_tau

FAILED = 0.5
"""The F below which a page counts as failed."""
FEWEST = 5
"""Failed pages that an extractor must have for an AUROC of its own."""
Pages = Sequence[tuple[float, float]]
"""Of each page a value that should be small where F is small, and F."""


def auroc(pages: Pages) -> float | None:
    """How often a failed page has a smaller value than another one, ties half, in 0…1; None without pages of both kinds."""
    failed = [value for value, f in pages if f < FAILED]
    others = [value for value, f in pages if f >= FAILED]
    if not failed or not others:
        return None
    return mean((value < other) + (value == other) / 2 for value in failed for other in others)


def by_extractor(found: Survey, records: Mapping[tuple[str, str], Record], *, lengths: bool = False) -> dict[str, Pages]:
    """For each extractor that competes, its pages with agreement, or with the length of its output, and F."""
    pages: dict[str, list[tuple[float, float]]] = {row.extractor: [] for row in found.extractors if row.competes}
    for page in found.pages:
        for name, agreement in page.agreement.items():
            record = records[name, page.id]
            f = record.scores.get("F")
            if name in pages and f is not None:
                pages[name].append((record.characters if lengths else agreement, f))
    return {name: own for name, own in pages.items() if own}


def leaders(found: Survey) -> list[str]:
    """Extractors that compete, of clones the one that agrees best with the others."""
    taken: set[str] = set()
    chosen = []
    for row in found.extractors:
        if row.competes and row.extractor not in taken:
            chosen.append(row.extractor)
            taken |= {row.extractor, *row.clones}
    return chosen


def tau(pages: Mapping[str, Pages], names: Sequence[str]) -> float:
    """Kendall's tau of the order by mean agreement and that by mean F."""
    rows = [[mean(value for value, _ in pages[name]), mean(f for _, f in pages[name])] for name in names]
    return float(kendall_tau(rows)[0, 1])


def section(title: str, found: Survey, agreed: Mapping[str, Pages], lengths: Mapping[str, Pages]) -> Iterator[str]:
    """What agreement tells on one set of pages."""
    rows, known = [], []
    for name, pages in agreed.items():
        failed = sum(f < FAILED for _, f in pages)
        value, by_length = (auroc(pages), auroc(lengths[name])) if failed >= FEWEST else (None, None)
        known += [] if value is None else [value]
        expected = f"{sum(failed_at(agreement) for agreement, _ in pages):.0f}"
        means = [number(mean(one)) for one in zip(*pages)]
        rows.append([name, means[1], means[0], str(failed), expected, number(value), number(by_length)])
    own = leaders(found)
    pooled = [page for pages in agreed.values() for page in pages]
    yield from (markdown.heading(3, title), "")
    yield markdown.table(["extractor", "F", "agreement", "F < .5", "expected", "AUROC", "of the length"], rows)
    yield ""
    yield f"Mean AUROC {number(mean(known))}; {number(auroc(pooled))} over all pages of all extractors together."
    yield f"Kendall's tau of the two orders: {number(tau(agreed, list(agreed)))} over {len(agreed)} extractors,"
    yield f"{number(tau(agreed, own))} over the {len(own)} that are no clones."
    yield ""


def classes(sets: Mapping[str, Pages]) -> Iterator[str]:
    """How often F < .5 is by agreement, for each set of pages."""
    rows = []
    for low, high in pairwise((0.0, *BOUNDS, 1.0)):
        row = [f"{number(low)} to {number(high)}"]
        for pages in sets.values():
            inside = [f for value, f in pages if low <= value < high or value == high == 1]
            failed = sum(f < FAILED for f in inside)
            row += [str(len(inside)), *(_both(mean(inside), failed / len(inside)) if inside else (NONE, NONE))]
        rows.append(row)
    head = ["agreement", *(name for title in sets for name in (f"{title}: outputs", "mean F", "F < .5"))]
    yield from (markdown.heading(3, "F by agreement"), "", markdown.table(head, rows))


def _both(f: float, failed: float) -> tuple[str, str]:
    return number(f), share(failed)


def main() -> None:
    """Print what agreement tells of the labelled runs that are named."""
    sets = {}
    for title, _, name in (word.partition("=") for word in sys.argv[1:]):
        run = read_run(name, texts=False)
        found = survey(run)
        records = {(record.extractor, record.golden): record for record in run.records if record.repeat == 0}
        agreed, lengths = by_extractor(found, records), by_extractor(found, records, lengths=True)
        print("\n".join(section(title, found, agreed, lengths)))
        sets[title] = [page for pages in agreed.values() for page in pages]
    print("\n".join(classes(sets)))


if __name__ == "__main__":
    main()
