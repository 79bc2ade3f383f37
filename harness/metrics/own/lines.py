"""Precision and recall over lines: the unit that extractors of text dumps decide on.

P and R in which a kept word counts only with its line. Lines of the page are those of the dump, or the blocks of an HTML
page; lines of the output are those that the extractor wrote.
"""

from __future__ import annotations

from collections import Counter

from harness.alignment.counts import f_score, precision, recall
from harness.alignment.words import PageWords
from harness.metrics.base import Case, Family, Metric


def line_scores(case: Case) -> dict[str, float]:
    """LP, LR and LF of one output, each in 0…1 and never above P, R and F.

    LR counts the kept words of those lines of the page of whose `keep` words more than half came out. LP counts, of each
    line of the output, the kept words of that line of the page, or row of a table, that more than half of its words are of;
    words that `maybe` segments account for are left out. So two lines of the page that the output joins are not both right.
    """
    alignment = case.alignment
    page, output = alignment.page, alignment.output
    to_keep = Counter(page.lines[i] for i in page.keep)
    came_out = Counter(page.lines[i] for i, _ in alignment.matched)
    written = Counter(line for j, line in enumerate(output.lines) if j not in alignment.free)
    in_both = Counter((output.lines[j], _written_together(page, i)) for i, j in alignment.matched)
    right = sum(kept for (line, _), kept in in_both.items() if 2 * kept > written[line])
    found = sum(kept for line, kept in came_out.items() if 2 * kept > to_keep[line])
    p = precision(right, written.total() - right, len(page.keep))
    r = recall(found, len(page.keep) - found)
    return {"LP": p, "LR": r, "LF": f_score(p, r)}


def _written_together(page: PageWords, i: int) -> tuple[str, int]:
    """What may stand in one line of an output: a line of the page, or a row of a table."""
    cell = page.cells[i]
    return ("line", page.lines[i]) if cell is None else ("row", cell[0])


LINES = Family(
    (
        Metric(
            "LP",
            "precision over lines: P in which words count that are in lines of mostly one line of the page",
            True,
            0.0,
            version=2,
        ),
        Metric(
            "LR", "recall over lines: R in which words count whose line of the page mostly came out", True, 0.0, version=2
        ),
        Metric("LF", "harmonic mean of LP and LR on each page", True, 0.0, version=2),
    ),
    line_scores,
    order=30,
    usual=True,
    of_words=True,
)
