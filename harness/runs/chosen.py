"""The part of a run that is about the pages which options choose."""

from __future__ import annotations

import shlex
from dataclasses import replace

from harness.common.errors import CannotTell
from harness.datasets.choice import Choice
from harness.runs.header import RunHeader
from harness.runs.record import Record, Run
from harness.runs.request import RunRequest


def chosen(run: Run, choice: Choice, others: tuple[RunHeader, ...] = ()) -> Run:
    """As `fitting`. Raises CannotTell if no page fits."""
    part = fitting(run, choice, others)
    if not part.records:
        raise CannotTell(f"run {run.id} has no page that fits {shlex.join(choice_words(choice))}")
    return part


def fitting(run: Run, choice: Choice, others: tuple[RunHeader, ...] = ()) -> Run:
    """The run with the records of pages that fit; none may be left.

    others: headers of runs that it is compared with: what one of them calls a defect is one.
    """

    def fits(record: Record) -> bool:
        flags = [flag for header in (run.header, *others) for flag in header.golden(record.golden).flags]
        return choice.fits(record.kind, record.lang, record.site, flags)

    return replace(run, records=tuple(record for record in run.records if fits(record)))


def choice_words(choice: Choice) -> list[str]:
    """The options that make a choice, as words of a command line."""
    return RunRequest(choice=choice).choice_words()
