"""How far changes of text dumps move five naive rules on lines and our extractors for text.

Usage: HARNESS_DUMPS=FOLDER python benchmarks/text_layouts.py [GOLDENS…]   (default: all sets)

Prints the mean F of the pages as they are, then for each operator the mean change of F over the pages that it applies to,
in the usual form that harms the extractor most, and in brackets the share of these pages that lose more than 0.05. Without
the dumps, their goldens are left out. The rules know no more than that a long line has 80 characters.
"""

from __future__ import annotations

import importlib
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.fuzz.base import DoesNotApply, Operator
from harness.fuzz.catalogue import operators_of
from harness.fuzz.text.page import TextPage
from harness.goldens.golden import Golden
from harness.goldens.sets import dumps_from, find_goldens, load_goldens
from harness.pages.page import Page

Extract = Callable[[Page], str]

LONG = 80
WORSE = 0.05
PLUGINS = ("main_story", "longest_run", "line_density", "body_text_extraction", "justext_lines")


def is_long(line: str) -> bool:
    """Whether a line is one of running text."""
    return len(line) >= LONG


def most_lines(page: Page) -> str:
    """The most consecutive long lines."""
    runs = [list(run) for long, run in groupby(page.text.splitlines(), key=is_long) if long]
    best: list[str] = max(runs, key=len, default=[])
    return "\n".join(best)


def until_comments(page: Page) -> str:
    """Long lines above the heading `Comments`."""
    lines = page.text.splitlines()
    return "\n".join(filter(is_long, lines[: lines.index("Comments")] if "Comments" in lines else lines))


def first_run(page: Page) -> str:
    """The first long lines, blank ones left out."""
    lines = [line for line in page.text.splitlines() if line.strip()]
    return "\n".join(next((list(run) for long, run in groupby(lines, key=is_long) if long), []))


def longest_line(page: Page) -> str:
    """The longest line."""
    return max(page.text.splitlines(), key=len)


def everything(page: Page) -> str:
    """All of it."""
    return page.text


RULES: dict[str, Extract] = {
    "most_lines": most_lines,
    "until_comments": until_comments,
    "first_run": first_run,
    "longest_line": longest_line,
    "everything": everything,
}


def plugin(name: str) -> Extract:
    """An extractor that comes with the harness."""
    function: Extract = getattr(importlib.import_module(f"extractors.{name}"), name)
    return function


def f_of(golden: Golden, extract: dict[str, Extract]) -> list[float]:
    """F of each extractor on one page."""
    words = page_words(golden)
    scores = []
    for function in extract.values():
        scores.append(align(words, function(golden.page)).counts.f)
    return scores


def changes_by(
    operator: Operator[TextPage], pages: Sequence[TextPage], before: Sequence[Sequence[float]], extract: dict[str, Extract]
) -> Iterator[list[float]]:
    """The change of F of each extractor on each page that an operator applies to."""
    for page, scores in zip(pages, before):
        try:
            golden = operator.apply(page).golden("page/1")
        except DoesNotApply:
            continue
        yield [after - score for score, after in zip(scores, f_of(golden, extract))]


def main() -> None:
    """Print the table."""
    loaded = load_goldens(find_goldens(sys.argv[1:]), dumps_from([]))
    pages = [TextPage.of(golden) for golden in loaded.goldens if golden.page.media == "text/plain"]
    extract = RULES | {name: plugin(name) for name in PLUGINS}
    before = [f_of(page.golden("page/0"), extract) for page in pages]
    print(f"{'':66}", *(f"{name[:12]:>12}" for name in extract))
    print(f"{f'F of {len(pages)} pages as they are':66}", *(f"{statistics.fmean(column):12.3f}" for column in zip(*before)))
    for kind in operators_of("text/plain"):
        if kind.code == "T26":  # sizes are for limits, not for scores
            continue
        worst: dict[str, tuple[float, float]] = {}
        reached = 0
        for operator in kind.matrix_instances():
            changes = list(changes_by(operator, pages, before, extract))
            reached = max(reached, len(changes))
            for name, column in zip(extract, zip(*changes)):
                harm = (statistics.fmean(column), sum(change < -WORSE for change in column) / len(column))
                worst[name] = min(worst.get(name, harm), harm)
        cells = [f"{change:+.2f} ({share:4.0%})" for change, share in worst.values()]
        print(f"{f'{kind.code} {kind.title}, {reached} pages':66}", *(f"{cell:>12}" for cell in cells))


main()
