"""What an engine is given and gives back. An engine of another kind is one class in one file, with `timeout` and `run`."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from harness.common.declarations import MEMORY

if TYPE_CHECKING:  # RunRequest takes its defaults from here, and the command line is to know those at once
    from harness.engine.answer import Answer
    from harness.pages.page import Page
    from harness.plugins.runnable import Runnable

DEFAULT_TIMEOUT = 30.0  # seconds for one page
DEFAULT_MEMORY = MEMORY  # bytes of one worker
LAYOUT_TIMEOUT = 10.0  # seconds for a page of which many layouts are tried


@dataclass(frozen=True)
class Task:
    """One page for one extractor. Can be pickled, if its key can."""

    key: Hashable
    """What the answer is found again by; no other task of this extractor has it."""
    runnable: Runnable
    """The extractor. Tasks with the same `Runnable` object share workers."""
    page: Page
    """The page."""


@dataclass(frozen=True)
class Loaded:
    """An extractor was loaded. Can be pickled."""

    runnable: Runnable
    """The extractor; a copy where the event comes from another machine, so compare names."""
    version: str | None
    """The version that the extractor reports, None where it reports none."""
    runtime: str = ""
    """What runs it, such as `Python 3.11.7`; empty where that is not known."""


@dataclass(frozen=True)
class Answered:
    """An extractor answered a task. Can be pickled, if its key can."""

    runnable: Runnable
    """The extractor; a copy where the event comes from another machine, so compare names."""
    key: Hashable
    """The task's key."""
    answer: Answer
    """The answer; an extractor that cannot be loaded answers every page with a failure that says why."""


EngineEvent = Loaded | Answered


class Engine(Protocol):
    """Runs extractors over pages, somewhere."""

    @property
    def timeout(self) -> float:
        """Seconds for one page; a page that takes longer is answered `timeout`."""

    def run(self, tasks: Sequence[Task]) -> Iterator[EngineEvent]:
        """Exactly one `Answered` for each task, as the answers come.

        A `Loaded` comes before an extractor's first answer unless the extractor cannot be loaded; each place that loads it
        tells one. Nothing that an extractor does is raised. Closing the iterator ends all work and every process of it.
        """
