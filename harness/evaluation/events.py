"""The events of a run. Terminals, the pytest plugin and notebooks receive them; nothing here prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.engine.base import Loaded
from harness.evaluation.evaluate import NotLoaded
from harness.evaluation.extractors import NotInstalled
from harness.goldens.reader import Mistake, PageNotFound
from harness.plugins.ready import Unavailable
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run


@dataclass(frozen=True)
class Broken:
    """Something is wrong with a golden, which is left out."""

    mistake: Mistake
    """What, where, and how to mend it."""


@dataclass(frozen=True)
class Skipped:
    """Goldens are left out, since their pages are not here."""

    goldens: tuple[PageNotFound, ...]
    """Which, and where their pages were looked for."""


@dataclass(frozen=True)
class Uncomputed:
    """Metrics of a benchmark are left out, since a module that they need is not installed."""

    reasons: tuple[str, ...]
    """A line for each, with the command that installs the module."""


@dataclass(frozen=True)
class OutputsMissing:
    """Pages that outputs made elsewhere lack, which score worst."""

    extractor: str
    """Whose outputs."""
    goldens: tuple[str, ...]
    """The pages."""
    of: int
    """How many pages there are."""


@dataclass(frozen=True)
class OutputsSurplus:
    """Outputs made elsewhere that belong to none of the pages, and are left out."""

    extractor: str
    """Whose outputs."""
    ids: tuple[str, ...]
    """The ids of the outputs."""


@dataclass(frozen=True)
class Begun:
    """Everything is found and ready; measuring begins."""

    header: RunHeader
    """What is measured."""
    done: tuple[Record, ...] = ()
    """What a resumed run has already."""


@dataclass(frozen=True)
class Measured:
    """An extractor answered a page, and its answer was scored."""

    record: Record
    """The result."""


Told = Broken | Skipped | Uncomputed | OutputsMissing | OutputsSurplus | NotInstalled | Unavailable | NotLoaded
"""What people are told of a run, whatever process does it."""


@dataclass(frozen=True)
class ShardsBegun:
    """A run in shards begins, or goes on."""

    place: str
    """The path or address of its folder."""
    shards: int
    """How many shards it has."""
    complete: int
    """How many of them are complete already."""


@dataclass(frozen=True)
class ShardDone:
    """A shard is complete, or has failed. Can be pickled."""

    number: int
    """Which one, from 1."""
    outcomes: Mapping[str, Mapping[str, int]]
    """For each extractor, how many pages had which outcome; empty where another process had made the shard."""
    told: tuple[Told, ...] = ()
    """What was told meanwhile."""
    lines: tuple[str, ...] = ()
    """What was announced meanwhile."""
    failure: str = ""
    """Why it is not complete; empty if it is."""
    is_impossible: bool = False
    """Whether all others would fail, too: what is asked for does not exist."""


@dataclass
class Totals:
    """What an extractor did, in numbers that need no memory."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many results had which outcome."""
    seconds: float = 0.0
    """Of the clock, on pages that were not the first of a worker."""
    timed: int = 0
    """How many pages those are."""

    def add(self, record: Record) -> None:
        """Count a record."""
        self.outcomes[record.outcome] += 1
        if (wall := record.timing.get("wall")) is not None:
            self.seconds, self.timed = self.seconds + wall, self.timed + 1


@dataclass(frozen=True)
class LeftInShards:
    """Everything that was asked for is done, and is too much for one run in memory: the shards were not merged."""

    totals: Mapping[str, Totals]
    """By extractor."""


@dataclass(frozen=True)
class Finished:
    """Everything that was asked for is done."""

    run: Run
    """The whole run, without the texts of outputs where it is stored."""


Event = Told | Begun | Loaded | Measured | ShardsBegun | ShardDone | LeftInShards | Finished
