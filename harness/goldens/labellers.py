"""Two people's labels of one page: how far they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.goldens.golden import Golden, Segment
from harness.goldens.vocabulary import TEXT_KINDS, LabelVerdict
from harness.pages.words import find_words
from harness.stats.alpha import krippendorff_alpha

Meaning = tuple[LabelVerdict, str]
"""A verdict and a kind of text."""

BESIDE = frozenset({"alt", "attribute", "json-ld", "metadata", "template"})
"""Kinds of text beside the rendered page, which nobody labels unless it matters."""


@dataclass(frozen=True)
class Dispute:
    """Words in one line of a page on which two people have different verdicts."""

    golden: str
    """The id of the first one's golden."""
    line: int
    """The page's line, as `Segment.line`."""
    text: str
    """The words as the page has them."""
    first: Meaning
    """What the first one says."""
    second: Meaning
    """What the second one says."""


@dataclass(frozen=True)
class KindAgreement:
    """How far two people agree on one kind of text."""

    first: int
    """Words that the first one gives the kind."""
    second: int
    """Words that the second one gives the kind."""
    both: int
    """Words that both give it."""
    same_verdict: int
    """Words that one of them gives the kind, and on which they have the same verdict."""
    alpha: float | None
    """Krippendorff's alpha of whether a word is of the kind."""

    @property
    def either(self) -> int:
        """Words that one of them gives the kind."""
        return self.first + self.second - self.both


@dataclass(frozen=True)
class LabelAgreement:
    """How far two people agree on pages that both have labelled. Units are the words of the pages."""

    pages: int
    """Pages that both have labelled."""
    words: int
    """Words of these pages; those beside the rendered page only if one of them labels them."""
    same_verdict: int
    """Words on which they have the same verdict."""
    alpha_verdict: float | None
    """Krippendorff's alpha of the verdicts; None where both give all words one verdict."""
    alpha_kind: float | None
    """Krippendorff's alpha of the kinds."""
    kinds: dict[str, KindAgreement]
    """By kind of text, those that one of them gives a word."""
    disputes: tuple[Dispute, ...]
    """Where verdicts differ, in page order."""


def agreement_of(pairs: Iterable[tuple[Golden, Golden]]) -> LabelAgreement:
    """The agreement of two people over goldens of the same pages, by pairs."""
    units: list[tuple[Meaning, Meaning]] = []
    disputes: list[Dispute] = []
    pages = 0
    for first, second in pairs:
        pages += 1
        for line, text, words in _lines(first, second):
            units += [(a, b) for _, _, a, b in words]
            for (a, b), group in groupby(words, key=lambda word: word[2:]):
                run = list(group)
                if a[0] != b[0]:
                    disputes.append(Dispute(first.id, line, text[run[0][0] : run[-1][1]], a, b))
    return LabelAgreement(
        pages,
        len(units),
        sum(a[0] == b[0] for a, b in units),
        krippendorff_alpha((a[0], b[0]) for a, b in units),
        krippendorff_alpha((a[1], b[1]) for a, b in units),
        {kind: _of_kind(kind, units) for kind in TEXT_KINDS if any(kind in (a[1], b[1]) for a, b in units)},
        tuple(disputes),
    )


def _of_kind(kind: str, units: Sequence[tuple[Meaning, Meaning]]) -> KindAgreement:
    marks = [(a[1] == kind, b[1] == kind) for a, b in units]
    return KindAgreement(
        sum(a for a, _ in marks),
        sum(b for _, b in marks),
        sum(a and b for a, b in marks),
        sum(a[0] == b[0] for a, b in units if kind in (a[1], b[1])),
        krippendorff_alpha(marks),
    )


def _lines(first: Golden, second: Golden) -> Iterator[tuple[int, str, list[tuple[int, int, Meaning, Meaning]]]]:
    """The lines of a page with their words: where each begins and ends, and what both say of its first character."""
    for mine, theirs in zip(first.lines(), second.lines(), strict=True):
        text = "".join(segment.text for segment in mine)
        a, b = _meanings(mine), _meanings(theirs)
        found = [(word.start, word.end, a[word.start], b[word.start]) for word in find_words(text)]
        yield mine[0].line, text, [word for word in found if not _is_nobodys(word[2]) or not _is_nobodys(word[3])]


def _meanings(line: Sequence[Segment]) -> list[Meaning]:
    """What is said of each character of a line."""
    return [(segment.verdict, segment.kind) for segment in line for _ in segment.text]


def _is_nobodys(meaning: Meaning) -> bool:
    return meaning[0] == "drop" and meaning[1] in BESIDE
