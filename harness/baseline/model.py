"""What a baseline consists of, and how a run becomes one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from harness.common.project import project_root
from harness.common.typed import Count, Number
from harness.metrics import METRICS, OWN_METRICS
from harness.runs.comparable import why_not, why_not_golden
from harness.runs.header import ExtractorFacts, GoldenFacts, RunHeader
from harness.runs.record import Record, Run, with_equal_scores
from harness.runs.summary import average_repeats

OWN = (
    "P",
    "R",
    "F",
    "MER",
    "blocks.F",
    "punctuation",
    "code",
)  # of our own metrics; those of benchmarks are kept where a run was asked for them
_NOT_KEPT = frozenset(OWN_METRICS) - frozenset(OWN)
DIGITS = 9

RowKey = tuple[str, str]
"""The name of an extractor and the id of a golden."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One result on a page, as in a Record."""

    outcome: str
    """One of the outcomes of harness.engine.answer."""
    scores: Mapping[str, Number | None]
    """By metric, with nine decimals."""
    counts: Mapping[str, Count]
    """Words kept, missed, leaked and free."""
    leaks: Mapping[str, Count]
    """Leaked words by kind."""
    misses: Mapping[str, Count]
    """Missed words by kind."""
    frees: Mapping[str, Count]
    """Optional words in the output, by kind."""
    characters: Count = 0
    """Characters of the output, markup included; 0 for none, and in baselines of earlier versions."""
    failed_facts: tuple[str, ...] = ()
    """The facts and snippets that the output does not fulfil, each as a hash of what a Record calls it."""


@dataclass(frozen=True, kw_only=True)
class BaselineRow(Measurement):
    """What one extractor does on one page: of repeats their mean, and the worst outcome."""

    extractor: str
    """The extractor's name."""
    golden: str
    """The golden's id."""
    coerced: bool = False
    """Whether the page was converted for it."""
    repeats: tuple[Measurement, ...] = ()
    """Each of them, if the page was run several times with different results."""
    why: str = ""
    """Why it was accepted, in the words of who did."""

    @property
    def each(self) -> tuple[Measurement, ...]:
        """The result of each time; one item for an extractor that always does the same."""
        return self.repeats or (self,)


@dataclass(frozen=True, kw_only=True)
class BaselineGolden:
    """A golden as it was measured."""

    page: str
    """SHA-256 of the page, as in a run's header."""
    labels: str
    """Hash of the labels, as in a run's header."""
    media: str
    """The media type of the page."""
    kind: str
    """The kind of page."""
    lang: str
    """The language tag, such as `en-GB`."""
    site: str
    """The site, as a host name."""
    bytes: Count
    """The size of the page."""
    flags: tuple[str, ...] = ()
    """Known defects."""
    facts: str = ""
    """Hash of the facts, as in a run's header."""
    policy: str = ""
    """The policy that the labels were read under, a file by its path from the project's root; empty: as they are."""


@dataclass(frozen=True, kw_only=True)
class BaselineExtractor:
    """An extractor as it was measured."""

    version: str | None
    """None where unknown."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What its function is given besides a page."""
    reference: bool = False
    """Whether it is a reference that does not compete."""
    word: str = ""
    """What `-e` was given for it, where that is not its name: `fast=cmd:./fast`, with paths from the project's root."""
    retried: Count = 0
    """How many pages were given to a new process, since one that had answered others crashed: see Record.left_damage."""


@dataclass(frozen=True)
class Baseline:
    """What later runs are compared with."""

    definitions: Mapping[str, int]
    """Versions of what scores are computed by, see harness.metrics.definitions."""
    extractors: Mapping[str, BaselineExtractor]
    """By name."""
    goldens: Mapping[str, BaselineGolden]
    """By id."""
    rows: Mapping[RowKey, BaselineRow]
    """By extractor and golden, sorted; the extractor and the golden of each are known."""
    unranked: tuple[str, ...] = ()
    """Sets that no extractor is ranked by."""

    def only(self, names: Collection[str]) -> Baseline:
        """The part of it that is about these extractors."""
        rows = {pair: row for pair, row in self.rows.items() if pair[0] in names}
        kept = {golden for _, golden in rows}
        return replace(
            self,
            extractors={name: about for name, about in self.extractors.items() if name in names},
            goldens={golden_id: golden for golden_id, golden in self.goldens.items() if golden_id in kept},
            rows=rows,
        )

    def renamed(self, names: Mapping[str, str]) -> Baseline:
        """The same with other names for extractors. names: by old name the new one, which must not be there."""
        if not names:
            return self
        rows = {
            (names.get(name, name), golden): replace(row, extractor=names.get(name, name))
            for (name, golden), row in self.rows.items()
        }
        extractors = {names.get(name, name): about for name, about in self.extractors.items()}
        return replace(self, extractors=dict(sorted(extractors.items())), rows=dict(sorted(rows.items())))

    def records(self) -> tuple[Record, ...]:
        """The rows as records of a run, one for each repeat, without texts, errors and times."""
        return with_equal_scores([*self._records()])

    def as_run(self) -> Run:
        """The baseline as a finished run with the id `baseline`, for what shows or compares runs."""
        records = self.records()
        names = {name for record in records for name in record.scores}
        metrics = tuple(name for name in METRICS if name in names)
        header = RunHeader(
            id="baseline",
            states_choice=False,
            metrics=metrics,
            shown=metrics,
            definitions=dict(self.definitions),
            goldens={
                golden_id: GoldenFacts(golden.page, golden.labels, golden.flags, golden.facts)
                for golden_id, golden in self.goldens.items()
            },
            extractors={name: ExtractorFacts(options=dict(about.options)) for name, about in self.extractors.items()},
            references=tuple(name for name, about in self.extractors.items() if about.reference),
            unranked=self.unranked,
        )
        versions = {name: about.version for name, about in self.extractors.items()}
        return Run("baseline", header, versions, records, finished=True)

    def _records(self) -> Iterator[Record]:
        for row in self.rows.values():
            golden = self.goldens[row.golden]
            for number, measured in enumerate(row.each):
                yield Record(
                    extractor=row.extractor,
                    golden=row.golden,
                    media=golden.media,
                    kind=golden.kind,
                    lang=golden.lang,
                    site=golden.site,
                    coerced=row.coerced,
                    outcome=measured.outcome,
                    error="",
                    text="",
                    scores=measured.scores,
                    counts=measured.counts,
                    leaks=measured.leaks,
                    misses=measured.misses,
                    frees=measured.frees,
                    repeat=number,
                    page_bytes=golden.bytes,
                    characters=measured.characters,
                )


