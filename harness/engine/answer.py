"""Answers of extractors, and the closed list of their outcomes."""

from __future__ import annotations

from dataclasses import dataclass

from harness.common.typed import NumberFrom0

OUTCOMES = {
    "ok": "returned text",
    "empty": "returned no text, or only white space",
    "error": "raised an exception, or could not be loaded",
    "timeout": "had not finished at the deadline and was killed",
    "crash": "its process ended by a signal or by itself",
    "memory": "reached its memory limit",
    "invalid": "returned something that is not text",
    "unreadable": "was not asked: the page takes too long to read",
    "unscored": "returned an output that takes too long to score",
}

ReadStates = frozenset[tuple[str, str]]
"""What a worker has read, as names with their states then: see harness.worker.reads."""

SPENT = ("cost", "tokens_in", "tokens_out", "retries")
"""Fields of an answer that say what the page cost, as the extractor reported it."""

FAILURES = tuple(name for name in OUTCOMES if name not in ("ok", "empty"))


@dataclass(frozen=True)
class Answer:
    """One extractor's answer to one page."""

    outcome: str
    """One of OUTCOMES."""
    text: str = ""
    """What the extractor returned, in its own format; empty unless the outcome is `ok`."""
    error: str = ""
    """What happened, in one line; empty where the outcome is `ok` or `empty`."""
    stderr: str = ""
    """The end of what the extractor wrote to standard error, where it failed."""
    wall: NumberFrom0 | None = None
    """Seconds of the clock, as the worker measured them; None where it could not."""
    cpu: NumberFrom0 | None = None
    """Seconds of CPU, as the worker measured them; None where it could not."""
    peak_memory: NumberFrom0 | None = None
    """Peak memory in bytes, as the worker measured it; None where it could not."""
    cost: NumberFrom0 | None = None
    """What the page cost, as the extractor reported it, in its own currency; None where it reported nothing."""
    tokens_in: NumberFrom0 | None = None
    """Tokens that a model was given for the page, as the extractor reported them; None where it reported none."""
    tokens_out: NumberFrom0 | None = None
    """Tokens that a model wrote, in the same way."""
    retries: NumberFrom0 | None = None
    """How often a service was asked once more, in the same way."""
    confidence: NumberFrom0 | None = None
    """How sure the extractor is of its output, 0…1; None where it does not say."""
    truncated: bool = False
    """Whether the extractor read only a part of the page, or only a part of its model's answer came."""
    first: bool = False
    """Whether this is the first page of a worker, on which libraries load what they need."""
    retried: str = ""
    """Why a new worker was given the page, in place of one that had answered others: what became of that one. Empty where
    the page failed in the new one, too, and where there was no such worker."""
    reads: ReadStates | None = None
    """What the worker had read when it answered; None where that is not known."""

    @property
    def timing(self) -> dict[str, float | None]:
        """What was measured: seconds, bytes and cost; tokens and retries where they were reported. A worker's first page is
        `first_wall`, apart from the others."""
        wall = {"first_wall": self.wall} if self.first else {"wall": self.wall}
        of_models = {"tokens_in": self.tokens_in, "tokens_out": self.tokens_out, "retries": self.retries}
        reported = {name: value for name, value in of_models.items() if value is not None}
        return {**wall, "cpu": self.cpu, "peak_memory": self.peak_memory, "cost": self.cost, **reported}
