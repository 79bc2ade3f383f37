r"""The metrics of article-extraction-benchmark, as its script `evaluate.py` (commit 4a3bc97) defines them.

Texts are compared by their shingles: the multiset of all windows of four tokens, where a token is a match of `\w+`, case
kept. A text of one to three tokens is one shorter shingle, a text without tokens has none.
"""

from __future__ import annotations

import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from harness.alignment.counts import f_score
from harness.datasets.catalogue import CATALOGUE
from harness.metrics.base import Case, Family, Metric, Scored
from harness.metrics.benchmarks.tokens import word_tokens

_SIZE = 4
_COUNTS = ("aeb.tp", "aeb.fp", "aeb.fn")

Tokens = tuple[str, ...]


def aeb_scores(case: Case) -> dict[str, float | None]:
    """P, R, F and exactness of one output, each in 0…1, and the counts that they come from.

    P of an output without tokens and R of a main content without tokens are None: the script leaves the page out. It has
    no F of a page; here it is the harmonic mean of P and R where what is left out counts as 0, and None if both are.
    """
    gold_tokens, gold = _shingled_gold(case.golden.main_content)
    tokens = _tokens(case.text)
    counts = _shares(gold, _shingles(tokens))
    return {**_values(counts), "aeb.exact": float(tokens == gold_tokens)}


def aeb_failed(case: Case) -> dict[str, float | None]:
    """As if something had come out, all of it wrong. To the script it is an empty output, which costs no precision."""
    return {**_values((0.0, 0.5, 0.5)), "aeb.exact": 0.0}


def _shares(gold: Counter[Tokens], output: Counter[Tokens]) -> tuple[float, float, float]:
    """Shingles of both, of the output alone and of the gold alone, as shares of the three together; 0 if there are none.

    The script too divides before it computes rates; without that the last bits of these would differ from its own.
    """
    both = (gold & output).total()
    wrong, missed = output.total() - both, gold.total() - both
    total = (both + wrong + missed) or 1
    return both / total, wrong / total, missed / total


def _values(counts: tuple[float, float, float]) -> dict[str, float | None]:
    tp, fp, fn = counts
    p, r = _rate(tp, fp), _rate(tp, fn)
    return {**dict(zip(_COUNTS, counts)), "aeb.P": p, "aeb.R": r, "aeb.F": _f(p, r)}


def _rate(right: float, wrong: float) -> float | None:
    return right / (right + wrong) if right + wrong else None


def _f(p: float | None, r: float | None) -> float | None:
    return None if p is None and r is None else f_score(p or 0.0, r or 0.0)


def _tokens(text: str) -> Tokens:
    return tuple(word_tokens(text))


def _shingles(tokens: Tokens) -> Counter[Tokens]:
    if 0 < len(tokens) < _SIZE:
        return Counter([tokens])
    return Counter(zip(*(tokens[start:] for start in range(_SIZE))))


@lru_cache(maxsize=16)
def _shingled_gold(text: str) -> tuple[Tokens, Counter[Tokens]]:
    tokens = tuple(map(sys.intern, _tokens(text)))  # what is kept in memory has each token once
    return tokens, _shingles(tokens)


def _mean_precision(pages: Sequence[Scored]) -> float | None:
    return _mean_rate("aeb.fp", pages)


def _mean_recall(pages: Sequence[Scored]) -> float | None:
    return _mean_rate("aeb.fn", pages)


def _mean_rate(wrong: str, pages: Sequence[Scored]) -> float | None:
    """The mean over the pages that have the rate, rounded once, as the script computes it."""
    counts = ((page.scores.get("aeb.tp"), page.scores.get(wrong)) for page in pages)
    rates = [rate for tp, other in counts if tp is not None and other is not None and (rate := _rate(tp, other)) is not None]
    return statistics.mean(rates) if rates else None


def _f_of_means(pages: Sequence[Scored]) -> float | None:
    """The harmonic mean of mean P and mean R; 0 where the script stops, since one has no page or both are 0."""
    return _f(_mean_precision(pages), _mean_recall(pages))


_P = "AEB precision: share of the output's 4-word shingles that the main content has; pages without output are left out"
_R = "AEB recall: share of the main content's 4-word shingles that came out"
_F = "AEB F1: harmonic mean of the means of aeb.P and aeb.R, not a mean over pages"
_EXACT = "AEB accuracy: share of pages whose output has just the words of the main content"

AEB = Family(
    (
        Metric("aeb.P", _P, True, 0.0, _mean_precision),
        Metric("aeb.R", _R, True, 0.0, _mean_recall),
        Metric("aeb.F", _F, True, 0.0, _f_of_means),
        Metric("aeb.exact", _EXACT, True, 0.0),
    ),
    aeb_scores,
    counts=_COUNTS,
    failed=aeb_failed,
    order=100,
    citation=CATALOGUE["aeb"].citation,
)
