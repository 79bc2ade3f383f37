"""What one extractor did on one page, and a run as it was read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from harness.common.errors import CannotTell
from harness.common.typed import Count, Number, NumberFrom0
from harness.runs.header import RunHeader
from harness.runs.texts import keeps_text

Key = tuple[str, str, int]
"""Extractor, golden and repeat: a run has one record for each."""


@dataclass(frozen=True)
class Record:
    """What one extractor did on one page."""

    extractor: str
    """Its name, as it was asked for."""
    golden: str
    """The golden's id, `SET/NAME`."""
    media: str
    """`text/html` or `text/plain`: the track of the page."""
    kind: str
    """The kind of page."""
    lang: str
    """The language of the page."""
    site: str
    """The site of the page."""
    coerced: bool
    """Whether the page was converted for the extractor, which is made for the other track."""
    outcome: str
    """One of `OUTCOMES`."""
    error: str
    """What happened, where the outcome is a failure."""
    text: str
    """The output as plain text; empty where a run was read without texts."""
    scores: Mapping[str, Number | None]
    """Values of metrics, and the counts that some are computed from over many pages; None where the golden lacks what a
    metric needs, or where the
    metric failed."""
    counts: Mapping[str, Count]
    """Words: kept, missed, leaked, free; empty where words were not counted."""
    leaks: Mapping[str, Count]
    """Leaked words by kind of text; empty, too, where words were not counted."""
    misses: Mapping[str, Count]
    """Missed words by kind of text; empty, too, where words were not counted."""
    frees: Mapping[str, Count] = field(default_factory=dict)
    """Words of optional text that came out, by kind of text."""
    timing: Mapping[str, NumberFrom0 | None] = field(default_factory=dict)
    """Seconds and bytes (see Answer.timing), apart from all else, since they differ from run to run."""
    repeat: Count = 0
    """How often the extractor had been given the page before."""
    page_bytes: Count = 0
    """Size of the stored page."""
    characters: Count = 0
    """Characters of the output as the extractor returned it, markup included; 0 also in runs of earlier versions."""
    cached: bool = False
    """Whether the answer was given in an earlier run."""
    retried: str = ""
    """Why a new worker was given the page, in place of one that had answered others: what became of that one. Empty where
    the page failed in the new one, too, and where there was no such worker."""
    unscored: Mapping[str, str] = field(default_factory=dict)
    """Why metrics failed that have no value for that reason, by name."""
    failed_facts: Mapping[str, str] = field(default_factory=dict)
    """Facts of the golden that the output does not fulfil, by their place and text, each with what is there instead."""
    fabricated: Mapping[str, Count] = field(default_factory=dict)
    """The passages of the output with most words that the page does not have, quoted, each with the number of them."""

    confidence: NumberFrom0 | None = None
    """How sure the extractor said it was of its output, 0…1; None where it did not say."""
    truncated: bool = False
    """Whether the extractor read only a part of the page, or only a part of its model's answer came."""

    @property
    def language(self) -> str:
        """The language of the page without its region: `de` of `de-AT`."""
        return self.lang.partition("-")[0]

    @property
    def left_damage(self) -> bool:
        """Whether a process of the extractor crashed or broke the protocol, on this page or before it, though the page alone
        does no harm; not where it had used up its memory."""
        return bool(self.retried) and not self.retried.startswith("memory")

    @property
    def set(self) -> str:
        """The set that the golden belongs to."""
        return self.golden.rpartition("/")[0]

    @property
    def key(self) -> Key:
        """Extractor, golden and repeat: a run has one record for each."""
        return self.extractor, self.golden, self.repeat

    @property
    def lacks_text(self) -> bool:
        """Whether nothing came out though something should have: not where the page has no main content."""
        is_right = self.scores["F"] == 1 if "F" in self.scores else self.counts.get("missed") == 0
        return self.outcome == "empty" and not is_right

    @property
    def answers(self) -> bool:
        """Whether an answer came: text, or nothing where that is right."""
        return self.outcome in ("ok", "empty") and not self.lacks_text


def with_equal_scores(records: Sequence[Record]) -> tuple[Record, ...]:
    """The records, each with a score of every metric that one of them has: None where it has none of its own."""
    different = dict.fromkeys(tuple(record.scores) for record in records)  # most have the same ones
    names = dict.fromkeys(name for scores in different for name in scores)
    return tuple(
        record
        if len(record.scores) == len(names)
        else replace(record, scores={name: record.scores.get(name) for name in names})
        for record in records
    )


@dataclass(frozen=True)
class Run:
    """A run: what was asked for, and a record for each extractor, page and repeat."""

    id: str
    """Its name, by which runs sort by time; `baseline` for a baseline shown as a run."""
    header: RunHeader
    """What was asked for, and the facts that results depend on."""
    versions: Mapping[str, str | None]
    """The version of each extractor that was loaded; None where it has none."""
    records: tuple[Record, ...]
    """The results, sorted by key."""
    finished: bool
    """Whether everything that was asked for was done."""
    not_loaded: Mapping[str, str] = field(default_factory=dict)
    """Extractors that could not be loaded, and why; they have no records of the pages that they were to run on."""
    not_cached: tuple[str, ...] = ()
    """Extractors whose outputs are not kept for later runs, since it is not known what else they run or read."""
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By extractor: keys under which the cache of outputs knows what was read for its answers; empty: unknown."""
    texts: Mapping[Key, str] = field(default_factory=dict, repr=False, compare=False)
    """The texts of its outputs, each read when it is asked for; empty where they are kept nowhere but in the records."""

    def text_of(self, record: Record) -> str:
        """The text of the output of one of its records, whether or not they were read with their texts.

        Raises CannotTell if it was not kept.
        """
        self.require_texts([record])
        return record.text or self.texts.get(record.key, "")

    def has_text_of(self, record: Record) -> bool:
        """Whether it knows the text of the output of one of its records: not where `--keep-texts` left it out."""
        return record.outcome != "ok" or keeps_text(self.header.request.keep_texts, record.golden)

    def require_texts(self, records: Iterable[Record]) -> None:
        """Raise CannotTell if it does not know the text of one of these outputs."""
        for record in records:
            if not self.has_text_of(record):
                raise CannotTell(
                    f"run {self.id} holds no text of {record.extractor} on {record.golden}: it was made with "
                    f"--keep-texts {self.header.request.keep_texts}"
                )

    def only(self, names: Collection[str]) -> Run:
        """The part of it that is about these extractors."""
        return replace(
            self,
            records=tuple(record for record in self.records if record.extractor in names),
            not_loaded={name: reason for name, reason in self.not_loaded.items() if name in names},
            not_cached=tuple(name for name in self.not_cached if name in names),
            reads={name: keys for name, keys in self.reads.items() if name in names},
        )

    def to_frame(self) -> Any:
        """The records as a pandas DataFrame, else as a polars DataFrame, else as a list of dictionaries.

        It depends on what is installed; the columns are those of `harness run --format csv`: counts in words, scores as
        their metrics define them, None where there is no value.
        """
        from harness.runs.rows import rows_of

        rows = rows_of(self)
        for library in ("pandas", "polars"):
            if find_spec(library):
                return import_module(library).DataFrame(rows)
        return rows
