"""What a change of the layout did to an output: one kind of failure, with its severity (docs/fuzzing.md).

Texts are compared by grams; precision, recall and F are counted as scoring counts them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import LCSseq

from harness.alignment.align import align
from harness.alignment.words import PageWords, page_words
from harness.engine.answer import FAILURES
from harness.fuzz.grams import Gram, grams
from harness.goldens.golden import Golden
from harness.goldens.vocabulary import LabelVerdict
from harness.pages.words import comparable_text, words

Kind = Literal[
    "timeout", "crash", "body lost", "leak", "duplicate", "order", "invented", "non-determinism", "non-idempotence"
]
Level = Literal["critical", "high", "medium", "low"]

KINDS: dict[Kind, str] = {
    "timeout": "no answer in time, though the unchanged page had one",
    "crash": "an exception, a crash, too much memory or no text, where the page as it was had an answer",
    "body lost": "of the main content, at least half came out before and does not now",
    "leak": "boilerplate comes out that did not come out before, or that the change inserted",
    "duplicate": "main content is repeated in the output",
    "order": "main content comes out in another order than on the page",
    "invented": "words in the output that are not on the page",
    "non-determinism": "the same page gives another output: in another process, or after other pages",
    "non-idempotence": "extracting the output again does not give the same output",
}
"""Kinds of failure. Of one output the first that holds counts, so that no failure is told twice."""

FLOORS: dict[Kind, float] = {
    "timeout": 1.0,
    "crash": 1.0,
    "body lost": 0.5,
    "leak": 0.3,
    "duplicate": 0.2,
    "order": 0.2,
    "invented": 0.02,
    "non-determinism": 0.02,
    "non-idempotence": 0.5,
}
"""The severity, 0…1, from which on a kind is a failure."""

_SPACED_GRAM = 5  # words
_UNSPACED_GRAM = 10  # characters, in scripts written without spaces
_MOST_OF_IT = 0.5  # of the main content, without which a leak is not what is wrong
_FEWEST = 10  # grams of boilerplate, below which a share of them says nothing
_FEWEST_INVENTED = 3  # words


@dataclass(frozen=True)
class Truth:
    """What must and must not come out of a page, as grams of `size` words."""

    golden: Golden
    """The page with its labels."""

    size: int
    """Words in a gram."""

    keep: Mapping[Gram, int]
    """The grams of the main content, with how often each may come out: as main content or as disputed text."""

    boilerplate: frozenset[Gram]
    """The grams of `drop` segments, without those that the main content has, too."""

    inserted: frozenset[Gram]
    """The grams of what operators inserted, without those that the main content has, too."""

    sequence: tuple[Gram, ...]
    """The main content's grams in order, those that are there once."""

    keep_words: tuple[str, ...]
    """The main content's words in order. Other than in scoring, a word ends where a label does."""

    shown: frozenset[str]
    """All words that a reader sees."""

    @cached_property
    def source(self) -> str:
        """The page as it is stored, where words can stand that a reader does not see."""
        return comparable_text(self.golden.page.content)

    @cached_property
    def places(self) -> Mapping[Gram, int]:
        """Where in the sequence each gram stands."""
        return {gram: place for place, gram in enumerate(self.sequence)}

    @cached_property
    def page_words(self) -> PageWords:
        """The page's words as scoring has them."""
        return page_words(self.golden)


@dataclass(frozen=True)
class OutputReading:
    """What one output holds of its page."""

    outcome: str
    """One of harness.engine.answer.OUTCOMES."""

    precision: float
    """As scoring counts it, 0…1; 0 for a failure."""

    recall: float
    """As scoring counts it, 0…1; 0 for a failure."""

    f: float
    """As scoring counts it, 0…1; 0 for a failure."""

    retention: float
    """The share of the main content's grams that came out."""

    leaked: float | None
    """The share of the inserted grams that came out, None where none were inserted."""

    duplicated: float
    """The share of the main content's grams that came out too often."""

    disorder: float
    """Of the grams that the main content has once and that came out: the share that would have to move, at least, to stand
    in page order."""

    invented: float
    """The share of the output's words that are nowhere on the page."""

    words: tuple[str, ...]
    """The words of the output."""

    grams: frozenset[Gram]
    """The grams of the output."""

    @property
    def failed(self) -> bool:
        """Whether there is no answer."""
        return self.outcome in FAILURES


