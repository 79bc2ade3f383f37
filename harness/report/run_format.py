"""The formats in which a run is written: what one is, and where they are found (docs/extending.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console

from harness.common.extensions import OTHERS, Extension, Extensions
from harness.goldens.vocabulary import NO_MAIN_CONTENT
from harness.runs.record import Run
from harness.runs.summary import Summary, earlier_times, retries, summarise, summarise_by


@dataclass(frozen=True)
class RunReport:
    """What is to be written of a run."""

    run: Run
    """The run; its records have no texts."""
    metrics: tuple[str, ...]
    """Names of the metrics to show, in order."""
    by: str | None = None
    """A key of records to group by, such as `kind`."""
    asked: bool = False
    """Whether the metrics were asked for, and are not the usual ones."""
    explained: bool = False
    """Whether tables for people are to say what their columns mean."""

    @property
    def references(self) -> frozenset[str]:
        """Extractors that are yardsticks and do not compete."""
        return frozenset(self.run.header.references)

    @property
    def unranked(self) -> frozenset[str]:
        """Sets that rank no extractor."""
        return frozenset(self.run.header.unranked)

    @property
    def tracks(self) -> dict[str, list[Summary]]:
        """Summaries by track, the best extractor first, or by name where no page can rank them."""
        tracks = summarise_by(self.run.records, "media")
        ranked = {record.media for record in self.run.records if record.set not in self.unranked}
        return {
            media: summaries if media in ranked else sorted(summaries, key=lambda summary: summary.extractor)
            for media, summaries in tracks.items()
        }

    @property
    def notes(self) -> list[str]:
        """What a reader must know: known defects of goldens, sets that rank no extractor, times of earlier runs,
        extractors whose outputs are not kept."""
        pages = {record.golden for record in self.run.records}
        flags = Counter(flag for golden_id in pages for flag in self.run.header.golden(golden_id).flags)
        without = flags.pop(NO_MAIN_CONTENT, 0)
        flagged = ", ".join(f"{flag} {number}" for flag, number in flags.most_common())
        found = [f"known defects, in pages of {len(pages)}: {flagged} (harness list flags; --without-flag FLAG)"] * bool(
            flags
        )
        if without:
            found.append(f"pages without main content, where an empty answer is right: {without} of {len(pages)}")
        if sets := sorted(self.unranked & {record.set for record in self.run.records}):
            found.append(f"not ranked: the main content of {', '.join(sets)} is the output of an extractor")
        if earlier := earlier_times(summarise(self.run.records)):
            found.append(earlier)
        for name, reason in retries(self.run.records).items():
            found.append(f"{name} was asked once more, in a new process, for {reason}")
        if self.run.not_cached:
            found.append(f"not cached, since it is not known what else they run or read: {', '.join(self.run.not_cached)}")
        return found


@dataclass(frozen=True)
class RunFormat(Extension):
    """A format: either `text` makes the whole file, or `show` prints to a terminal or a file."""

    name: str
    """As `--format` takes it."""
    summary: str
    """What it is for, in a line."""
    text: Callable[[RunReport], str] | None = None
    """The report as text."""
    show: Callable[[RunReport, Console], None] | None = None
    """Prints the report, as wide as the console is."""
    order: int = OTHERS
    """The place of a built-in format in lists, small numbers first."""


def _made_of(name: str, function: Callable[[RunReport], str]) -> RunFormat:
    if not callable(function):
        raise TypeError(f"it is of type {type(function).__name__}")
    lines = (function.__doc__ or "").strip().splitlines()
    return RunFormat(name, lines[0] if lines else "", text=function)


RUN_FORMATS: Extensions[RunFormat] = Extensions(
    "harness.reports",
    "report format",
    ("harness.report.run_formats",),
    is_one=lambda value: isinstance(value, RunFormat),
    names=lambda run_format: (run_format.name,),
    order=lambda run_format: (run_format.order, run_format.name),
    mistake=lambda run_format: (
        "" if run_format.text or run_format.show else f"{run_format.name!r} has neither `text` nor `show`"
    ),
    made_of=_made_of,
)
