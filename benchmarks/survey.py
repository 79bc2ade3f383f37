"""How well a survey's agreement, which takes no labels, tells what labels say: on labelled runs.

Usage: python -m benchmarks.survey TITLE=RUN...     (runs over labelled pages that computed F)

Prints, as Markdown for docs/survey.md: for each extractor the AUROC of its agreement for its pages with F < .5, the same of
the length of its output, the order of extractors by agreement against that by F, what extractors bring together by F and by
the words of the labels, how much of what repeats over pages of a site labels keep, and how often F < .5 is by agreement.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from statistics import mean

from harness.analysis.survey.calibration import BOUNDS, failed_at
from harness.analysis.survey.repeats import PAGES
from harness.analysis.survey.repeats import RUN as REPEATED
from harness.analysis.survey.returned import RUN
from harness.analysis.survey.survey import Survey, survey
from harness.datasets.entries import find_entries
from harness.goldens.sets import dumps_from
from harness.pages.words import words
from harness.report.kit import markdown
from harness.report.kit.numbers import NONE, number, share
from harness.runs.find import read_run
from harness.runs.record import Record, Run
from harness.stats import kendall_tau

FAILED = 0.5
"""The F below which a page counts as failed."""
FEWEST = 5
"""Failed pages that an extractor must have for an AUROC of its own."""
CLEAR = 0.05
"""A difference of mean F from which on the order of two extractors counts."""
SETS = 3
"""Sets of each size that are printed."""

Records = Mapping[tuple[str, str], Record]
"""By extractor and page."""
Words = frozenset[tuple[str, ...]]
"""Runs of words."""
Pages = Sequence[tuple[float, float]]
"""Of each page a value that should be small where F is small, and F."""


def auroc(pages: Pages) -> float | None:
    """How often a failed page has a smaller value than another one, ties half, in 0…1; None without pages of both kinds."""
    failed = [value for value, f in pages if f < FAILED]
    others = [value for value, f in pages if f >= FAILED]
    if not failed or not others:
        return None
    return mean((value < other) + (value == other) / 2 for value in failed for other in others)


def by_extractor(found: Survey, records: Records, *, lengths: bool = False) -> dict[str, Pages]:
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


def in_order(pages: Mapping[str, Pages]) -> tuple[int, int]:
    """Of pairs of extractors whose F differs clearly, how many are in the same order by agreement; and all of these."""
    means = [(mean(value for value, _ in own), mean(f for _, f in own)) for own in pages.values()]
    clear = [(a, b) for a, b in combinations(means, 2) if abs(a[1] - b[1]) >= CLEAR]
    return sum((a[0] - b[0]) * (a[1] - b[1]) > 0 for a, b in clear), len(clear)


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
    average = number(mean(known) if known else None)
    yield f"Mean AUROC {average}; {number(auroc(pooled))} over all pages of all extractors together."
    yield f"Kendall's tau of the two orders: {number(tau(agreed, list(agreed)))} over {len(agreed)} extractors,"
    yield f"{number(tau(agreed, own))} over the {len(own)} that are no clones."
    alike, pairs = in_order(agreed)
    yield f"Of {pairs} pairs whose F differs by {number(CLEAR)} or more, {alike} are in the same order."
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


def together(found: Survey, records: Records, main: Mapping[str, Words]) -> Iterator[str]:
    """What extractors bring together by a survey and by labels. main: the runs of words of main contents, by page."""
    has = {key: runs(words(record.text), RUN) for key, record in records.items() if key[1] in main}
    total = sum(map(len, main.values()))
    rows = []
    for size in (1, 2, 3):
        for one in [one for one in found.combined if len(one.extractors) == size][:SETS]:
            best = mean(max(f_of(records, name, page) for name in one.extractors) for page in main)
            covered = sum(
                len(main[page] & frozenset().union(*(has[name, page] for name in one.extractors))) for page in main
            )
            row = [" + ".join(one.extractors), number(one.oracle), number(best)]
            rows.append([*row, share(one.covered, 1), share(covered / total, 1)])
    own = leaders(found)
    pages = [page for page in found.pages if page.id in main and page.agreement]
    by_agreement = mean(
        f_of(records, max((name for name in own if name in page.agreement), key=page.agreement.__getitem__), page.id)
        for page in pages
    )
    every = mean(max(f_of(records, name, page) for name in own) for page in main)
    head = ["extractors", "oracle by agreement", "oracle by F", "covers of the confirmed", "covers of the main content"]
    yield markdown.table(head, rows)
    yield ""
    yield f"Oracle of all: {number(every)}. F of the one that agrees best, page by page: {number(by_agreement)}."
    yield ""


def _union(has: Mapping[tuple[str, str], Words], names: Sequence[str], page: str) -> Words:
    return frozenset[tuple[str, ...]]().union(*(has[name, page] for name in names))


def f_of(records: Records, name: str, page: str) -> float:
    """The F of an extractor on a page."""
    return records[name, page].scores["F"] or 0.0


def repeated(found: Survey, records: Records, main: Mapping[str, Words]) -> Iterator[str]:
    """How much of what repeats over pages of a site the labels keep; nothing without sites of several pages."""
    sites: dict[str, list[str]] = {}
    for known in found.pages:
        if known.id in main:
            sites.setdefault(known.site, []).append(known.id)
    all_words = all_kept = found_words = 0
    for row in found.extractors:
        for pages in sites.values():
            outputs = {page: words(records[row.extractor, page].text) for page in pages if row.competes}
            distinct = {page: output for page, output in outputs.items() if output}
            seen = Counter(run for output in distinct.values() for run in runs(output, REPEATED))
            for page, output in distinct.items() if len(distinct) >= PAGES else ():
                again = {run for run in runs(output, REPEATED) if seen[run] >= PAGES}
                found_words += len(again)
                all_kept += len(again & main[page])
                all_words += len(runs(output, REPEATED))
    if all_words:
        kept = share(all_kept / found_words, 1) if found_words else NONE
        yield f"Of sequences of {REPEATED} words, {share(found_words / all_words, 1)} repeat over pages of a site;"
        yield f"labels keep {kept} of these."
        yield ""


def runs(found: Sequence[str], size: int) -> Words:
    """The different runs of so many words."""
    return frozenset(tuple(found[start : start + size]) for start in range(len(found) - size + 1))


def main_contents(run: Run, size: int) -> dict[str, Words]:
    """The runs of words of the main content of each page of a run."""
    request = run.header.request
    entries = find_entries(request.goldens, dumps_from(request.dumps)).entries
    goldens = (entry.load() for entry in entries if entry.id in run.header.goldens)
    return {golden.id: runs(words(golden.main_content), size) for golden in goldens if golden.has_main_content}


def main() -> None:
    """Print what agreement tells of the labelled runs that are named."""
    sets = {}
    for title, _, name in (word.partition("=") for word in sys.argv[1:]):
        run = read_run(name)
        found = survey(run)
        records = {(record.extractor, record.golden): record for record in run.records if record.repeat == 0}
        agreed, lengths = by_extractor(found, records), by_extractor(found, records, lengths=True)
        print("\n".join(section(title, found, agreed, lengths)))
        print("\n".join(together(found, records, main_contents(run, RUN))))
        print("\n".join(repeated(found, records, main_contents(run, REPEATED))))
        sets[title] = [page for pages in agreed.values() for page in pages]
    print("\n".join(classes(sets)))


if __name__ == "__main__":
    main()