def truth_of(golden: Golden, inserted: Sequence[str] = ()) -> Truth:
    """What must and must not come out of a golden's page. inserted: the texts that operators inserted as boilerplate."""
    lines = list(_labelled_parts(golden))
    keep = [word for line in lines if line.verdict == "keep" for word in line.words]
    disputed = [word for line in lines if line.verdict != "drop" for word in line.words]
    size = _size(keep)
    counts = Counter(grams(keep, size))
    for line in lines:
        if line.verdict == "maybe":
            counts.update(gram for gram in grams(line.words, size) if gram in counts)
    accepted = {*counts, *grams(disputed, size)}
    boilerplate = {gram for line in lines if line.verdict == "drop" for gram in grams(line.words, size)}
    new = {gram for text in inserted for line in text.splitlines() for gram in grams(_words(line), size)}
    return Truth(
        golden=golden,
        size=size,
        keep=counts,
        boilerplate=frozenset(boilerplate - accepted),
        inserted=frozenset(new - accepted),
        sequence=tuple(gram for gram in grams(keep, size) if counts[gram] == 1),
        keep_words=tuple(keep),
        shown=frozenset(word for line in lines for word in (*line.words, *line.across)),
    )


def read_output(truth: Truth, outcome: str, text: str) -> OutputReading:
    """What an output holds of its page."""
    laid = align(truth.page_words, text)
    out, number = laid.output.words, laid.counts
    counts = Counter(grams(out, truth.size))
    precision, recall, f = (0.0, 0.0, 0.0) if outcome in FAILURES else (number.precision, number.recall, number.f)
    return OutputReading(
        outcome=outcome,
        precision=precision,
        recall=recall,
        f=f,
        retention=_share(truth.keep.keys(), counts.keys()) if truth.keep else 1.0,
        leaked=_share(truth.inserted, counts.keys()) if truth.inserted else None,
        duplicated=_duplicated(truth, counts),
        disorder=_disorder(truth, counts),
        invented=_invented(truth, out),
        words=out,
        grams=frozenset(counts),
    )


def severities(control: Truth, before: OutputReading, changed: Truth, after: OutputReading) -> dict[Kind, float]:
    """How bad each kind of failure is, 0…1, on a changed page against the page as it was.

    Behind the first kind that reaches its floor all others are 0. All are 0 where the page as it was has no answer.
    """
    found: dict[Kind, float] = dict.fromkeys(KINDS, 0.0)
    if before.failed:
        return found
    lost = max(0.0, before.retention - after.retention)
    exact: dict[Kind, float] = {
        "timeout": float(after.outcome == "timeout"),
        "crash": float(after.failed and after.outcome != "timeout"),
        "body lost": lost,
        "leak": _leak(control, before, changed, after),
        "duplicate": max(0.0, after.duplicated - before.duplicated),
        "order": max(0.0, after.disorder - before.disorder),
        "invented": max(0.0, after.invented - before.invented),
    }
    for kind, severity in exact.items():
        found[kind] = severity
        if severity >= FLOORS[kind]:
            break
    return found


def failure(found: Mapping[Kind, float]) -> tuple[Kind, float] | None:
    """The kind that reaches its floor, with its severity; None for none."""
    return next(((kind, severity) for kind, severity in found.items() if severity >= FLOORS[kind]), None)


def level_of(kind: Kind, severity: float) -> Level:
    """How much a failure matters."""
    if kind in ("timeout", "crash", "body lost"):
        return "critical"
    if kind in ("duplicate", "non-determinism") or (kind == "leak" and severity > 0.5):
        return "high"
    return "low" if kind == "non-idempotence" else "medium"


def word_distance(a: Sequence[str], b: Sequence[str]) -> float:
    """How far two sequences of words are from each other: 0 for equal ones, 1 for two without a common word."""
    longest = max(len(a), len(b))
    if not longest:
        return 0.0
    codes = {word: code for code, word in enumerate(dict.fromkeys([*a, *b]))}
    return 1 - LCSseq.similarity([codes[word] for word in a], [codes[word] for word in b]) / longest


