"""Whether an extractor gives the same output for the same page, and for its own output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.engine.answer import Answer
from harness.fuzz.ask import Asker
from harness.fuzz.relations import FLOORS, unlike
from harness.golden import Golden, Label, resolve
from harness.page import Page, wrap_text
from harness.text import words

_SEEDS = (0, 1)  # of Python's hashes
_AGAIN = 4  # times that a page is asked for in a row


@dataclass(frozen=True)
class Unsteady:
    """A page that gave two outputs. after: the page that was asked for before it, None for itself and other hash seeds."""

    page: int
    after: int | None
    severity: float
    first: str
    second: str


def unsteady(asker: Asker, pages: Sequence[Page]) -> Unsteady | None:
    """The first page that gives another output in another process, when asked for again, or after other pages.

    All pages are asked for in order and then in reverse, in a process of their own; where that makes a difference, it is
    looked for what the least is that does. Raises CannotLoad.
    """
    if not pages:
        return None
    fresh = [asker.ask_afresh([page])[0] for page in pages]
    for number, page in enumerate(pages):
        if found := _differs(number, None, fresh[number], asker.ask_afresh([page], _SEEDS[1])[0]):
            return found
    order = [*range(len(pages)), *reversed(range(len(pages)))]
    for number, answer in zip(order, asker.ask_afresh([pages[number] for number in order])):
        if _unlike(fresh[number], answer) < FLOORS["non-determinism"]:
            continue
        before = [number, *(other for other in range(len(pages)) if other != number)]
        for other in before:
            # The whole of the sequence may be needed to break a page; most often one page is.
            for again in asker.ask_afresh([pages[other]] * _AGAIN + [pages[number]])[_AGAIN:]:
                if found := _differs(number, other, fresh[number], again):
                    return found
        return _differs(number, number, fresh[number], answer)
    return None


def steadiness(asker: Asker, page: Page, before: Page | None) -> float:
    """How far the outputs of a page are from each other, at worst: 0…1. before: a page to ask for before it."""
    first = asker.ask_afresh([page])[0]
    others = asker.ask_afresh([page], _SEEDS[1]) + asker.ask_afresh([page] * (1 + _AGAIN))[1:]
    if before is not None:
        others += asker.ask_afresh([before] * _AGAIN + [page])[_AGAIN:]
    return max(_unlike(first, other) for other in others)


def own_output(source: Golden, text: str) -> Golden:
    """An output as a page of its own, all of which is main content."""
    lines = [line for line in text.splitlines() if line.strip()]
    html = source.page.media == "text/html"
    raw = wrap_text(text) if html else "\n".join(lines)
    page = Page(raw.encode("utf-8"), source.page.media, source.page.url, source.page.lang)
    labels = (Label("keep", ("p",) if html else (f"1-{len(lines)}",), "body"),)
    segments, _ = resolve(page, labels)
    return Golden("fuzz/output", page, source.kind, source.site, segments, labels)


def _differs(page: int, after: int | None, first: Answer, second: Answer) -> Unsteady | None:
    severity = _unlike(first, second)
    return Unsteady(page, after, severity, first.text, second.text) if severity >= FLOORS["non-determinism"] else None


def _unlike(first: Answer, second: Answer) -> float:
    """What hangs or crashes once and not again is told as such, and as unlike as can be."""
    if (first.outcome in ("ok", "empty")) != (second.outcome in ("ok", "empty")):
        return 1.0
    return unlike(words(first.text), words(second.text))
