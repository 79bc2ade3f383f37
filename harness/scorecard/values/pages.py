"""The worst pages, with their words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.alignment.diff import Status


@dataclass(frozen=True)
class DiffPassage:
    """A passage of a diff."""

    status: Status | str
    """As in a diff; `folded` for a note on what is not shown."""
    kind: str
    """The kind of its text, or where a leak came from."""
    pieces: tuple[tuple[str, bool], ...]
    """Its text, and whether each piece bears the mark of the status."""


@dataclass(frozen=True)
class PageResult:
    """One extractor on one page."""

    extractor: str
    """The extractor's name."""
    golden: str
    """The golden's id."""
    kind: str
    """The kind of page."""
    lang: str
    """The language tag, such as `en-GB`."""
    site: str
    """The site, as a host name."""
    outcome: str
    """One of the outcomes of harness.engine.answer."""
    error: str
    """What the extractor said when it failed."""
    metric: str
    """What pages are ordered by."""
    value: float
    """Of the metric."""
    counts: Mapping[str, int]
    """Words kept, missed, leaked and free."""
    leaks: Mapping[str, int]
    """Leaked words by kind."""
    misses: Mapping[str, int]
    """Missed words by kind."""
    command: str
    """The command that shows the page."""
    diff: tuple[DiffPassage, ...] | None
    """None where the texts are not here."""
    why: str = ""
    """Why there is no diff."""


@dataclass(frozen=True)
class WorstPages:
    """The worst pages."""

    results: tuple[PageResult, ...]
    """By extractor, and then by score."""
    note: str
    """Which are shown, and what is left out."""
