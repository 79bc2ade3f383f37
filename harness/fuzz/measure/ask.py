"""Asks a seat what fuzzing wants to know: plain text, from a process of its own if need be, and no accidental timeout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.engine.answer import Answer
from harness.engine.seat import Seat
from harness.pages.formats import as_text
from harness.pages.page import Page


def ask(seat: Seat, page: Page, *, confirm: bool = True) -> Answer:
    """The answer to a page, its text as plain text. Raises CannotLoad.

    confirm: a page that is late is asked for again, with twice the time, in a new worker.
    """
    return as_plain(answer_of(seat, page, confirm=confirm), seat.runnable.output)


def answer_of(seat: Seat, page: Page, *, confirm: bool = True) -> Answer:
    """The same with its text in the extractor's own format."""
    answer = seat.ask(page)
    return seat.ask(page, 2 * seat.timeout) if answer.outcome == "timeout" and confirm else answer


def as_plain(answer: Answer, output_format: str) -> Answer:
    """An answer with its text as plain text."""
    text = as_text(answer.text, output_format)
    return replace(answer, text=text, outcome="empty" if answer.outcome == "ok" and not text.strip() else answer.outcome)


def ask_afresh(seat: Seat, pages: Sequence[Page], hash_seed: int = 0) -> list[Answer]:
    """The answers to pages, one after the other, of a process of its own beside the seat's. Raises CannotLoad.

    A page that kills the process gets a failure, and the next one a new process.
    """
    with seat.beside(hash_seed) as other:
        return [ask(other, page) for page in pages]
