"""What two labellers' agreement means for scores: no extractor can be told to be better than they are alike."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import mean

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.goldens.golden import Golden


def ceiling(pairs: Iterable[tuple[Golden, Golden]]) -> float | None:
    """The mean F of each labeller's main content, scored by the other's labels, over both directions and all pages, 0 to 1.

    None where no page has main content by both.
    """
    scores = []
    for first, second in pairs:
        if first.kept_text.strip() and second.kept_text.strip():
            scores += [align(page_words(a), b.kept_text).counts.f for a, b in ((first, second), (second, first))]
    return mean(scores) if scores else None
