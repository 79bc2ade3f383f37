"""What a stored run did not compute, from the outputs that it holds as plain text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from harness.common import extensions
from harness.common.errors import CannotTell
from harness.datasets.entries import find_entries
from harness.engine.answer import FAILURES
from harness.evaluation.digests import facts_of
from harness.evaluation.scoring import cached_words, failed_facts, scored
from harness.goldens.golden import Golden
from harness.goldens.sets import dumps_from
from harness.metrics import METRICS, Case
from harness.metrics.choice import sources_of
from harness.metrics.definitions import definitions
from harness.runs.comparable import why_not_golden
from harness.runs.record import Record, Run

_NOT_SCORED = ("unreadable", "unscored")


class _ReadsMarkup(BaseException):
    """A metric reads an output as HTML or Markdown. Not an Exception, so that it is not taken for a fault of the metric."""


@dataclass(frozen=True)
class _TextCase(Case):
    """An output of which the plain text is all that is known."""

    def __getattribute__(self, name: str) -> object:
        if name in ("markup", "markdown"):
            raise _ReadsMarkup
        return super().__getattribute__(name)


def with_metrics(run: Run, names: Sequence[str]) -> Run:
    """The run with the values of further metrics. run: read with the texts of its outputs.

    Raises CannotTell where a golden is gone or has changed, and where a metric reads more than the text of an output.
    """
    missing = [name for name in names if name not in run.header.metrics]
    if not missing:
        return run
    try:
        records = [_with_scores(case, record, missing) for case, record in _cases(run, run.records)]
    except _ReadsMarkup:
        raise CannotTell("a metric reads the markup of outputs, of which a run holds the text only") from None
    header = replace(
        run.header,
        metrics=tuple(name for name in METRICS if name in {*run.header.metrics, *missing}),
        metric_sources={**run.header.metric_sources, **sources_of(missing)},
        definitions={**run.header.definitions, **definitions(missing)},
    )
    return replace(run, header=header, records=tuple(sorted(records, key=lambda record: record.key)))


def with_failed_facts(run: Run) -> Run:
    """The run with the facts that snippets state and outputs do not fulfil. run: read with the texts of its outputs.

    Raises CannotTell where a golden is gone or has changed.
    """
    if any(name.startswith("facts.") for name in run.header.metrics):
        return run
    # Facts that are written for a page were judged with the run.
    rest = [record for record in run.records if not run.header.golden(record.golden).facts]
    judged = {record.key: replace(record, failed_facts=failed_facts(case)) for case, record in _cases(run, rest)}
    return replace(run, records=tuple(judged.get(record.key, record) for record in run.records))


def _cases(run: Run, records: Collection[Record]) -> Iterator[tuple[Case, Record]]:
    """The outputs of records beside their goldens, golden by golden."""
    by_golden = sorted(records, key=lambda record: (record.golden, record.key))
    request = run.header.request
    extensions.use_plugin_files(path for path in request.plugins if path.exists())
    names = request.goldens or tuple({record.golden for record in records})
    entries = {entry.id: entry for entry in find_entries(names, dumps_from(request.dumps)).entries} if records else {}
    for golden_id, group in groupby(by_golden, key=lambda record: record.golden):
        if golden_id not in entries:
            raise CannotTell(f"golden {golden_id!r} is not in {', '.join(names)} any more")
        golden = entries[golden_id].load()
        if why := why_not_golden(run.header.golden(golden_id), facts_of(golden)):
            raise CannotTell(f"{golden_id}: {why} since run {run.id}")
        yield from _outputs(golden, list(group))


def _outputs(golden: Golden, records: Sequence[Record]) -> Iterator[tuple[Case, Record]]:
    words = cached_words(golden)
    for record in records:
        yield _TextCase(golden, record.text, words), record


def _with_scores(case: Case, record: Record, metrics: Sequence[str]) -> Record:
    if record.outcome in _NOT_SCORED:
        unscored = dict.fromkeys(metrics, record.error.partition("\n")[0])
        return replace(record, scores={**record.scores, **dict.fromkeys(metrics)}, unscored={**record.unscored, **unscored})
    values, unscored = scored(case, metrics, failed=record.outcome in FAILURES)
    return replace(record, scores={**record.scores, **values}, unscored={**record.unscored, **unscored})
