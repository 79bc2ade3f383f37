"""What came of one page: the closed list of outcomes."""

from __future__ import annotations

from dataclasses import dataclass

OUTCOMES = {
    "ok": "returned text",
    "empty": "returned text without content",
    "error": "raised an exception, or could not be loaded",
    "timeout": "was not done at the deadline and was killed",
    "crash": "its process ended by a signal or by itself",
    "memory": "reached its memory limit",
    "invalid": "returned something that is not text",
}

FAILURES = tuple(name for name in OUTCOMES if name not in ("ok", "empty"))


@dataclass(frozen=True)
class Answer:
    """One extractor's answer to one page.

    `text` is empty unless the outcome is `ok`; `error` says what happened unless it is `ok` or `empty`, with the end of
    what the extractor wrote to standard error in `stderr`. `wall` and `cpu` are seconds and `peak_memory` bytes, as the
    worker measured them, None where it could not; `cost` is what the extractor said that the page cost, in its own
    currency. `first` marks the first page of a worker, on which libraries load what they need.
    """

    outcome: str
    text: str = ""
    error: str = ""
    stderr: str = ""
    wall: float | None = None
    cpu: float | None = None
    peak_memory: float | None = None
    cost: float | None = None
    first: bool = False

    @property
    def timing(self) -> dict[str, float | None]:
        """What was measured: seconds, bytes and cost. A worker's first page is `first_wall`, apart from the others."""
        wall = {"first_wall": self.wall} if self.first else {"wall": self.wall}
        return {**wall, "cpu": self.cpu, "peak_memory": self.peak_memory, "cost": self.cost}
