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
    what the extractor wrote to standard error in `stderr`. `wall` and `cpu` are seconds, as the worker measured them;
    None where it could not.
    """

    outcome: str
    text: str = ""
    error: str = ""
    stderr: str = ""
    wall: float | None = None
    cpu: float | None = None
