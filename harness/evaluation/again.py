"""Runs some pages of a run once more, fresh and in new processes, with the same extractors on the same goldens."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass

from harness.common import extensions
from harness.common.errors import HarnessError
from harness.common.wording import Announce
from harness.datasets.entries import find_entries, load_each
from harness.engine.local import LocalEngine
from harness.evaluation.digests import facts_of
from harness.evaluation.evaluate import NotLoaded, evaluate
from harness.evaluation.extractors import make_ready, select_loadable
from harness.goldens.golden import Golden
from harness.goldens.reader import Mistake
from harness.goldens.sets import dumps_from
from harness.metrics import METRICS
from harness.metrics.definitions import definitions
from harness.plugins.runnable import Runnable
from harness.runs.comparable import why_not_golden
from harness.runs.record import Record, Run


@dataclass(frozen=True)
class NotTried:
    """An extractor could not be run again as it was."""

    name: str
    """The extractor's name."""
    reason: str
    """Why, in a line."""


def run_again(
    run: Run, pages: Collection[tuple[str, str]], *, announce: Announce = lambda message: None
) -> Iterator[Record | NotTried]:
    """A record for each of these pages, given by extractor and golden, and a NotTried for each extractor that could not be
    run on its pages.

    An extractor is run only if it has the identity that it had in the run, on goldens that are what they were.
    announce: is called with a line where something takes long.
    """
    names = list(dict.fromkeys(name for name, _ in pages))
    try:
        runnables = _runnables(run, names, announce)
        reasons = {name: why for name in names if (why := _why_not(run, name, runnables.get(name)))}
        goldens = _goldens(run, {golden for name, golden in pages if name not in reasons})
    except (HarnessError, OSError) as error:
        yield from (NotTried(name, " ".join(str(error).split())) for name in names)
        return
    engine = LocalEngine(run.header.request.timeout, run.header.request.memory)
    for name in names:
        own = [golden for golden_id in sorted(goldens) if (name, golden_id) in pages for golden in [goldens[golden_id]]]
        if name in reasons:
            yield NotTried(name, reasons[name])
        elif not own:
            yield NotTried(name, "its pages or their labels are not what they were in the run")
        else:
            with closing(evaluate(own, [runnables[name]], engine=engine, metrics=run.header.metrics)) as events:
                for event in events:
                    if isinstance(event, Record):
                        yield event
                    elif isinstance(event, NotLoaded):
                        yield NotTried(name, event.reason)


def _why_not(run: Run, name: str, runnable: Runnable | None) -> str:
    """Why an extractor cannot be run again as it was; empty if it can."""
    if run.header.request.predictions:
        return "its outputs were made elsewhere"
    if runnable is None:
        return "it cannot run here"
    if runnable.identity != run.header.extractor(name).identity:
        return "it is not what it was in the run: its code, its options or its packages have changed"
    return ""


def _runnables(run: Run, names: Collection[str], announce: Announce) -> dict[str, Runnable]:
    request = run.header.request
    if request.predictions:
        return {}
    extensions.use_plugin_files(request.plugins, memory=request.memory, timeout=request.timeout)
    selections, *_ = select_loadable(request)
    runnables, _ = make_ready([selection for selection in selections if selection.name in names], request, announce)
    return {runnable.name: runnable for runnable in runnables}


def _goldens(run: Run, wanted: Collection[str]) -> dict[str, Golden]:
    """The goldens by id, of those that are what they were in the run; none if scores have another meaning by now."""
    header = run.header
    if not wanted or not {*header.metrics} <= {*METRICS} or definitions(header.metrics) != header.definitions:
        return {}
    found = find_entries(header.request.goldens, dumps_from(header.request.dumps))
    broken: list[Mistake] = []
    loaded = load_each([entry for entry in found.entries if entry.id in wanted], broken.append)
    return {golden.id: golden for golden in loaded if not why_not_golden(header.golden(golden.id), facts_of(golden))}
