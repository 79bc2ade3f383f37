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
from harness.evaluation.goldens import under_policy
from harness.evaluation.scoring import cached_words, fabricated_passages, failed_facts, scored, words_of
from harness.goldens.golden import Golden
from harness.goldens.policy import golden_under, read_policy
from harness.goldens.sets import dumps_from
from harness.metrics import METRICS, SHOWN_METRICS, Case
from harness.metrics.choice import sources_of
from harness.metrics.definitions import definitions
from harness.metrics.own.fabrication import FABRICATED
from harness.runs.comparable import why_not_golden
from harness.runs.header import GoldenFacts
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


def under_policies(run: Run, policies: Sequence[str]) -> dict[str, Run]:
    """The run as it would be if its goldens had been read under each of these policies, by their names.

    run: read with the texts of its outputs. SHOWN_METRICS are computed; benchmarks and facts have their own idea of the main
    content. Raises Impossible for a policy that does not exist, CannotTell where a golden is gone, has changed, or does not
    tell kinds of text apart.
    """
    chosen = [read_policy(name) for name in policies]
    goldens: dict[str, dict[str, GoldenFacts]] = {policy.name: {} for policy in chosen}
    records: dict[str, list[Record]] = {policy.name: [] for policy in chosen}
    for golden, group in _outputs_by_golden(run, run.records):
        for policy in chosen:
            judged = golden_under(policy, golden)
            goldens[policy.name][golden.id] = facts_of(judged)
            for case, record in _outputs(judged, group):
                records[policy.name].append(_rescored(case, record))
    header = replace(
        run.header,
        metrics=SHOWN_METRICS,
        shown=SHOWN_METRICS,
        definitions=definitions(SHOWN_METRICS),
        metric_sources={},
    )
    return {
        policy.name: replace(
            run,
            header=replace(
                header,
                request=replace(header.request, policy=policy.name),
                verdicts=policy.verdicts,
                goldens=goldens[policy.name],
            ),
            records=tuple(sorted(records[policy.name], key=lambda record: record.key)),
        )
        for policy in chosen
    }


def _rescored(case: Case, record: Record) -> Record:
    counted = words_of(case) if record.outcome not in _NOT_SCORED else {}
    fresh = replace(record, scores={}, unscored={}, failed_facts={}, **counted)  # type: ignore[arg-type]
    return _with_scores(case, fresh, SHOWN_METRICS)


def _cases(run: Run, records: Collection[Record]) -> Iterator[tuple[Case, Record]]:
    """The outputs of records beside their goldens, golden by golden."""
    for golden, group in _outputs_by_golden(run, records):
        yield from _outputs(golden, group)


def _outputs_by_golden(run: Run, records: Collection[Record]) -> Iterator[tuple[Golden, list[Record]]]:
    """Goldens with their records. Raises CannotTell where a golden is gone or has changed since the run."""
    run.require_texts(records)
    by_golden = sorted(records, key=lambda record: (record.golden, record.key))
    request = run.header.request
    extensions.use_plugin_files(path for path in request.plugins if path.exists())
    names = request.goldens or tuple({record.golden for record in records})
    found = find_entries(names, dumps_from(request.dumps)).entries if records else []
    entries = {entry.id: entry for entry in under_policy(found, run.header.policy)}
    for golden_id, group in groupby(by_golden, key=lambda record: record.golden):
        if golden_id not in entries:
            raise CannotTell(f"golden {golden_id!r} is not in {', '.join(names)} any more")
        golden = entries[golden_id].golden()
        if why := why_not_golden(run.header.golden(golden_id), facts_of(golden)):
            raise CannotTell(f"{golden_id}: {why} since run {run.id}")
        yield golden, list(group)


def _outputs(golden: Golden, records: Sequence[Record]) -> Iterator[tuple[Case, Record]]:
    words = cached_words(golden)
    for record in records:
        yield _TextCase(golden, record.text, words), record


def _with_scores(case: Case, record: Record, metrics: Sequence[str]) -> Record:
    if record.outcome in _NOT_SCORED:
        unscored = dict.fromkeys(metrics, record.error.partition("\n")[0])
        return replace(record, scores={**record.scores, **dict.fromkeys(metrics)}, unscored={**record.unscored, **unscored})
    values, unscored = scored(case, metrics, failed=record.outcome in FAILURES)
    passages = fabricated_passages(case) if values.get(FABRICATED) else record.fabricated
    scores, reasons = {**record.scores, **values}, {**record.unscored, **unscored}
    return replace(record, scores=scores, unscored=reasons, fabricated=passages)
