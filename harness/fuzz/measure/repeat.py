"""Whether an extractor gives the same output for the same page, and for its own output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.engine.answer import Answer
from harness.engine.seat import Seat
from harness.fuzz.measure.ask import ask, ask_afresh
from harness.fuzz.measure.relations import FLOORS, word_distance
from harness.goldens.golden import Golden, resolve
from harness.goldens.labels import Label
from harness.pages.page import Page, wrap_text
from harness.pages.words import words

SEEDS = (0, 1)
"""Of Python's hashes, in two processes that must give the same."""
_AGAIN = 4  # times that a page is asked for in a row


@dataclass(frozen=True)
class Instability:
    """A page that gave two outputs."""

    page: int
    """Its number."""

    after: int | None
    """The number of the page that was asked for before it, None for another hash seed."""

    severity: float
    """How far the outputs are from each other, 0…1."""

    first: str
    """One output."""

    second: str
    """The other output."""


def find_instability(seat: Seat, pages: Sequence[Page]) -> Instability | None:
    """A page that gives another output after other pages or when asked for again, else one that does with other hashes.

    Raises CannotLoad.
    """
    if not pages:
        return None
    fresh = [ask_afresh(seat, [page])[0] for page in pages]
    if found := _by_order(seat, pages, fresh):
        return found
    for number, page in enumerate(pages):
        if found := _instability(number, None, fresh[number], ask_afresh(seat, [page], SEEDS[1])[0]):
            return found
    return None


def _by_order(seat: Seat, pages: Sequence[Page], fresh: Sequence[Answer]) -> Instability | None:
    """All pages are asked for in order and then in reverse, in a process of their own; where that makes a difference, it is
    looked for what the least is that does."""
    order = [*range(len(pages)), *reversed(range(len(pages)))]
    for number, answer in zip(order, ask_afresh(seat, [pages[number] for number in order])):
        if _difference(fresh[number], answer) < FLOORS["non-determinism"]:
            continue
        before = [number, *(other for other in range(len(pages)) if other != number)]
        for other in before:
            # The whole of the sequence may be needed to break a page; most often one page is.
            for again in ask_afresh(seat, [pages[other]] * _AGAIN + [pages[number]])[_AGAIN:]:
                if found := _instability(number, other, fresh[number], again):
                    return found
        return _instability(number, number, fresh[number], answer)
    return None


def largest_difference(seat: Seat, page: Page, before: Page | None) -> float:
    """How far the outputs of a page are from each other, at worst: 0…1. before: a page to ask for before it."""
    first = ask_afresh(seat, [page])[0]
    others = ask_afresh(seat, [page], SEEDS[1]) + ask_afresh(seat, [page] * (1 + _AGAIN))[1:]
    if before is not None:
        others += ask_afresh(seat, [before] * _AGAIN + [page])[_AGAIN:]
    return max(_difference(first, other) for other in others)


def largest_difference_between(one: Seat, other: Seat, page: Page) -> float:
    """The same for two processes that live on: much faster, and blind to what an extractor remembers of other pages."""
    first, *others = [ask(one, page) for _ in range(1 + _AGAIN)]
    return max(_difference(first, answer) for answer in [*others, ask(other, page)])


def golden_of_output(source: Golden, text: str) -> Golden:
    """An output as a page of its own, all of which is main content."""
    lines = [line for line in text.splitlines() if line.strip()]
    html = source.page.media == "text/html"
    raw = wrap_text(text) if html else "\n".join(lines)
    page = Page(raw.encode("utf-8"), source.page.media, source.page.url, source.page.lang)
    labels = (Label("keep", ("p",) if html else (f"1-{len(lines)}",), "body"),)
    segments, _ = resolve(page, labels)
    return Golden("fuzz/output", page, source.kind, source.site, segments, labels)


def _instability(page: int, after: int | None, first: Answer, second: Answer) -> Instability | None:
    severity = _difference(first, second)
    return Instability(page, after, severity, first.text, second.text) if severity >= FLOORS["non-determinism"] else None


def _difference(first: Answer, second: Answer) -> float:
    """The share of their words that two answers have not in common; 1 for what hangs or crashes once and not again."""
    if (first.outcome in ("ok", "empty")) != (second.outcome in ("ok", "empty")):
        return 1.0
    return word_distance(words(first.text), words(second.text))
