r"""The metrics of WCXB (web-content-extraction-benchmark by Murrough-Foley), as its `evaluate.py` (commit c039d5e) has them.

Texts are compared as bags of words: matches of `\w+` in the text in lower case, order left aside.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import repeat

from harness.alignment.counts import f_score
from harness.datasets.catalogue import CATALOGUE
from harness.goldens.golden import Golden
from harness.metrics.base import Case, Family, Metric
from harness.metrics.benchmarks.tokens import word_tokens


def wcxb_scores(case: Case) -> dict[str, float]:
    """P, R and F of one output, each in 0…1.

    If the main content has no words all three are 1 for an output without words, else 0.
    """
    gold = _gold_bag(case.golden.main_content)
    output = _bag(case.text)
    if not gold or not output:
        rate = 0.0 if gold or output else 1.0
        return {"wcxb.P": rate, "wcxb.R": rate, "wcxb.F": rate}
    both = sum(map(min, output.values(), map(gold.get, output, repeat(0))))
    p = both / output.total()
    r = both / gold.total()
    return {"wcxb.P": p, "wcxb.R": r, "wcxb.F": f_score(p, r)}


def wcxb_snippet_scores(case: Case) -> dict[str, float | None]:
    """The shares of a page's required and forbidden snippets that came out, each in 0…1.

    A snippet came out if the output contains it, both in lower case and with their spaces as they are. Of no snippets all
    count as come out, as in the script, in `wcxb.with` and `wcxb.without`; the `listed` rates leave such a page out.
    """
    snippets = case.golden.snippets
    assert snippets is not None, "the family does not apply to other goldens"
    text = case.text.lower()
    required = _share_in(text, snippets.required)
    forbidden = _share_in(text, snippets.forbidden)
    return {
        "wcxb.with": 1.0 if required is None else required,
        "wcxb.with.listed": required,
        "wcxb.without": 1.0 if forbidden is None else forbidden,
        "wcxb.without.listed": forbidden,
    }


def _share_in(text: str, snippets: tuple[str, ...]) -> float | None:
    return sum(snippet.lower() in text for snippet in snippets) / len(snippets) if snippets else None


def _bag(text: str) -> Counter[str]:
    return Counter(word_tokens(text.lower()))


_gold_bag = lru_cache(maxsize=16)(_bag)


def _has_snippets(golden: Golden) -> bool:
    return golden.snippets is not None


_P = "WCXB precision: share of the output's words that the main content has, in any order"
_R = "WCXB recall: share of the main content's words that came out, in any order"
_F = "WCXB F1: harmonic mean of wcxb.P and wcxb.R on each page"
_WITH = "WCXB with rate: share of required snippets that came out; 1 on a page without any"
_WITH_LISTED = "the same over the pages that have required snippets"
_WITHOUT = "WCXB without rate: share of forbidden snippets that came out; as published, 1 on a page without any"
_WITHOUT_LISTED = "the same over the pages that have forbidden snippets"

WCXB = Family(
    (
        Metric("wcxb.P", _P, True, 0.0),
        Metric("wcxb.R", _R, True, 0.0),
        Metric("wcxb.F", _F, True, 0.0),
    ),
    wcxb_scores,
    order=110,
    citation=CATALOGUE["wcxb-dev"].citation,
)

WCXB_SNIPPETS = Family(
    (
        Metric("wcxb.with", _WITH, True, 0.0),
        Metric("wcxb.with.listed", _WITH_LISTED, True, 0.0),
        Metric("wcxb.without", _WITHOUT, False, 1.0),
        Metric("wcxb.without.listed", _WITHOUT_LISTED, False, 1.0),
    ),
    wcxb_snippet_scores,
    applies=_has_snippets,
    order=111,
    citation=CATALOGUE["wcxb-dev"].citation,
)
