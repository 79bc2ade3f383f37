"""Which lines of a page extractors return: what labels are proposed by."""

from __future__ import annotations

from collections.abc import Mapping

from harness.alignment.known_text import find_text
from harness.pages.page import Page


def line_votes(page: Page, outputs: Mapping[str, str], weights: Mapping[str, float] | None = None) -> dict[int, float]:
    """For each line that a page shows, by its number, the share of its words that extractors return, in 0…1: their weighted
    mean.

    outputs: as text, by extractor. weights: how much each counts, none for one that does not vote; without any, all count
    alike. Without a vote, there is no line.
    """
    counts = {name: 1.0 if weights is None else weights.get(name, 0.0) for name in outputs}
    total = sum(counts.values())
    votes: dict[int, float] = {}
    for name, text in outputs.items():
        if counts[name]:
            for line, share in find_text(page, text).lines.items():
                votes[line] = votes.get(line, 0.0) + share * counts[name] / total
    return votes
