"""Precision and recall over lines: the unit that extractors of text dumps decide on.

A line counts by the majority of its words. Lines of the page are those of the dump, or the blocks of an HTML page; lines
of the output are those that the extractor wrote.
"""

from __future__ import annotations

from collections import Counter

from harness.alignment.counts import f_score, precision, recall
from harness.metrics.base import Case, Family, Metric


def line_scores(case: Case) -> dict[str, float]:
    """LP, LR and LF of one output, each in 0…1.

    LR is the share of the page's lines with `keep` words of which more than half of these words came out. LP is the
    share of the output's lines, lines of `maybe` words alone left out, of which more than half of the other words were
    kept.
    """
    alignment = case.alignment
    page, output = alignment.page, alignment.output
    to_keep = Counter(page.lines[i] for i in page.keep)
    came_out = Counter(page.lines[i] for i, _ in alignment.matched)
    kept_lines = sum(2 * came_out[line] > size for line, size in to_keep.items())
    written = Counter(line for j, line in enumerate(output.lines) if j not in alignment.free)
    kept_in = Counter(output.lines[j] for _, j in alignment.matched)
    right_lines = sum(2 * kept_in[line] > size for line, size in written.items())
    p = precision(right_lines, len(written) - right_lines, len(to_keep))
    r = recall(kept_lines, len(to_keep) - kept_lines)
    return {"LP": p, "LR": r, "LF": f_score(p, r)}


LINES = Family(
    (
        Metric("LP", "precision over lines: share of the output's lines that are mostly main content", True, 0.0),
        Metric("LR", "recall over lines: share of the main content's lines that mostly came out", True, 0.0),
        Metric("LF", "harmonic mean of LP and LR on each page", True, 0.0),
    ),
    line_scores,
    order=30,
    always=True,
)