def lost_words(truth: Truth, reading: OutputReading) -> tuple[str, ...]:
    """The words of the main content that did not come out, in page order."""
    return _words_in_grams(truth.keep_words, truth.size, lambda gram: gram not in reading.grams)


def leaked_words(control: Truth, before: OutputReading, changed: Truth, after: OutputReading) -> tuple[str, ...]:
    """The words of boilerplate that came out and had not come out before, in the order of the output."""
    old = before.grams & control.boilerplate
    new = (changed.boilerplate | changed.inserted) - old
    return _words_in_grams(after.words, changed.size, lambda gram: gram in new)


@dataclass(frozen=True)
class _LabelledPart:
    """The part of a line that falls under one verdict."""

    verdict: LabelVerdict
    """The verdict."""

    words: tuple[str, ...]
    """The words of the part."""

    across: tuple[str, ...]
    """The words of the whole line where that has several parts, since a word may run over from one part into the next."""


def _labelled_parts(golden: Golden) -> Iterator[_LabelledPart]:
    for line in golden.lines():
        parts = [(verdict, "".join(s.text for s in part)) for verdict, part in groupby(line, key=lambda s: s.verdict)]
        across = _words("".join(text for _, text in parts)) if len(parts) > 1 else ()
        for verdict, text in parts:
            yield _LabelledPart(verdict, _words(text), across)


@lru_cache(maxsize=100_000)  # the pages that operators make of one page have most of their lines in common
def _words(line: str) -> tuple[str, ...]:
    return tuple(words(line))


def _size(sequence: Sequence[str]) -> int:
    single = sum(len(word) == 1 for word in sequence)
    size = _UNSPACED_GRAM if 2 * single > len(sequence) else _SPACED_GRAM
    return max(1, min(size, len(sequence)))


def _share(wanted: Set[Gram], present: Set[Gram]) -> float:
    return len(wanted & present) / len(wanted)


def _duplicated(truth: Truth, counts: Mapping[Gram, int]) -> float:
    too_often = sum(1 for gram, often in counts.items() if often > 1 and often > truth.keep.get(gram, often))
    return too_often / len(truth.keep) if truth.keep else 0.0


def _leak(control: Truth, before: OutputReading, changed: Truth, after: OutputReading) -> float:
    """The larger share: of what was inserted, or of what was there already and comes out beyond what came out before.

    0 where less than half of the main content came out before or comes out now: then the leak is not what is wrong.
    """
    if before.retention < _MOST_OF_IT or after.retention < _MOST_OF_IT * before.retention:
        return 0.0
    inserted = after.leaked if after.leaked is not None and len(changed.inserted) >= _FEWEST else 0.0
    stayed = control.boilerplate & changed.boilerplate - changed.inserted
    if len(stayed) < _FEWEST:
        return inserted
    return max(inserted, (len(stayed & after.grams) - len(stayed & before.grams)) / len(stayed))


def _disorder(truth: Truth, counts: Mapping[Gram, int]) -> float:
    """counts: of the output's grams, in the order in which they first come out. What came out more often has no place, and
    does not have to move."""
    places = [(truth.places[gram], often) for gram, often in counts.items() if gram in truth.places]
    order = [place for place, often in places if often == 1]
    return (len(order) - _longest_rising(order)) / len(places) if places else 0.0


def _longest_rising(sequence: Iterable[int]) -> int:
    """The length of a longest rising subsequence (Fredman 1975)."""
    ends: list[int] = []
    for value in sequence:
        place = len(ends) if not ends or value > ends[-1] else bisect_left(ends, value)
        ends[place : place + 1] = [value]
    return len(ends)


def _invented(truth: Truth, out: Sequence[str]) -> float:
    unknown = Counter(word for word in out if word not in truth.shown)
    if unknown.total() < _FEWEST_INVENTED:
        return 0.0
    number = sum(often for word, often in unknown.items() if word not in truth.source)
    return number / len(out) if number >= _FEWEST_INVENTED else 0.0


def _words_in_grams(sequence: Sequence[str], size: int, wanted: Callable[[Gram], bool]) -> tuple[str, ...]:
    """The words that stand in a gram that is wanted."""
    marked = [False] * len(sequence)
    for start, gram in enumerate(grams(sequence, size)):
        if wanted(gram):
            marked[start : start + size] = [True] * size
    return tuple(word for word, mark in zip(sequence, marked) if mark)
