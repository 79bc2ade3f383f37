"""The metrics of trafilatura's own evaluation, as `tests/eval_common.py` (commit e90b0ef) defines them.

A page has a few snippets that must come out and a few that must not. A snippet came out if the output contains it, case
kept, every run of spaces taken as one. The four counts are summed over all pages before a rate is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from harness.datasets.catalogue import CATALOGUE
from harness.goldens.golden import Golden
from harness.metrics.base import Case, Family, Metric, Scored
from harness.metrics.counts import ratio, totals

_COUNTS = ("trafilatura.tp", "trafilatura.fp", "trafilatura.fn", "trafilatura.tn")

Rate = Callable[[float, float, float, float], float]

_RATES: dict[str, Rate] = {
    "trafilatura.P": lambda tp, fp, fn, tn: ratio(tp, tp + fp),
    "trafilatura.R": lambda tp, fp, fn, tn: ratio(tp, tp + fn),
    "trafilatura.accuracy": lambda tp, fp, fn, tn: ratio(tp + tn, tp + fp + fn + tn),
    "trafilatura.F": lambda tp, fp, fn, tn: ratio(2 * tp, 2 * tp + fp + fn),
}


def trafilatura_scores(case: Case) -> dict[str, float]:
    """The four counts of one output, and P, R, accuracy and F of it alone, each in 0…1; a rate of nothing is 0."""
    snippets = case.golden.snippets
    assert snippets is not None, "the family does not apply to other goldens"
    text = _one_space(case.text)
    tp = sum(_one_space(snippet) in text for snippet in snippets.required)
    fp = sum(_one_space(snippet) in text for snippet in snippets.forbidden)
    counts = tp, fp, len(snippets.required) - tp, len(snippets.forbidden) - fp
    return {**dict(zip(_COUNTS, counts)), **{name: rate(*counts) for name, rate in _RATES.items()}}


def came_out(snippet: str, output: str) -> bool:
    """Whether an output contains a snippet, by the rule above."""
    return _one_space(snippet) in _one_space(output)


def _one_space(text: str) -> str:
    return " ".join(text.split())


def _over_pages(name: str, pages: Sequence[Scored]) -> float | None:
    """A rate of the counts summed over pages; None if no page has snippets."""
    counts = totals(_COUNTS, pages)
    return None if counts is None else _RATES[name](*counts)


def _has_snippets(golden: Golden) -> bool:
    return golden.snippets is not None


_SUMMARIES = {
    "trafilatura.P": "snippets that had to come out / all snippets that came out, summed over pages",
    "trafilatura.R": "snippets that came out / all that had to, summed over pages",
    "trafilatura.accuracy": "snippets that came out or stayed out as they had to / all snippets, summed over pages",
    "trafilatura.F": "harmonic mean of trafilatura.P and trafilatura.R, from the summed counts",
}

TRAFILATURA = Family(
    tuple(Metric(name, summary, True, 0.0, partial(_over_pages, name)) for name, summary in _SUMMARIES.items()),
    trafilatura_scores,
    counts=_COUNTS,
    applies=_has_snippets,
    order=130,
    citation=CATALOGUE["trafilatura"].citation,
)