EMPTY = Baseline({}, {}, {}, {})


def baseline_of(run: Run) -> Baseline:
    """What a run measured, as a baseline has it. Goldens and extractors without a record are not in it."""
    repeats: dict[RowKey, list[Record]] = {}
    for record in run.records:
        repeats.setdefault((record.extractor, record.golden), []).append(record)
    means = {(record.extractor, record.golden): record for record in average_repeats(run.records)}
    header = run.header
    request = header.request.moved(Path(), project_root())
    goldens = {
        record.golden: BaselineGolden(
            page=header.golden(record.golden).page,
            labels=header.golden(record.golden).labels,
            media=record.media,
            kind=record.kind,
            lang=record.lang,
            site=record.site,
            bytes=record.page_bytes,
            flags=header.golden(record.golden).flags,
            facts=header.golden(record.golden).facts,
            policy=request.policy,
        )
        for _, record in sorted({record.golden: record for record in run.records}.items())
    }
    words = dict(zip(header.request.extractor_names, request.extractors))
    extractors = {
        name: BaselineExtractor(
            version=run.versions.get(name),
            options=header.extractor(name).options,
            reference=name in header.references,
            word=words.get(name, name) if words.get(name, name) != name else "",
            retried=sum(record.left_damage for record in run.records if record.extractor == name),
        )
        for name in sorted({name for name, _ in repeats})
    }
    rows = {pair: _row(means[pair], repeats[pair]) for pair in sorted(repeats)}
    kept = {"text", "words", *(name for row in rows.values() for name in row.scores)}
    definitions = {name: version for name, version in sorted(header.definitions.items()) if name in kept}
    unranked = {golden.rpartition("/")[0] for golden in goldens} & {*header.unranked}
    return Baseline(definitions, extractors, goldens, rows, tuple(sorted(unranked)))


def _row(mean: Record, repeats: Sequence[Record]) -> BaselineRow:
    each = [measurement_of(record) for record in sorted(repeats, key=lambda record: record.repeat)]
    return BaselineRow(
        extractor=mean.extractor,
        golden=mean.golden,
        coerced=mean.coerced,
        repeats=tuple(each) if any(other != each[0] for other in each) else (),
        **vars(each[0] if len(each) == 1 else measurement_of(mean)),
    )


def why_not_page(before: Baseline, after: Baseline, golden: str, metric: str | None = None) -> str:
    """Why scores of a page cannot be compared, as `why_not` says it, or since only one side was read under a policy."""
    why = why_not(before, after, golden=golden, metric=metric)
    old, new = before.goldens[golden], after.goldens[golden]
    if old.labels == new.labels or old.policy == new.policy or why != why_not_golden(old, new, metric):
        return why
    sides = [f"under the policy {side.policy}" if side.policy else "without a policy" for side in (old, new)]
    return f"the baseline was measured {sides[0]}, and the run {sides[1]}"


def measurement_of(record: Record) -> Measurement:
    """What a baseline keeps of a record, without the last digits, in which machines may differ."""
    return Measurement(
        outcome=record.outcome,
        scores={
            name: None if value is None else round(value, DIGITS)
            for name, value in record.scores.items()
            if name not in _NOT_KEPT
        },
        counts=record.counts,
        leaks=record.leaks,
        misses=record.misses,
        frees=record.frees,
        characters=record.characters,
        failed_facts=tuple(sorted(map(fact_hash, record.failed_facts))),
    )


def fact_hash(fact: str) -> str:
    """What stands in a baseline for a fact, since that holds no texts."""
    return hashlib.sha256(fact.encode("utf-8", "surrogatepass")).hexdigest()[:12]
