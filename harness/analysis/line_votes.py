"""Which lines of a page extractors return: what labels are proposed by."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from harness.alignment.known_text import RENDERED
from harness.goldens.golden import resolve
from harness.pages.page import Page
from harness.worker.composite import Output


def line_votes(page: Page, outputs: Mapping[str, str], weights: Mapping[str, float] | None = None) -> dict[int, float]:
    """For each line that a page shows, by its number, the weighted share of the extractors that returned it, in 0…1.

    outputs: as text, by extractor. weights: how much each counts, none for one that does not vote; without any, all count
    alike. A line counts as returned as for `vote:A+B+C` (docs/survey.md).
    """
    counts = {name: 1.0 if weights is None else weights.get(name, 0.0) for name in outputs}
    voters = {name: Output(text) for name, text in outputs.items() if counts[name]}
    total = sum(counts[name] for name in voters)
    shown = [part for part in resolve(page, ())[0] if part.kind in RENDERED]
    lines = groupby(sorted(shown, key=lambda part: part.line), key=lambda part: part.line)
    texts = {number: "".join(part.text for part in parts) for number, parts in lines}
    return {
        number: sum(counts[name] for name, output in voters.items() if output.has(text)) / total if total else 0.0
        for number, text in texts.items()
    }
