"""Precision and recall over lines: the unit that extractors of text dumps decide on.

P and R in which a kept word counts only with its line. Lines of the page are those of the dump, or the blocks of an HTML
page; lines of the output are those that the extractor wrote.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from harness.alignment.common_runs import Ints
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
    keep = page.text.keep
    places, positions = alignment.kept
    to_keep = np.bincount(page.lines[keep], minlength=1)
    came_out = np.bincount(page.lines[places], minlength=len(to_keep))
    written = np.bincount(output.lines[~alignment.is_free], minlength=1)
    in_both: Counter[tuple[int, int]] = Counter(
        zip(output.lines[positions].tolist(), _written_together(page)[page.owners[places]].tolist())
    )
    right = sum(kept for (line, _), kept in in_both.items() if 2 * kept > written[line])
    found = int(came_out[2 * came_out > to_keep].sum())
    p = precision(right, int(written.sum()) - right, len(keep))
    r = recall(found, len(keep) - found)
    return {"LP": p, "LR": r, "LF": f_score(p, r)}


def _written_together(page: PageWords) -> Ints:
    """For each segment what may stand in one line of an output: a line of the page or, below 0, a row of a table."""
    segments = page.segments
    rows = [line if cell is None else -1 - cell[0] for line, cell in zip(segments.lines, segments.cells)]
    return np.array(rows, np.int64)


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
