"""Finds a main content that is known as text on its page, line by line, so that labels need not be written by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from harness.alignment.align import align
from harness.alignment.words import page_words
from harness.goldens.golden import Golden, resolve
from harness.pages.page import Page

RENDERED = frozenset({"other", "shadow", "noscript"})
"""Kinds of text without labels that a page shows."""


@dataclass(frozen=True)
class KnownText:
    """Where on a page a text stands."""

    lines: Mapping[int, float]
    """The share of the words of each line that belong to the text, 0 to 1, by the number of the line."""
    found: float
    """The share of the words of the text that stand on the page, 0 to 1; 0 for a text without words."""


def find_text(page: Page, text: str) -> KnownText:
    """Align a text with all that a page shows."""
    segments, _ = resolve(page, ())
    shown = tuple(replace(part, verdict="keep", kind="body") for part in segments if part.kind in RENDERED)
    on_page = page_words(Golden("", page, "article", "", shown))
    alignment = align(on_page, text)
    lines = on_page.lines.tolist()
    totals = Counter(lines)
    kept = Counter(lines[place] for place, _ in alignment.matched)
    size = len(alignment.output.words)
    found = len(alignment.matched) / size if size else 0.0
    return KnownText({line: kept[line] / total for line, total in totals.items()}, found)
