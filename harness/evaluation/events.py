"""The events of a run. Terminals, the pytest plugin and notebooks receive them; nothing here prints."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Finished:
    """Everything that was asked for is done."""

    run: Run
    """The whole run, without the texts of outputs where it is stored."""


Event = (
    Broken
    | Skipped
    | Uncomputed
    | NotInstalled
    | Unavailable
    | OutputsMissing
    | OutputsSurplus
    | Begun
    | Loaded
    | NotLoaded
    | Measured
    | Finished
)
