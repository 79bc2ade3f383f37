"""Words that outputs have and their pages do not: how many, and the passages with most of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.common.wording import plural
from harness.metrics import METRICS
from harness.metrics.own.fabrication import FABRICATED
from harness.runs.record import Record


@dataclass(frozen=True)
class FabricationSummary:
    """What an extractor wrote that its pages do not have."""

    extractor: str
    """The extractor's name."""
    share: float | None
    """The mean share of an output's words, 0…1; None where no output has words."""
    pages: int
    """All its pages."""
    with_some: int
    """Those whose output has such words."""
    passages: tuple[str, ...]
    """The passages with most of them, each with its page."""


def fabrication_of(records: Sequence[Record], passages: int) -> list[FabricationSummary]:
    """That of each extractor of records which were scored by `fabricated`, by name. passages: how many of each, at most."""
    own: dict[str, list[Record]] = {}
    for record in records:
        own.setdefault(record.extractor, []).append(record)
    return [_fabrication(name, own[name], passages) for name in sorted(own)]


def worst_passages(records: Sequence[Record], most: int) -> list[str]:
    """The passages with most words that their pages do not have, in a line each with the page and their number."""
    found = [(words, record.golden, quote) for record in records for quote, words in record.fabricated.items()]
    found.sort(key=lambda passage: (-passage[0], passage[1]))
    return [f"{golden} ({plural(words, 'word')}): {quote}" for words, golden, quote in found[:most]]


def _fabrication(name: str, own: Sequence[Record], passages: int) -> FabricationSummary:
    return FabricationSummary(
        extractor=name,
        share=METRICS[FABRICATED].over_pages(own),
        pages=len(own),
        with_some=sum(bool(record.fabricated) for record in own),
        passages=tuple(worst_passages(own, passages)),
    )
